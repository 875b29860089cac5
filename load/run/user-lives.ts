/**
 * The lives of a load's users: sets each up before it is first at work, so many at a time, and tears all of them down when
 * the load is over, however it ended. What became of them is in a book of its own.
 */
import { keptMessage } from '../measure/exemplar.ts';
import { thrownWords } from '../measure/thrown-words.ts';
import { stageWords, type UserBook } from '../measure/user-book.ts';
import { type FirstStart } from '../profile/first-starts.ts';
import type { Clock } from './clock.ts';
import type { StreamingRequestContext } from './scenario.ts';
import type { SimulatedUser } from './simulated-user.ts';
import { type LifeFailure, type LoadUser, UserLife } from './user-life.ts';

/** What a load says of its users' lives. */
export interface LivesOptions {
  readonly user: LoadUser;
  /** The next row of `userData`, or undefined when there is none left. Absent without a feeder. */
  readonly nextRow?: () => unknown;
  /** Limit of each end of a life. */
  readonly limitMs: number;
  /** Whether `expect` and `test.step` of a life are steps of the test. */
  readonly makesSteps?: boolean;
}

export interface LivesParts extends LivesOptions {
  /** Each user once, by number. */
  readonly starts: readonly FirstStart[];
  readonly clock: Clock;
  readonly book: UserBook;
  /** Files a failure among the errors of the run. */
  readonly onFailure: (where: string, failure: unknown) => void;
  readonly userOf: (number: number) => SimulatedUser;
  /** Aborted when nobody is to be set up any more. */
  readonly stopping: AbortSignal;
}

/** Users who are set up, or torn down, at a time. */
export const mostAtOnce = 50;
/** How long before its first start a user is set up who comes later: at least so long, and twice as long as the slowest took. */
const leastAheadMs = 1_000;
/** How long all of them may take to go after the load was interrupted: Playwright does not wait much longer. */
export const hurriedMs = 15_000;

interface Living {
  readonly user: SimulatedUser;
  readonly life: UserLife;
  readonly request: StreamingRequestContext;
  readonly ready: Promise<boolean>;
  isReady: boolean;
}

export class UserLives {
  readonly #parts: LivesParts;
  readonly #rows: ReadonlyMap<number, unknown>;
  readonly #living = new Map<number, Living>();
  readonly #gate = new Gate(mostAtOnce);
  #slowestMs = 0;
  #firstFailure: string | undefined;

  constructor(parts: LivesParts) {
    this.#parts = parts;
    const { nextRow } = parts;
    this.#rows = new Map(nextRow === undefined ? [] : parts.starts.map(({ user }) => [user, nextRow()]));
  }

  /** How many users there are to be, and how many of them are ready by now. */
  get standing(): { readonly ready: number; readonly of: number } {
    const { starts, book } = this.#parts;
    return { ready: book.setUp.ms.count, of: starts.length };
  }

