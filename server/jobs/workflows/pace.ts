/**
 * How long the agent's waiting takes. The factor of `CLOCK_FACTOR` shortens it for demonstrations and tests: with 60, a
 * stage that is to be observed for five minutes is observed for five seconds. Moments and measured rates are real ones.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  /** Waits `ms` divided by the factor; rejects when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Real milliseconds since some moment. They only go forward, whatever is done to the clock. */
  readonly monotonicMs: () => number;
  readonly factor: number;
}

export function paceOf(factor: number): Pace {
  return {
    wait: async (ms, signal) => {
      await sleep(ms / factor, undefined, { signal });
    },
    monotonicMs: () => performance.now(),
    factor,
  };
}
