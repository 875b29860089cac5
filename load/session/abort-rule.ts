/** `abortOn`: limits of despair, looked at while a run goes on. */
import type { RunData } from '../measure/run-data.ts';
import type { Threshold } from '../measure/threshold.ts';
import type { Clock } from '../run/clock.ts';
import { meets } from '../verdict/judge.ts';
import { addedSums } from './cores/sums.ts';
import { observed } from '../verdict/observed.ts';

export interface AbortRuleParts {
  readonly data: RunData;
  readonly limits: readonly Threshold[];
  readonly clock: Clock;
  /** Nothing is looked at before so many milliseconds of the measured part are over. */
  readonly afterMs: number;
}

/** Knows when the measured part began once it is told; until then nothing is met. */
export class AbortRule {
  readonly #parts: AbortRuleParts;
  #zeroMs = Number.POSITIVE_INFINITY;

  constructor(parts: AbortRuleParts) {
    this.#parts = parts;
  }

  begin(zeroMs: number): void {
    this.#zeroMs = zeroMs;
  }

  /** Why the run is hopeless, or undefined. `others`: what the other cores have measured. */
  reason(others: readonly RunData[] = []): string | undefined {
    const { data, limits, clock, afterMs } = this.#parts;
    const elapsedMs = clock.now() - this.#zeroMs;
    if (elapsedMs <= 0 || elapsedMs < afterMs) return undefined;
    const all = others.length === 0 ? data : addedSums(data, others);
    const soFar = { ...all, segments: [segmentSoFar(elapsedMs)] };
    const met = limits.find((limit) => {
      const actual = observed(soFar, limit);
      return actual !== undefined && meets(actual, limit.target);
    });
    return met === undefined ? undefined : `\`abortOn\` was met: ${met.metric} ${met.target.text}`;
  }
}

/** Rates need a length of time, which a run has only at its end. */
function segmentSoFar(durationMs: number): RunData['segments'][number] {
  return { runId: '', index: 0, of: 1, startedAtEpochMs: 0, durationMs, generator: [], pid: process.pid };
}
