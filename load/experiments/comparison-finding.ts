/** A comparison as a finding: what it says, the table of its pairs, and the ratio of each pair over the run. */
import type { ComparedBlock, ComparedPair, LostShares, MetricComparison } from '../analysis/comparison.ts';
import type { LoadRun } from '../load-run.ts';
import { cells, type Finding, type FindingChart, type FindingTable, type FindingVerdict } from '../measure/finding.ts';
import type { AskedComparison } from './comparison-question.ts';
import { indexesOf } from './experiment.ts';

/** The answer. */
export interface ComparisonFound {
  /**
   * `failed`: `b` is slower by more than is allowed, loses more of its requests, or has died. `invalid`: `a` is nothing to
   * compare with, or what was measured says nothing. `inconclusive`: twice the pairs left it open.
   */
  readonly verdict: FindingVerdict;
  /** `b is slower than a: p50 +28 % (+21 % to +35 %, +10 % allowed; …`. */
  readonly sentence: string;
  /** Each latency over all pairs. Empty where there were too few to say anything. */
  readonly metrics: readonly MetricComparison[];
  /** What each lost of its requests. Absent where there were too few pairs to say anything. */
  readonly lost?: LostShares;
  /** What was measured, in the order of measuring. */
  readonly pairs: readonly ComparedPair[];
  /** Every load, the warm-ups too. */
  readonly runs: readonly LoadRun[];
}

export function comparisonFinding(found: ComparisonFound, asked: AskedComparison): Finding {
  const { verdict, sentence, pairs, runs } = found;
  return {
    kind: 'comparison',
    ...(asked.name !== undefined && { name: asked.name }),
    verdict,
    sentence,
    figures: figuresOf(found, asked),
    runs: indexesOf(runs),
    folds: true,
    ...(pairs.length > 0 && { table: tableOf(pairs, asked), chart: chartOf(found, asked) }),
  };
}

function figuresOf(
  { metrics, lost, pairs }: ComparisonFound,
  { a, b, isSameServer }: AskedComparison,
): Finding['figures'] {
  return {
    a: a.name,
    b: b.name,
    sameServer: isSameServer,
    pairs: pairs.length,
    ...(lost !== undefined && { aLostShare: lost.a, bLostShare: lost.b }),
    ...Object.fromEntries(metrics.flatMap(figuresOfMetric)),
  };
}

function figuresOfMetric({ metric, ...compared }: MetricComparison): [name: string, value: number | string][] {
  return [
    [`${metric}Outcome`, compared.kind],
    [`${metric}AMs`, compared.aMs],
    [`${metric}BMs`, compared.bMs],
    [`${metric}Ratio`, compared.ratio],
    [`${metric}LowRatio`, compared.ratioLow],
    [`${metric}HighRatio`, compared.ratioHigh],
    [`${metric}ToleranceShare`, compared.tolerance],
    [`${metric}AllowedShare`, compared.allowed],
    [`${metric}DetectableShare`, compared.detectable],
  ];
}

function tableOf(pairs: readonly ComparedPair[], { a, b, options }: AskedComparison): FindingTable {
  const metrics = options.tolerances.map(({ metric }) => metric);
  return {
    columns: [
      { name: 'pair', unit: 'pair' },
      ...metrics.flatMap((metric) => [
        { name: `${metric} ${a.name}`, unit: 'ms' as const },
        { name: `${metric} ${b.name}`, unit: 'ms' as const },
        { name: `${metric} ratio`, unit: 'ratio' as const },
      ]),
      { name: `lost ${a.name}`, unit: 'share' },
      { name: `lost ${b.name}`, unit: 'share' },
    ],
    rows: pairs.map((pair, at) =>
      cells({
        pair: at + 1,
        ...Object.fromEntries(
          metrics.flatMap((metric) => [
            [`${metric} ${a.name}`, pair.a.latencyMs[metric]],
            [`${metric} ${b.name}`, pair.b.latencyMs[metric]],
            [`${metric} ratio`, ratioOf(pair, metric)],
          ]),
        ),
        [`lost ${a.name}`]: lostOf(pair.a),
        [`lost ${b.name}`]: lostOf(pair.b),
      }),
    ),
  };
}

/**
 * The ratio of each pair, and behind the last one the estimate of all with its interval; `equal` is where both would be
 * the same.
 */
function chartOf({ pairs, metrics }: ComparisonFound, { a, b, options }: AskedComparison): FindingChart {
  return {
    x: { name: 'pair', unit: 'pair' },
    left: { name: `${b.name} over ${a.name}`, unit: 'ratio' },
    lines: [
      ...options.tolerances.map(({ metric }) => ({
        name: metric,
        axis: 'left' as const,
        style: 'points' as const,
        points: pairs.flatMap((pair, at): [number, number][] => {
          const ratio = ratioOf(pair, metric);
          return ratio === undefined ? [] : [[at + 1, ratio]];
        }),
      })),
      ...metrics.map(({ metric, ratio, ratioLow, ratioHigh }, at) => ({
        name: `${metric} of all`,
        axis: 'left' as const,
        style: 'points' as const,
        points: [[pairs.length + 0.3 + (0.5 * at) / metrics.length, ratio, ratioLow, ratioHigh] as const],
      })),
    ],
    marks: [{ on: 'left', at: 1, name: 'equal' }],
  };
}

function ratioOf({ a, b }: ComparedPair, metric: keyof ComparedBlock['latencyMs']): number | undefined {
  const [before, now] = [a.latencyMs[metric], b.latencyMs[metric]];
  return before === undefined || now === undefined || before === 0 ? undefined : now / before;
}

function lostOf({ due, ok }: ComparedBlock): number | undefined {
  return due === 0 ? undefined : (due - ok) / due;
}
