/**
 * Notices that the clock which people set was set, or that the machine slept. A load knows only the clock that nobody
 * sets; what other machines and servers say is told by the other.
 */
import { formatDuration } from '../measure/units.ts';
import type { Clock } from './clock.ts';

/** A clock that is kept right by steps no longer than this is no incident. */
const leastStepMs = 500;

export class ClockWatch {
  readonly #clock: Clock;
  readonly #zeroMs: number;
  readonly #onIncident: (what: string) => void;
  /** How far the clock that people set is ahead of the one that nobody does. */
  #aheadMs: number;

  constructor(clock: Clock, zeroMs: number, onIncident: (what: string) => void) {
    this.#clock = clock;
    this.#zeroMs = zeroMs;
    this.#onIncident = onIncident;
    this.#aheadMs = clock.epochMs() - clock.now();
  }

  look(): void {
    const nowMs = this.#clock.now();
    const aheadMs = this.#clock.epochMs() - nowMs;
    const byMs = aheadMs - this.#aheadMs;
    if (Math.abs(byMs) < leastStepMs) return;
    this.#aheadMs = aheadMs;
    const way = byMs > 0 ? 'forward' : 'back';
    this.#onIncident(
      `its machine's clock went ${way} by ${formatDuration(Math.round(Math.abs(byMs) / 10) * 10)} at ${formatDuration(Math.max(0, nowMs - this.#zeroMs))}: it was set, or the machine slept`,
    );
  }
}