  /** Why there is nobody to go on with, if so: each that was tried has failed. */
  get hopeless(): string | undefined {
    const { begun, failed } = this.#parts.book.setUp;
    if (begun === 0 || failed < Math.min(mostAtOnce, this.#parts.starts.length) || this.standing.ready > 0)
      return undefined;
    return `no user got ready: ${this.#firstFailure ?? 'no reason was given'}`;
  }

  /**
   * Those who are at work from the beginning, or so soon after it that they could not be set up in time, and one in any
   * case, since only who was set up tells how long it takes. Resolves when each is ready, or is known not to be.
   */
  async setUpFirst(): Promise<void> {
    const coming = [...this.#parts.starts].sort((a, b) => a.atMs - b.atMs);
    for (let begun = 0; begun < coming.length;) {
      const soon = coming.slice(begun).filter(({ atMs }, at) => begun + at === 0 || atMs <= this.#aheadMs);
      if (soon.length === 0) return;
      begun += soon.length;
      await Promise.all(soon.map(async ({ user }) => this.ready(user)));
    }
  }

  /** Those who come later, each ahead of its first start. */
  setUpAhead(zeroMs: number): void {
    for (const { user, atMs } of this.#parts.starts) if (atMs > 0) void this.#comesAt(user, zeroMs + atMs);
  }

  /** Resolves with whether the user is set up, which begins now if it has not; false once nobody is any more. */
  async ready(user: number): Promise<boolean> {
    const known = this.#living.get(user);
    if (known !== undefined) return known.ready;
    return this.#gate.through(async () => {
      const { stopping } = this.#parts;
      return (
        this.#living.get(user)?.ready ?? (stopping.aborted || this.hopeless !== undefined ? false : this.#begin(user))
      );
    });
  }

  isReady(user: number): boolean {
    return this.#living.get(user)?.isReady === true;
  }

  /**
   * Lets every user go that was begun, and waits for what it still does; `isHurried`: the whole may take some seconds
   * only. Where none of many comes to its end, the rest is not waited for.
   */
  async tearDown(isHurried: boolean): Promise<void> {
    const { clock, limitMs } = this.#parts;
    const endsAtMs = isHurried ? clock.now() + hurriedMs : Infinity;
    const gate = new Gate(mostAtOnce);
    const all = [...this.#living.values()].map(async (living) =>
      gate.through(async () => {
        const withinMs = this.#isStuck() ? 0 : Math.max(0, Math.min(limitMs, endsAtMs - clock.now()));
        await this.#end(living, withinMs);
      }),
    );
    await Promise.all(all);
    // All at a time: a server that answers no close has but one limit to be waited for.
    await Promise.all([...this.#living.values()].map(async ({ user }) => user.closeSockets()));
  }

  get #aheadMs(): number {
    return Math.max(leastAheadMs, 2 * this.#slowestMs);
  }

  async #comesAt(user: number, dueMs: number): Promise<void> {
    const { clock, stopping } = this.#parts;
    await clock.sleepUntil(dueMs - this.#aheadMs, stopping);
    if (!stopping.aborted) await this.ready(user);
  }

  #begin(number: number): Promise<boolean> {
    const { user: live, clock, limitMs, makesSteps = false, userOf } = this.#parts;
    const user = userOf(number);
    const request = user.outside();
    const data = this.#rows.get(number);
    const life = new UserLife({
      live: async (use, signal) => {
        if (this.#rows.has(number) && data === undefined) throw new Error(dryWords);
        return live({ request, connect: user.connectForLife, user: number, data, signal }, use);
      },
      clock,
      limitMs,
      makesSteps,
    });
    const ready = this.#setUp(life).then((isReady) => {
      if (isReady) user.live(life.state, data);
      return (living.isReady = isReady);
    });
    const living: Living = { user, life, request, ready, isReady: false };
    this.#living.set(number, living);
    return ready;
  }

  async #setUp(life: UserLife): Promise<boolean> {
    const { clock, book, stopping } = this.#parts;
    const fromMs = clock.now();
    book.setUp.begun += 1;
    const failed = await life.setUp(stopping);
    const tookMs = clock.now() - fromMs;
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
    this.#note('setUp', failed, tookMs);
    return failed === undefined;
  }

  /** A user that got ready too late is torn down as well. */
  async #end({ life, request }: Living, withinMs: number): Promise<void> {
    const { clock, book } = this.#parts;
    const fromMs = clock.now();
    const failed = await life.tearDown(withinMs);
    if (life.isGiven) {
      book.tearDown.begun += 1;
      this.#note('tearDown', failed, clock.now() - fromMs);
    }
    await request.dispose({ reason: 'the life of its user is over' });
  }

  #note(stage: keyof UserBook, failed: LifeFailure | undefined, tookMs: number): void {
    const { book, onFailure } = this.#parts;
    if (failed === undefined) {
      book[stage].ms.recordMs(tookMs);
      return;
    }
    book[stage].failed += 1;
    this.#firstFailure ??= keptMessage(thrownWords(failed.failure));
    onFailure(stageWords[stage], failed.failure);
  }

  #isStuck(): boolean {
    const { begun, failed } = this.#parts.book.tearDown;
    return failed >= mostAtOnce && failed === begun;
  }
}

/** Lets so many through at a time, in the order in which they come. */
class Gate {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(most: number) {
    this.#free = most;
  }

  async through<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

const dryWords = '`userData` ran dry: give it more rows, or an order other than `unique`';
