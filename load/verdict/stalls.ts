/**
 * Stretches in which nothing came back, though it was waited for: in a closed model they hide from percentiles, since who
 * waits asks for nothing more, and a few slow answers among thousands are in no p95.
 */
import { median } from '../analysis/statistics/quantile.ts';
import { overall, type RunData } from '../measure/run-data.ts';
import { durationMsOfRun, type RunEvent } from '../measure/summary.ts';
import { formatCount } from '../measure/units.ts';
import { spanWords } from './when.ts';

export const stallLimits = {
  /** Answers of a usual second: of so many chance leaves no second without any (e⁻²⁰). */
  usualAnswers: 20,
  /** Seconds of which it is told what is usual. */
  leastSeconds: 5,
  /** Of what usually takes longer a whole second may well bring none. */
  usualMs: 250,
  /** Nobody reads more. */
  most: 3,
} as const;

/** Whole seconds without an answer, while no fewer requests waited than usually do. */
export function stalls(run: RunData, runMs = durationMsOfRun(run)): RunEvent[] {
  const seconds = [...run.windows]
    .filter(([second]) => second >= 0 && (second + 1) * 1_000 <= runMs)
    .sort(([a], [b]) => a - b);
  if (seconds.length < stallLimits.leastSeconds || (overall(run, 'service').stats()?.p50 ?? 0) > stallLimits.usualMs)
    return [];
  const usual = (of: (window: (typeof seconds)[number][1]) => number) =>
    median(seconds.map(([, each]) => of(each))) ?? 0;
  if (usual(({ completed }) => completed) < stallLimits.usualAnswers) return [];
  const waiting = Math.max(
    1,
    usual(({ inFlight }) => inFlight),
  );
  const stretches: { fromMs: number; toMs: number; inFlight: number }[] = [];
  for (const [second, { completed, inFlight }] of seconds) {
    if (completed > 0 || inFlight < waiting) continue;
    const last = stretches.at(-1);
    if (last?.toMs !== second * 1_000) stretches.push({ fromMs: second * 1_000, toMs: (second + 1) * 1_000, inFlight });
    else Object.assign(last, { toMs: last.toMs + 1_000, inFlight: Math.max(last.inFlight, inFlight) });
  }
  return stretches
    .sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
    .slice(0, stallLimits.most)
    .map(({ inFlight, ...span }) => ({
      kind: 'latency',
      ...span,
      sentence: `nothing came back, ${spanWords(span, runMs)}, with up to ${formatCount(inFlight)} request${inFlight === 1 ? '' : 's'} in flight`,
    }));
}
