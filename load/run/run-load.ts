/**
 * Carries out a profile: warm-up, its parts one after the other, the graceful end. Everything that waits here has a
 * limit, and everything opened is closed, however the run ends.
 */
import { setMaxListeners } from 'node:events';
import type { MeasuredIteration } from '../measure/recorder.ts';
import { stopReasons } from '../measure/stop-reason.ts';
import { iterationsBefore } from '../profile/partition.ts';
import { type BatchesPart, type Part, partDurationMs, type UsersPart, warmUpPart } from '../profile/profile.ts';
import { seededRandom } from '../random.ts';
import { isRequestError } from '../request/errors.ts';
import { unreachable } from '../unreachable.ts';
import { runBatches } from './batch-loop.ts';
import { ClockWatch } from './clock-watch.ts';
import { Crowd } from './crowd.ts';
import { runUsers } from './closed-loop.ts';
import { type FreeUsers, freeUsers } from './free-users.ts';
import type { LoopParts, Start } from './loops.ts';
import { runArrivals } from './open-loop.ts';
import { sendAsRecorded } from './replay.ts';
import type { ReplayedRequest } from '../profile/replay/recorded-line.ts';
import type { RunParts } from './run-parts.ts';
import { inScenario } from './scenario-zone.ts';
import type { SimulatedUser } from './simulated-user.ts';
import type { UserLives } from './user-lives.ts';

interface Moments {
  /** Told where the measured part begins, on the run's clock. */
  readonly onBegin?: (zeroMs: number) => void;
  /** The load is over: what watches it is done before its users are torn down. */
  readonly onEnd?: () => Promise<void>;
}

export interface RunEnd {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly startedAtEpochMs: number;
  /** Why the run ended before its profile did, if it did. */
  readonly stopped?: string;
}

/**
 * A run in its three acts: `setUpUsers`, for those who are at work from the beginning, `carryOut`, and `close`, which is due
 * however the others end.
 */
