/** Runs held against the recorded runs of a machine that is made up by a seed. */
import { type BaselineComparison, compareWithBaseline } from '../../load/analysis/baseline.ts';
import type { BaselineRun } from '../../load/measure/baseline.ts';
import { seededRandom, standardNormal } from '../../load/random.ts';

export interface SimulatedMachine {
  /** Deviation of a run's logarithm. */
  readonly noise: number;
  /** Share of it that a re-measure in the same job has in common with the first, as its machine is the same. */
  readonly shared?: number;
}

/** Of 2,000 comparisons with ten accepted runs, the shares that fail at once, and that fail measured again too. */
export function flaggedByBaseline(
  { noise, shared = 0 }: SimulatedMachine,
  effect: number,
): { readonly once: number; readonly twice: number } {
  const trials = 2_000;
  const random = seededRandom(11);
  let [once, twice] = [0, 0];
  for (let trial = 0; trial < trials; trial += 1) {
    let drift = 0.03 * standardNormal(random);
    // A drift of 3 % that is remembered from run to run (autoregressive, 0.8).
    const next = () => (drift = 0.8 * drift + 0.6 * 0.03 * standardNormal(random));
    const past = Array.from({ length: 10 }, () => runOf(next() + noise * standardNormal(random)));
    const level = next() + Math.log1p(effect);
    const luck = Math.sqrt(shared) * standardNormal(random);
    const measured = () => runOf(level + noise * (luck + Math.sqrt(1 - shared) * standardNormal(random)));
    const isWorse = (comparison: BaselineComparison | undefined) => comparison?.p95?.kind === 'worse';
    if (!isWorse(compareWithBaseline(past, measured()))) continue;
    once += 1;
    if (isWorse(compareWithBaseline(past, measured()))) twice += 1;
  }
  return { once: once / trials, twice: twice / trials };
}

function runOf(log: number): BaselineRun {
  const p95 = 50 * Math.exp(log);
  const requests = 1_000;
  return {
    at: '2026-01-01T00:00:00.000Z',
    requests,
    errorRate: 0,
    throughputPerSec: 100,
    latencyMs: { count: requests, mean: p95 / 2, p50: p95 / 2, p95, p99: p95 * 2 },
  };
}
