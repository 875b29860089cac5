/**
 * The life of one user, in the manner of a Playwright fixture: its function prepares, gives what it has to `use`, and goes
 * on when the load is over. Whatever it does otherwise is named, and nothing of it is waited for without end.
 */
import { formatDuration } from '../measure/units.ts';
import type { Clock } from './clock.ts';
import type { StreamingRequestContext } from './scenario.ts';
import type { Connect } from '../request/sockets/load-socket.ts';
import { inScenario, type ScenarioLife } from './scenario-zone.ts';
import { softError } from './soft-error.ts';

/** What a user's function is called with. */
export interface UserContext<UserRow = undefined> {
  /**
   * The user's `APIRequestContext`, with the cookies and the connections of its scenario's `request`. What is sent with
   * this one is in no number.
   */
  readonly request: StreamingRequestContext;
  /**
   * Opens a WebSocket for the life of this user: handed on by `use`, it serves all iterations, each of which has the round
   * trips that it makes in its numbers. It is closed with the life at the latest.
   */
  readonly connect: Connect;
  /** Number of this user, from 1. */
  readonly user: number;
  /** The row of `userData` for this user. */
  readonly data: UserRow;
  /** Aborted when nobody waits for the function any more; hand it to whatever else waits. */
  readonly signal: AbortSignal;
}

/**
 * Hands a user's state to its iterations, once. It resolves when the load is over for this user, so it is to be awaited.
 * Rejects when it is called again.
 */
export type Use<State> = (state: State) => Promise<void>;

/**
 * A user's life: what it does before its first iteration, `await use(state)`, and what it does when the load is over. It
 * fails by what it throws, and by ending without `use`.
 */
export type LoadUser<State = unknown, UserRow = unknown> = (context: UserContext<UserRow>, use: Use<State>) => unknown;

/** Whatever there is to fail by, in words. */
export interface LifeFailure {
  readonly failure: unknown;
}

export interface LifeParts {
  /** Calls the user's function. */
  readonly live: (use: Use<unknown>, signal: AbortSignal) => unknown;
  readonly clock: Clock;
  /** Limit of each of its ends. */
  readonly limitMs: number;
  /** Whether `expect` and `test.step` of it are steps of the test. */
  readonly makesSteps?: boolean;
}

export class UserLife {
  readonly #parts: LifeParts;
  readonly #given = new AbortController();
  readonly #letGo = new AbortController();
  readonly #giveUp = new AbortController();
  #state: unknown;
  #misuse: LifeFailure | undefined;
  #end: { readonly thrown?: LifeFailure } | undefined;
  #over: Promise<void> = Promise.resolve();
  /** Assertions and steps of a life are no more part of the report than those of its iterations; none is timed. */
  readonly #asserted: ScenarioLife = {
    beginPart: () => () => undefined,
    failSoftly: (message) => {
      this.#misuse ??= { failure: softError(message) };
    },
  };
  #tookTooLong = false;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  /** What it gave to `use`. */
  get state(): unknown {
    return this.#state;
  }

  /** Whether `use` was called, in time or not. */
  get isGiven(): boolean {
    return this.#given.signal.aborted;
  }

  /** Whether its function has ended, or is given up. */
  get isOver(): boolean {
    return this.#end !== undefined || this.#tookTooLong;
  }

  /** Resolves with why the user is not ready, if it is not; when `stopping` is aborted at the latest. Never rejects. */
  async setUp(stopping: AbortSignal): Promise<LifeFailure | undefined> {
    const { clock, limitMs } = this.#parts;
    this.#over = this.#live();
    const over = new AbortController();
    const ended = AbortSignal.any([this.#given.signal, over.signal, stopping]);
    await Promise.race([this.#over, clock.sleepUntil(clock.now() + limitMs, ended)]);
    over.abort();
    if (this.isGiven) return undefined;
    if (this.#end !== undefined) return this.#end.thrown ?? said('it ended without `use`');
    if (stopping.aborted) return said('the load was over before it called `use`');
    this.#abandon();
    return said(`it did not call \`use\` within ${formatDuration(limitMs)} (\`userTimeout\`)`);
  }

  /** Lets `use` return. Resolves with what went wrong since, if anything did; a life that was given up is not waited for. */
  async tearDown(withinMs: number = this.#parts.limitMs): Promise<LifeFailure | undefined> {
    const { clock } = this.#parts;
    const endedEarly = this.#end !== undefined;
    this.#letGo.abort();
    if (!this.isOver) {
      const over = new AbortController();
      await Promise.race([this.#over, clock.sleepUntil(clock.now() + withinMs, over.signal)]);
      over.abort();
    }
    if (this.#end === undefined) {
      this.#abandon();
      return said(`it did not end within ${formatDuration(withinMs)} of the end of the load`);
    }
    if (this.#end.thrown !== undefined || this.#misuse !== undefined) return this.#end.thrown ?? this.#misuse;
    return endedEarly ? said('it ended before its load did: is an `await` missing before `use`?') : undefined;
  }

  async #live(): Promise<void> {
    try {
      const { live, makesSteps = false } = this.#parts;
      const call = (signal: AbortSignal): unknown => live(async (state) => this.#use(state), signal);
      const { signal } = this.#giveUp;
      await (makesSteps ? call(signal) : inScenario(this.#asserted, call, signal));
      this.#end = {};
    } catch (failure) {
      this.#end = { thrown: { failure } };
    }
  }

  async #use(state: unknown): Promise<void> {
    if (this.isGiven) {
      const twice = new Error('it called `use` twice: a user has one life');
      this.#misuse = { failure: twice };
      throw twice;
    }
    this.#state = state;
    this.#given.abort();
    const { signal } = this.#letGo;
    if (signal.aborted || this.#tookTooLong) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  #abandon(): void {
    this.#tookTooLong = true;
    this.#giveUp.abort(new Error('nobody waits for this user any more'));
  }
}

function said(words: string): LifeFailure {
  return { failure: new Error(words) };
}
