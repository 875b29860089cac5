/** For tests: a run that was never sent, second by second as the test says, and a laboratory that hands such runs out. */
import type { Laboratory } from '../load/experiments/experiment.ts';
import { LoadRun } from '../load/load-run.ts';
import type { Finding } from '../load/measure/finding.ts';
import type { GeneratorSeries } from '../load/measure/generator-series.ts';
import type { ResourceSeries } from '../load/measure/resource-series.ts';
import {
  emptyEndpoint,
  emptyEndpointWindow,
  emptyRunData,
  emptyRunWindow,
  type RunData,
  type RunPlan,
} from '../load/measure/run-data.ts';

export interface Made {
  readonly model: RunPlan['model'];
  readonly seconds: number;
  readonly beganAtMs?: number;
  readonly plannedS?: number;
  readonly stopped?: string;
  /** Requests of a second that failed; all others were answered. */
  readonly failed?: (second: number) => number;
  readonly requests?: (second: number) => number;
  readonly latencyMs?: (second: number) => number;
  /** Most at once, in each second. */
  readonly inFlight?: number;
  readonly generator?: GeneratorSeries;
  readonly resources?: readonly ResourceSeries[];
  readonly whenSaturated?: RunPlan['whenSaturated'];
  /** Whatever else is to be in it. */
  readonly change?: (data: RunData) => void;
}

/** `index`: which load of its test. 50 requests a second, of 10 ms each, where nothing else is said. */
export function madeRun(made: Made, index = 0): RunData {
  const { model, seconds, beganAtMs = 0, plannedS = seconds, stopped, whenSaturated = 'warn' } = made;
  const {
    failed = () => 0,
    requests = () => 50,
    latencyMs = () => 10,
    inFlight = 1,
    generator = [],
    resources = [],
  } = made;
  const plannedMs = plannedS * 1_000;
  const steady = { fromMs: 0, toMs: plannedMs };
  const data = emptyRunData({ index, profile: 'made', model, warmUpMs: 0, whenSaturated, plannedMs, steady });
  const endpoint = emptyEndpoint();
  data.endpoints.set('GET /', endpoint);
  for (let second = 0; second < seconds; second += 1) {
    const [all, bad] = [requests(second), failed(second)];
    const window = { ...emptyEndpointWindow(), ok: all - bad, failed: bad };
    for (let at = 0; at < all - bad; at += 1) window.latency.record(latencyMs(second));
    endpoint.windows.set(second, window);
    data.windows.set(second, { ...emptyRunWindow(), scheduled: all, completed: all, inFlight });
    data.counts.scheduled += all;
    data.counts.started += all;
    data.counts.ok += all - bad;
    data.counts.failed += bad;
  }
  const durationMs = seconds * 1_000;
  const told = { generator, pid: 1, ...(stopped !== undefined && { stopped }) };
  data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: beganAtMs, durationMs, ...told });
  data.resources.push(...resources);
  made.change?.(data);
  return data;
}

/** Gives the runs in the order in which they are asked for, and keeps what it is told. */
export function laboratoryOf(
  runs: readonly RunData[],
  { once = false }: { readonly once?: boolean } = {},
): Laboratory & { readonly told: Finding[] } {
  const left = [...runs];
  const told: Finding[] = [];
  return {
    told,
    once: () => once,
    load: async () => {
      const next = left.shift();
      return next === undefined ? Promise.reject(new Error('no run is left')) : Promise.resolve(new LoadRun(next));
    },
    tell: (finding) => void told.push(finding),
    step: async (_, body) => body(),
  };
}
