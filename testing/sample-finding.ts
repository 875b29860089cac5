/** A finding for the tests of whatever shows findings: a table, two axes, marks, an interval; each part can be another. */
import { runIdOf } from '../load/measure/run-id.ts';
import type { Finding } from '../load/measure/finding.ts';
import type { FindingSummary } from '../load/measure/summary.ts';

const levels = [50, 100, 198, 208];

export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    kind: 'breaking-point',
    verdict: 'measured',
    sentence: 'sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency',
    figures: { of: 'rate', sustained: 198, failed: 208, limitedBy: 'latency', uslPeakPerSec: 240.5, p95Ms: 87 },
    runs: levels.map((_, at) => at),
    folds: true,
    table: {
      columns: [
        { name: 'rate', unit: 'perSec' },
        { name: 'outcome', unit: 'text' },
        { name: 'throughput', unit: 'perSec' },
        { name: 'p95', unit: 'ms' },
        { name: 'errors', unit: 'share' },
      ],
      rows: levels.map((rate, at) => ({
        rate,
        outcome: rate > 200 ? 'breaks: latency and backlog' : 'holds',
        throughput: Math.min(rate, 199),
        ...(at > 0 && { p95: 20 * 2 ** at }),
      })),
    },
    chart: {
      x: { name: 'arrivals per second', unit: 'perSec' },
      left: { name: 'latency', unit: 'ms' },
      right: { name: 'answered', unit: 'perSec' },
      lines: [
        { name: 'p50', axis: 'left', style: 'line', points: levels.map((rate, at) => [rate, 10 * 2 ** at]) },
        {
          name: 'p95',
          axis: 'left',
          style: 'points',
          points: levels.map((rate, at) => [rate, 20 * 2 ** at, 18 * 2 ** at, 25 * 2 ** at]),
        },
        { name: 'throughput', axis: 'right', style: 'bars', points: levels.map((rate) => [rate, Math.min(rate, 199)]) },
      ],
      marks: [
        { on: 'left', at: 100, name: 'SLO' },
        { on: 'x', at: 198, name: 'sustains 198/s' },
        { on: 'x', at: 208, name: 'fails 208/s' },
      ],
      spans: [{ from: 198, to: 208, name: 'bracket' }],
    },
    ...changes,
  };
}

export function sampleFindingSummary(changes: Partial<FindingSummary> = {}): FindingSummary {
  const title = ['stress.spec.ts', 'where it breaks'];
  const { kind, name = '' } = { ...sampleFinding(), ...changes };
  return {
    ...sampleFinding(),
    id: runIdOf({ project: 'stress', title: [...(changes.title ?? title), kind, name] }),
    title,
    file: 'specs/stress.spec.ts',
    line: 12,
    project: 'stress',
    tags: [],
    ...changes,
  };
}
