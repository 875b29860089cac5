/**
 * The pauses that a scenario asks for within an iteration: drawn from the user's own numbers, so that the same seed gives
 * the same pauses whoever else pauses meanwhile, and given up when the run is. They are in no time that is measured.
 */
import type { Duration } from '../measure/units.ts';
import { type Pause, pauseOf } from '../profile/pause.ts';
import { type Random, seededRandom } from '../random.ts';
import type { Clock } from './clock.ts';

export interface PauseRules {
  readonly clock: Clock;
  readonly seed: number;
  /** When pauses end though they were to be longer, on the run's clock. */
  readonly endsAtMs: (warmUp: boolean) => number;
  /** How many users do nothing but pause. */
  readonly onlyPausing: { users: number };
  /** Aborted when what is under way is given up. */
  readonly giveUp: AbortSignal;
}

/** A pause that was cut short takes this long all the same: whoever pauses in a loop leaves the sockets their turn. */
const leastMs = 1;

export class UserPauses {
  readonly #rules: PauseRules;
  readonly #user: number;
  readonly #isBusy: () => boolean;
  #random: Random | undefined;
  #under = 0;
  /** When the first of the pauses began that are under way. */
  #sinceMs = 0;
  /** Until when it is known how long the iteration has paused. */
  #toldUntilMs = 0;
  /** Since when this user does nothing but pause; undefined while it does something. */
  #idleSinceMs: number | undefined;
  #spentMs = 0;

  /** `isBusy`: whether a request or a measured call of the user's is under way. */
  constructor(rules: PauseRules, user: number, isBusy: () => boolean) {
    this.#rules = rules;
    this.#user = user;
    this.#isBusy = isBusy;
  }

  /** How long this user has only paused so far: what is asked of parts of its time leaves it out. */
  get spentMs(): number {
    return this.#spentMs + (this.#idleSinceMs === undefined ? 0 : this.#rules.clock.now() - this.#idleSinceMs);
  }

  /** The next iteration begins: what its pauses tell is its own. */
  begin(): void {
    if (this.#under > 0) this.#toldUntilMs = this.#rules.clock.now();
  }

  /** What the user is busy with has begun or ended. */
  look(): void {
    if (this.#under > 0 || this.#idleSinceMs !== undefined) this.#settle();
  }

  /**
   * Resolves with how much longer the iteration has been paused by it, of what was asked for: pauses beside each other are
   * one. From one that is under way when the run is given up, or begins later, nobody comes back: what its scenario sent
   * then would come too late.
   * Throws an `OptionsError` for what is no pause.
   */
  rest(given: Pause | Duration, warmUp: boolean): Promise<number> {
    const { clock, endsAtMs, giveUp } = this.#rules;
    const askedMs = this.#draw(pauseOf(given, 'pause'));
    if (giveUp.aborted) return never();
    const fromMs = clock.now();
    const ms = Math.min(askedMs, Math.max(leastMs, endsAtMs(warmUp) - fromMs));
    if (this.#under === 0) this.#sinceMs = fromMs;
    this.#under += 1;
    this.#settle();
    return clock.sleepUntil(fromMs + ms, giveUp).then(async () => {
      this.#under -= 1;
      this.#settle();
      return giveUp.aborted ? never() : this.#untold(fromMs + ms);
    });
  }

  #settle(): void {
    this.#spentMs = this.spentMs;
    const isIdle = this.#under > 0 && !this.#isBusy();
    this.#rules.onlyPausing.users += Number(isIdle) - Number(this.#idleSinceMs !== undefined);
    this.#idleSinceMs = isIdle ? this.#rules.clock.now() : undefined;
  }

  #untold(toMs: number): number {
    const fromMs = Math.max(this.#sinceMs, this.#toldUntilMs);
    this.#toldUntilMs = Math.max(fromMs, toMs);
    return this.#toldUntilMs - fromMs;
  }

  #draw(pause: Pause): number {
    this.#random ??= seededRandom(this.#rules.seed ^ Math.imul(this.#user, 0x9e3779b1));
    const ms: unknown = pause.drawMs(this.#random);
    return typeof ms === 'number' && ms > 0 ? ms : 0;
  }
}

async function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}