export class Running {
  readonly #parts: RunParts;
  readonly #crowd: Crowd;
  /** Iterations under way, and who waits until there are none. */
  #underWay = 0;
  #onIdle: (() => void) | undefined;
  /** Nothing more is started. */
  readonly #stopping = new AbortController();
  /** What is under way is given up. */
  readonly #giveUp = new AbortController();
  readonly #random: () => number;
  readonly #stopListening: () => void;
  #stopped: string | undefined;
  /** When the run was ended before its profile, or its last iteration, did. */
  #stoppedAtMs: number | undefined;
  readonly #turns: Record<'warmUp' | 'measured', number>;
  #iterations = 0;
  /** Of an open model, from its first part on. */
  #free: FreeUsers | undefined;
  #zeroMs = 0;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#turns = { warmUp: 0, measured: turnsBefore(parts) };
    setMaxListeners(0, this.#giveUp.signal); // every user may listen
    this.#random = seededRandom(parts.seed + parts.share.index);
    const isClosed = parts.profile.model === 'closed'; // whose users have to be back from the warm-up by then
    this.#crowd = new Crowd({
      run: parts,
      stopping: this.#stopping.signal,
      giveUp: this.#giveUp.signal,
      pausesEndAtMs: (warmUp) => (warmUp && isClosed ? this.#zeroMs : Infinity),
    });
    const interrupt = () => this.#stop(stopReason(parts.signal));
    parts.signal?.addEventListener('abort', interrupt);
    this.#stopListening = () => parts.signal?.removeEventListener('abort', interrupt);
    if (parts.signal?.aborted === true) interrupt();
  }

  /** How many users are ready, of those that are to be; undefined where they need not be made ready. */
  get standing(): UserLives['standing'] | undefined {
    return this.#crowd.lives?.standing;
  }

  /** Resolves when everybody is ready who is at work from the beginning, or is known not to be. */
  async setUpUsers(): Promise<void> {
    await this.#crowd.lives?.setUpFirst();
    const hopeless = this.#crowd.lives?.hopeless;
    if (hopeless !== undefined) this.#stop(hopeless);
  }

  async carryOut({ onBegin, onEnd }: Moments = {}): Promise<RunEnd> {
    const { clock, recorder, warmUpMs, onIncident } = this.#parts;
    const zeroMs = clock.now() + warmUpMs;
    const startedAtEpochMs = clock.epochMs() + warmUpMs;
    recorder.begin(zeroMs);
    onBegin?.(zeroMs);
    this.#zeroMs = zeroMs;
    this.#crowd.lives?.setUpAhead(zeroMs);
    const clockWatch = onIncident && new ClockWatch(clock, zeroMs, onIncident);
    const stopWatching = clock.every(1_000, () => {
      clockWatch?.look();
      this.#watch();
    });
    try {
      await this.#startAll(zeroMs);
      await this.#lastItsTime(zeroMs);
      await this.#settle();
    } finally {
      stopWatching();
    }
    const isHurried = this.#stopping.signal.aborted && this.#stopped === stopReasons.interrupted;
    const overAtMs = this.#overAtMs(zeroMs);
    recorder.stop(clock.now());
    await this.#giveUpRest();
    const endedAtMs = Math.max(zeroMs, recorder.lastEndMs, overAtMs);
    recorder.finish(endedAtMs);
    await onEnd?.();
    await this.#crowd.tearDown(isHurried);
    return {
      beganAtMs: zeroMs,
      endedAtMs,
      startedAtEpochMs,
      ...(this.#stopped !== undefined && { stopped: this.#stopped }),
    };
  }

  /** Where the profile says that the run is over; where it does not, the last response says it. */
  #plannedEndMs(zeroMs: number): number {
    return zeroMs + (this.#parts.profile.durationMs ?? 0);
  }

  /** Who only pauses until the run is given up makes it no longer: rates are per the time in which something was sent. */
  #overAtMs(zeroMs: number): number {
    const { profile, recorder } = this.#parts;
    const plannedMs = this.#plannedEndMs(zeroMs);
    if (this.#stoppedAtMs === undefined) return plannedMs;
    const isSending = recorder.inFlight > 0;
    return profile.durationMs === undefined || isSending ? this.#stoppedAtMs : Math.min(this.#stoppedAtMs, plannedMs);
  }

  /** A run is as long as its profile, also when its last start comes early: rates are per that time. */
  async #lastItsTime(zeroMs: number): Promise<void> {
    await this.#parts.clock.sleepUntil(this.#plannedEndMs(zeroMs), this.#stopping.signal);
  }

  /** Ends what is still under way, and users who are still there, so that no socket and no user outlives the run. */
  async close(): Promise<void> {
    this.#stopListening();
    await this.#giveUpAll();
    await this.#crowd.tearDown(true);
  }

  async #giveUpAll(): Promise<void> {
    this.#stopping.abort();
    this.#giveUp.abort(new Error('the load run is over'));
    const { giveUpContexts } = this.#parts;
    await Promise.all([this.#crowd.dispose(overWords), giveUpContexts?.()]);
  }

  /** Each request that is cut off says so as its context is closed; a context that hangs is not waited for. */
  async #giveUpRest(): Promise<void> {
    const { clock } = this.#parts;
    const closed = new AbortController();
    await Promise.race([this.#giveUpAll(), clock.sleepUntil(clock.now() + closingMs, closed.signal)]);
    closed.abort();
  }

  async #startAll(zeroMs: number): Promise<void> {
    const { profile, clock, warmUpMs } = this.#parts;
    if (warmUpMs > 0)
      await this.#startPart(warmUpPart(profile, warmUpMs), {
        beginMs: zeroMs - warmUpMs,
        warmUp: true,
        isLast: false,
      });
    let beginMs = zeroMs;
    for (const [at, part] of profile.parts.entries()) {
      if (this.#stopping.signal.aborted) return;
      await this.#startPart(part, { beginMs, warmUp: false, isLast: at === profile.parts.length - 1 });
      const ms = partDurationMs(part);
      beginMs = ms === undefined ? clock.now() : beginMs + ms;
    }
  }

  /**
   * Resolves when the part has started all it will. A closed part is then over or overdue: whoever does not come back
   * within the graceful stop does not hold up what comes next.
   */
  async #startPart(
    part: Part,
    { beginMs, warmUp, isLast }: { readonly beginMs: number; readonly warmUp: boolean; readonly isLast: boolean },
  ): Promise<void> {
    const { clock, share, profile } = this.#parts;
    const lives = this.#crowd.lives;
    const loop: LoopParts = {
      clock,
      share,
      beginMs,
      warmUp,
      random: this.#random,
      stopping: this.#stopping.signal,
      iterate: (user, start) => this.#iterate(user, start),
      ...(lives && {
        ready: async (user: number) => lives.ready(user),
        isReady: (user: number) => lives.isReady(user),
      }),
    };
    switch (part.kind) {
      case 'arrivals':
        this.#free ??= freeUsers({ ...this.#parts, ...loop });
        await runArrivals({ ...loop, part, free: this.#free, ...this.#arrivalsBooks(warmUp) });
        return;
      case 'users':
      case 'batches':
        await this.#startClosed(part, profile.model === 'open' ? this.#asArrivals(loop) : loop, isLast);
        return;
      default:
        unreachable(part);
    }
  }

  /** What does not know its own end starts nothing more at its longest duration; either way it may finish gracefully. */
  async #startClosed(part: UsersPart | BatchesPart, loop: LoopParts, isLast: boolean): Promise<void> {
    const { clock, recorder, gracefulStopMs, maxDurationMs } = this.#parts;
    const tooLong = new AbortController();
    const closed = { ...loop, stopping: AbortSignal.any([loop.stopping, tooLong.signal]) };
    const userCount = (change: 1 | -1) => recorder.userCount(change, clock.now());
    const over = part.kind === 'users' ? runUsers({ ...closed, part, userCount }) : runBatches({ ...closed, part });
    const durationMs = partDurationMs(part);
    const endMs = loop.beginMs + (durationMs ?? maxDurationMs);
    if (durationMs === undefined && !(await this.#within(over, endMs))) tooLong.abort();
    const inTime = await this.#within(over, endMs + gracefulStopMs);
    if (tooLong.signal.aborted) this.#stop(stopReasons.tooLong);
    else if (!inTime) this.#stop(this.#overdue(isLast));
  }

  /** Users who stand for arrivals: each of their iterations is one. */
  #asArrivals(loop: LoopParts): LoopParts {
    const { onDue } = this.#arrivalsBooks(loop.warmUp);
    const iterate: LoopParts['iterate'] = (user, start) => {
      onDue(start.dueMs);
      return loop.iterate(user, start);
    };
    return { ...loop, iterate };
  }

  #arrivalsBooks(warmUp: boolean) {
    const { recorder } = this.#parts;
    return {
      onDue: (dueMs: number) => recorder.arrivalDue(dueMs, warmUp),
      onDropped: (dueMs: number) => recorder.dropped(dueMs, warmUp),
    };
  }

  /** Iterations that were started may finish, and requests that their scenarios lost hold of; not for ever. */
  async #settle(): Promise<void> {
    const { clock, gracefulStopMs, recorder } = this.#parts;
    if (this.#stopping.signal.aborted) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      if (this.#underWay === 0) resolve();
    });
    const rest = idle.then(async () => recorder.quiet());
    if (!(await this.#within(rest, clock.now() + gracefulStopMs))) this.#stop(this.#overdue());
  }

  /** Whether the work was over by the moment; false also when the run is stopped. */
  async #within(work: Promise<unknown>, atMs: number): Promise<boolean> {
    const ended = new AbortController();
    const late = this.#parts.clock
      .sleepUntil(atMs, AbortSignal.any([ended.signal, this.#stopping.signal]))
      .then(() => false);
    const inTime = await Promise.race([work.then(() => true), late]);
    ended.abort();
    return inTime;
  }

  /**
   * Who gives iterations no time after the last start wants them cut off: that is the end as it was asked for. So is that of
   * a load whose users all but pause, unless something was still to be started.
   */
  #overdue(isLast = true): string | undefined {
    const { gracefulStopMs, recorder } = this.#parts;
    const onlyPauses = recorder.inFlight === 0 && this.#underWay > 0 && this.#underWay <= this.#crowd.onlyPausing;
    return gracefulStopMs > 0 && !(isLast && onlyPauses) ? stopReasons.overdue : undefined;
  }

  #stop(reason: string | undefined): void {
    this.#stopped ??= reason;
    this.#stoppedAtMs ??= this.#parts.clock.now();
    this.#stopping.abort();
  }

  #watch(): void {
    const { clock, recorder, shouldAbort } = this.#parts;
    recorder.tick(clock.now());
    if (this.#stopping.signal.aborted || clock.now() < this.#zeroMs) return;
    try {
      const reason = this.#crowd.lives?.hopeless ?? shouldAbort?.();
      if (reason !== undefined) this.#stop(reason);
    } catch (error) {
      recorder.watchFailed('abortOn', error); // it runs in a timer, where an error would end the process
    }
  }

  /** One iteration, from its start to its books; never rejects. */
  #iterate(userNumber: number, start: Start): Promise<void> {
    const row = this.#row(start);
    if (row === noRow) return Promise.resolve();
    const iteration: MeasuredIteration = {
      statusBefore: this.#parts.scenario === sendAsRecorded ? (row as ReplayedRequest).status : undefined,
      dueMs: start.dueMs,
      warmUp: start.warmUp,
      firstCallAtMs: undefined,
      underWay: 0,
      onUnderWay: undefined,
      hasFailure: false,
      isOver: false,
      startedAtMs: undefined,
    };
    const user = this.#crowd.next(userNumber);
    const { share } = this.#parts;
    const number = this.#iterations * share.of + share.index + 1;
    this.#iterations += 1;
    user.begin(iteration, { number, turn: ++this.#turns[start.warmUp ? 'warmUp' : 'measured'], row });
    this.#parts.recorder.iterationStarted(iteration, this.#parts.clock.now());
    this.#underWay += 1;
    return this.#perform(user, iteration);
  }

  /** By `then`, since `await` would take two promises for each iteration, which Node tells Playwright's steps of. */
  #perform(user: SimulatedUser, iteration: MeasuredIteration): Promise<void> {
    const fail = (failure: unknown): void => this.#end(user, iteration, { failure });
    try {
      const { scenario, inStep } = this.#parts;
      const { scope, life } = user;
      const done = inStep === undefined ? inScenario(life, scenario, scope) : scenario(scope);
      return Promise.resolve(done).then(() => this.#end(user, iteration), fail);
    } catch (failure) {
      fail(failure); // it threw at once
      return Promise.resolve();
    }
  }

  #end(user: SimulatedUser, iteration: MeasuredIteration, thrown?: { readonly failure: unknown }): void {
    try {
      this.#book(user, iteration, thrown);
    } finally {
      user.end();
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onIdle?.();
    }
  }

  #book(user: SimulatedUser, iteration: MeasuredIteration, thrown: { readonly failure: unknown } | undefined): void {
    const { recorder, softFailure, clock } = this.#parts;
    const soft = softFailure?.(); // also where it threw: they are those of this iteration
    const failure = thrown === undefined ? (user.refused ?? user.softError ?? soft) : thrown.failure;
    const isGood = thrown === undefined && failure === undefined;
    recorder.iterationEnded(
      iteration,
      isGood ? 'ok' : { failure, ofRequest: thrown !== undefined && isRequestError(failure) },
      clock.now(),
    );
  }

  #row(start: Start): unknown {
    const { nextRow, recorder, clock } = this.#parts;
    if (start.row !== undefined || nextRow === undefined) return start.row;
    const row = nextRow();
    if (row !== undefined) return row;
    const dry: MeasuredIteration = { ...start };
    recorder.iterationStarted(dry, clock.now());
    recorder.iterationEnded(dry, {
      failure: new Error('the feeder ran dry: give it more rows, or an order other than `unique`'),
      ofRequest: false,
    });
    this.#stop(stopReasons.dry);
    return noRow;
  }
}

function stopReason(signal: AbortSignal | undefined): string {
  return typeof signal?.reason === 'string' ? signal.reason : stopReasons.interrupted;
}

/** Iterations of the segments before this one, where the profile counts: their turns are taken. */
function turnsBefore({ profile, share }: RunParts): number {
  return profile.total === undefined ? 0 : iterationsBefore(profile, share);
}

const noRow = Symbol('no row');
const overWords = 'the load run is over, and this request was still under way';
/** How long contexts may take to close. */
const closingMs = 2_000;
