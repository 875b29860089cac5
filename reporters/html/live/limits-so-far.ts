/**
 * How a run that goes on stands to its limits: `p95 27 of 50 ms`. A test names its limits when its load has ended, so they
 * are those of the last time; and nothing is judged before the end.
 */
import type { RunData } from '../../../load/measure/run-data.ts';
import type { ThresholdSummary } from '../../../load/measure/summary.ts';
import type { Limit, Threshold } from '../../../load/measure/threshold.ts';
import type { Unit } from '../../../load/measure/units.ts';
import { meets } from '../../../load/verdict/judge.ts';
import { latencyOf, plainMetrics } from '../../../load/verdict/metric.ts';
import { observed } from '../../../load/verdict/observed.ts';
import { parseLimits, unitFor, wholeRun } from '../../../load/verdict/parse-limits.ts';

export interface LimitSoFar {
  readonly metric: string;
  /** `run`, or the name of an endpoint. */
  readonly scope: string;
  readonly expected: string;
  readonly actual?: number;
  readonly unit: Unit;
  readonly stands: 'holds' | 'close' | 'missed' | 'not yet';
}

/** So much of its limit, and a value is close to it. */
const closeShare = 0.9;

export function limitsSoFar(run: RunData, limits: readonly ThresholdSummary[]): LimitSoFar[] {
  return limits.flatMap((limit) => {
    const threshold = thresholdOf(run, limit);
    if (threshold === undefined) return [];
    const actual = observed(run, threshold);
    const unit = unitFor(threshold) ?? 'number';
    const { metric, scope, expected } = limit;
    return [
      {
        metric,
        scope,
        expected,
        unit,
        ...(actual !== undefined && { actual }),
        stands: standOf(actual, threshold, unit),
      },
    ];
  });
}

/** Read as its author wrote it; what cannot be told before the end is left out. */
function thresholdOf(run: RunData, { metric, scope, expected, implied }: ThresholdSummary): Threshold | undefined {
  if (implied === true) return undefined;
  const isLatency = latencyOf(metric) !== undefined;
  if (!isLatency && !plainMetrics.has(metric)) return undefined;
  if (scope !== 'run' && !run.endpoints.has(scope)) return undefined;
  try {
    const whole = wholeRun(run.plan);
    const subject = scope === 'run' ? whole : { ...whole, scope: { kind: 'endpoint' as const, name: scope } };
    const [threshold] = parseLimits(nested(metric, bareLimit(expected)), subject);
    // A glance has the latencies of its seconds alone.
    return (
      threshold &&
      (isLatency
        ? { ...threshold, window: { kind: 'between', fromMs: 0, toMs: undefined, text: 'so far' } }
        : threshold)
    );
  } catch {
    return undefined; // written by another version, or of a part of the time: it is judged at the end
  }
}

/** `serviceTime.p99` as it was written: `{ serviceTime: { p99: … } }`. */
function nested(metric: string, limit: string): object {
  return metric.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), limit) as object;
}

/** `< 50ms (acceptable < 200ms)` is missed beyond the first of them. */
function bareLimit(expected: string): string {
  return expected.replace(/ \(.*$/, '');
}

function standOf(actual: number | undefined, { target, metric }: Threshold, unit: Unit): LimitSoFar['stands'] {
  if (actual === undefined) return 'not yet';
  if (!meets(actual, target)) return plainMetrics.get(metric)?.tells === 'work' ? 'not yet' : 'missed';
  return isClose(actual, target, unit) ? 'close' : 'holds';
}

/** Of a share it is what is missing to the whole that comes close. */
function isClose(actual: number, { comparison, value }: Limit, unit: Unit): boolean {
  if (comparison === '==') return false;
  const isMost = comparison.startsWith('<');
  if (isMost) return value > 0 && actual >= value * closeShare;
  if (unit === 'share') return value < 1 && 1 - actual >= (1 - value) * closeShare;
  return actual <= value / closeShare;
}
