/** Where the time of an endpoint's requests goes. Means, since only they add up to the whole; a percentile does not. */
import { phaseNames, type PhaseName } from '../../../load/measure/samples/phases.ts';
import type { RunData } from '../../../load/measure/run-data.ts';

export interface PhaseRow {
  readonly endpoint: string;
  /** Milliseconds per request, over all requests: a connection set up once for a hundred counts for a hundredth. */
  readonly meanMs: Readonly<Partial<Record<PhaseName | 'blocked', number>>>;
  /** Share of requests, 0 to 1, that had to open a connection. */
  readonly connected: number;
}

export function phaseRows(run: Pick<RunData, 'endpoints'>): PhaseRow[] {
  return [...run.endpoints].flatMap(([endpoint, { phases, service, blockedMs }]) => {
    if (service.count === 0) return [];
    const meanMs: Partial<Record<PhaseName | 'blocked', number>> = { blocked: round(blockedMs / service.count) };
    for (const phase of phaseNames) {
      const stats = phases[phase].stats();
      if (stats !== undefined) meanMs[phase] = round((stats.mean * stats.count) / service.count);
    }
    return [{ endpoint, meanMs, connected: phases.connect.count / service.count }];
  });
}

function round(ms: number): number {
  return Number(ms.toPrecision(4));
}
