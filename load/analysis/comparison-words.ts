/** A comparison in one sentence, the same on every surface. */
import { formatMs, formatPercent } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import type { Comparison, LostShares, MetricComparison } from './comparison.ts';
import { signed } from './findings.ts';

/** What the two servers are called. */
export type SideNames = {
  /** As it was. */
  readonly a: string;
  /** As it is now. */
  readonly b: string;
};

/**
 * `b is slower than a: p50 +28 % (+21 % to +35 %, +10 % allowed; 5.02 ms to 6.43 ms); over 10 pairs +4.1 % in p50 would
 * have shown`.
 */
export function describeComparison(comparison: Comparison, { a, b }: SideNames): string {
  if (comparison.kind === 'not-enough-data') return `${a} and ${b} can't be compared: ${comparison.reason}`;
  const { kind, metrics, lost } = comparison;
  const words = `${metrics.map(describeMetric).join(', ')}${describeReach(metrics)}`;
  switch (kind) {
    case 'losses':
      return `${b} loses more of its requests than ${a}: ${describeLost(lost, { a, b })}; ${words}`;
    case 'no-reference':
      return `${a} is nothing to compare with: ${describeLost(lost, { a, b })}`;
    case 'regression':
      return `${b} is slower than ${a}: ${words}`;
    case 'inconclusive':
      return `it is open whether ${b} is slower than ${a}: ${words}; take longer blocks, more \`pairs\`, or a wider \`tolerance\``;
    case 'ok':
      return metrics.every((metric) => metric.kind === 'ok' && metric.faster)
        ? `${b} is faster than ${a}: ${words}`
        : `${b} is no slower than ${a} by more than is allowed: ${words}`;
    default:
      return unreachable(kind);
  }
}

function describeMetric({ metric, ratio, ratioLow, ratioHigh, allowed, aMs, bMs }: MetricComparison): string {
  const interval = `${signed(ratioLow - 1)} to ${signed(ratioHigh - 1)}`;
  return `${metric} ${signed(ratio - 1)} (${interval}, ${signed(allowed)} allowed; ${formatMs(aMs)} to ${formatMs(bMs)})`;
}

/** The minimum detectable effect: what a comparison could not have seen it does not rule out. */
function describeReach(metrics: readonly MetricComparison[]): string {
  const pairs = metrics[0]?.pairs ?? 0;
  const seen = metrics.map(({ metric, detectable }) => `${signed(detectable)} in ${metric}`);
  return `; over ${pairs} pairs ${seen.join(' and ')} would have shown`;
}

function describeLost(lost: LostShares, { a, b }: SideNames): string {
  return `${a} ${formatPercent(lost.a)}, ${b} ${formatPercent(lost.b)}`;
}
