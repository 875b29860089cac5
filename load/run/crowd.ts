/** The users of a run: who there is so far, made when first asked for, and their lives, where they have some of their own. */
import type { Recorder } from '../measure/recorder.ts';
import { firstStarts, type FirstStartsParts } from '../profile/first-starts.ts';
import { CallSites } from './call-site.ts';
import type { Clock } from './clock.ts';
import { MeasuredCalls } from './measured-calls.ts';
import type { InStep } from './scenario-zone.ts';
import type { StreamingRequestContext } from './scenario.ts';
import { type MakeContexts, SimulatedUser } from './simulated-user.ts';
import { type LivesOptions, UserLives } from './user-lives.ts';

/** What is asked of a run for its users. */
interface RunOfUsers extends FirstStartsParts {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly makeContexts: MakeContexts;
  readonly requestTimeoutMs: number;
  readonly seed: number;
  readonly renew?: (request: StreamingRequestContext) => void;
  readonly lives?: LivesOptions;
  readonly inStep?: InStep;
}

export interface CrowdParts {
  readonly run: RunOfUsers;
  /** Aborted when nobody is to be set up any more. */
  readonly stopping: AbortSignal;
  /** Aborted when what is under way is given up. */
  readonly giveUp: AbortSignal;
  /** When pauses within iterations end though they were to be longer, on the run's clock. */
  readonly pausesEndAtMs: (warmUp: boolean) => number;
}

export class Crowd {
  readonly #parts: CrowdParts;
  readonly #users = new Map<number, SimulatedUser>();
  readonly #callSites = new CallSites();
  readonly #measuredCalls: MeasuredCalls;
  /** Absent where users are only their iterations. */
  readonly lives: UserLives | undefined;
  readonly #onlyPausing = { users: 0 };
  #isTornDown = false;

  constructor(parts: CrowdParts) {
    this.#parts = parts;
    const { lives, recorder, clock, requestTimeoutMs: timeoutMs } = parts.run;
    const callSites = this.#callSites;
    this.#measuredCalls = new MeasuredCalls({ recorder, clock, callSites, timeoutMs, signal: parts.giveUp });
    this.lives = lives && this.#livesOf(lives);
  }

  /** The user for its next iteration; in an open model a stranger again, where that can be. */
  next(number: number): SimulatedUser {
    const known = this.#users.get(number);
    const { renew, profile } = this.#parts.run;
    if (known === undefined) return this.#made(number);
    if (profile.model === 'open') renew?.(known.scope.request);
    return known;
  }

  /** How many of them do nothing but pause. */
  get onlyPausing(): number {
    return this.#onlyPausing.users;
  }

  /** Cuts off what their contexts have under way. */
  async dispose(reason: string): Promise<void> {
    await Promise.all([...this.#users.values()].map(async ({ scope }) => scope.request.dispose({ reason })));
  }

  /** Once: users are let go however the run ended. */
  async tearDown(isHurried: boolean): Promise<void> {
    if (this.#isTornDown) return;
    this.#isTornDown = true;
    await this.lives?.tearDown(isHurried);
  }

  #made(number: number): SimulatedUser {
    const { run, giveUp, pausesEndAtMs } = this.#parts;
    const { recorder, clock, makeContexts, seed, inStep } = run;
    const made = new SimulatedUser({
      number,
      recorder,
      clock,
      signal: giveUp,
      makeContexts,
      callSites: this.#callSites,
      measuredCalls: this.#measuredCalls,
      inStep,
      pauseRules: { clock, seed, giveUp, endsAtMs: pausesEndAtMs, onlyPausing: this.#onlyPausing },
    });
    this.#users.set(number, made);
    return made;
  }

  #livesOf(options: LivesOptions): UserLives {
    const { run, stopping } = this.#parts;
    const { clock, recorder } = run;
    return new UserLives({
      ...options,
      starts: firstStarts(run),
      clock,
      book: recorder.data.users,
      onFailure: (where, failure) => recorder.lifeFailed(where, failure),
      userOf: (number) => this.#made(number),
      stopping,
    });
  }
}
