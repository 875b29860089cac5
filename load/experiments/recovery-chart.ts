/** A recovery as a table of its three phases, and as a chart of the probe over time with the stress in it. */
import type { Recovery } from '../analysis/recovery.ts';
import type { StressSpan } from '../analysis/recovery-of-run.ts';
import { recoveryWindows } from '../analysis/recovery-windows.ts';
import { median } from '../analysis/statistics/quantile.ts';
import { cells, type FindingChart, type FindingLine, type FindingTable } from '../measure/finding.ts';
import type { ResourcePhase, ResourceSeries } from '../measure/resource-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import { formatDuration } from '../measure/units.ts';

export interface ShownRecovery {
  readonly probe: RunData;
  readonly span: StressSpan;
  /** The server's process, with the phases of the stress. */
  readonly server: ResourceSeries | undefined;
  readonly recovery: Recovery;
  readonly windowS: number;
}

const phases = [
  { phase: 'before', of: 'baseline' },
  { phase: 'stress', of: 'load' },
  { phase: 'after', of: 'after' },
] as const satisfies readonly { readonly phase: string; readonly of: ResourcePhase }[];

export function recoveryTable({ probe, span, server, windowS }: ShownRecovery): FindingTable {
  const { fromMs, toMs } = span;
  const stretches = { baseline: [0, fromMs], load: [fromMs, toMs], after: [toMs, durationMsOfRun(probe)] } as const;
  return {
    columns: [
      { name: 'phase', unit: 'text' },
      { name: 'from', unit: 'seconds' },
      { name: 'requests', unit: 'count' },
      { name: 'failed', unit: 'share' },
      { name: 'p95', unit: 'ms' },
      { name: 'worst p95', unit: 'ms' },
      { name: 'CPU %', unit: 'number' },
      { name: 'memory', unit: 'mb' },
    ],
    rows: phases.map(({ phase, of }) => {
      const [from, to] = stretches[of];
      const windows = recoveryWindows(probe, { fromMs: from, toMs: to, windowS });
      const p95s = windows.flatMap(({ p95Ms }) => p95Ms ?? []);
      const requests = windows.reduce((sum, window) => sum + window.requests, 0);
      const failed = windows.reduce((sum, window) => sum + window.failed, 0);
      const samples = (server?.samples ?? []).filter((sample) => sample.phase === of);
      return {
        phase,
        from: from / 1_000,
        requests,
        ...cells({
          failed: requests === 0 ? undefined : failed / requests,
          p95: median(p95s),
          'worst p95': p95s.length === 0 ? undefined : Math.max(...p95s),
          'CPU %': median(samples.flatMap(({ cpuPercent }) => cpuPercent ?? [])),
          memory: median(samples.map(({ rssMb }) => rssMb)),
        }),
      };
    }),
  };
}

export function recoveryChart({ probe, span, server, recovery, windowS }: ShownRecovery): FindingChart {
  const p95 = recoveryWindows(probe, { fromMs: 0, toMs: durationMsOfRun(probe), windowS }).flatMap(
    ({ p95Ms }, at): [number, number][] => (p95Ms === undefined ? [] : [[at * windowS, p95Ms]]),
  );
  const cpu = (server?.samples ?? []).flatMap(({ atMs, cpuPercent }): [number, number][] =>
    cpuPercent === undefined ? [] : [[atMs / 1_000, cpuPercent]],
  );
  const line = (name: string, axis: FindingLine['axis'], points: [number, number][]): FindingLine[] =>
    points.length === 0 ? [] : [{ name, axis, style: 'line', points }];
  return {
    x: { name: 'time', unit: 'seconds' },
    left: { name: 'latency', unit: 'ms' },
    ...(cpu.length > 0 && { right: { name: 'CPU, % of a core', unit: 'number' } }),
    lines: [...line('p95', 'left', p95), ...line('CPU', 'right', cpu)],
    marks: [
      ...(recovery.kind === 'not-enough-data'
        ? []
        : [{ on: 'left' as const, at: recovery.limitMs, name: 'as before' }]),
      ...(recovery.kind === 'recovered'
        ? [
            {
              on: 'x' as const,
              at: (span.toMs + recovery.afterMs) / 1_000,
              name: `recovered after ${formatDuration(Math.round(recovery.afterMs))}`,
            },
          ]
        : []),
    ],
    spans: [{ from: span.fromMs / 1_000, to: span.toMs / 1_000, name: 'stress' }],
  };
}
