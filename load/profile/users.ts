/**
 * Closed models: users, each with its own request context, whose next iteration waits for the last.
 */
import { throwProblems } from '../options-error.ts';
import { type Duration, durationMsOf, durationProblem, formatDuration, parseDurationMs } from '../measure/units.ts';
import { type Pause, pauseOf } from './pause.ts';
import { peakOf } from './curve.ts';
import { describePauses, flat, Profile, type UsersPart } from './profile.ts';
import { readStages, type Stage } from './stages.ts';
import { mostAtOnce, wholeNumber } from './whole-number.ts';

/** A profile of users, whose pauses can still be said. Each method gives a new profile. */
export class UsersProfile extends Profile {
  readonly #part: UsersPart;
  readonly #bare: string;

  /** @internal */
  constructor(part: UsersPart, bare: string) {
    super([part], `${bare}${describePauses(part)}`);
    this.#part = part;
    this.#bare = bare;
  }

  /**
   * How long each user thinks between two iterations: `between('1s', '3s')`, `'500ms'`. Not after its last one. Throws an
   * `OptionsError` for what is neither a pause nor a duration.
   */
  thinking(pause: Pause | Duration): UsersProfile {
    return new UsersProfile({ ...this.#part, pause: pauseOf(pause) }, this.#bare);
  }

  /**
   * Each user starts an iteration every so often, as long as it keeps up; it never works faster (Locust's
   * `constant_pacing`). Throws an `OptionsError` for what is no duration above 0.
   */
  pacing(pace: Duration): UsersProfile {
    const paceMs = parseDurationMs(pace, 'pacing');
    throwProblems(paceMs > 0 ? [] : ['`pacing` must be longer than nothing']);
    return new UsersProfile({ ...this.#part, paceMs }, this.#bare);
  }
}

/** So many users, of which is to be said how long they go on. Each method throws an `OptionsError` for what it cannot take. */
export interface UsersBuilder {
  /** All of them, for so long: k6's `constant-vus`. */
  for(duration: Duration): UsersProfile;
  /** Each of them so many iterations, however long it takes: k6's `per-vu-iterations`. */
  iterations(count: number): UsersProfile;
}

function usersOf(count: number): UsersBuilder {
  const read = wholeNumber(count, 1, mostAtOnce);
  const problems = typeof read === 'string' ? [`\`users\` ${read}`] : [];
  return {
    for: (duration) => {
      const ms = durationMsOf(duration);
      const wrong =
        ms === undefined ? [durationProblem('for', duration)] : ms <= 0 ? ['`for` must be longer than nothing'] : [];
      throwProblems([...problems, ...wrong]);
      return new UsersProfile(
        { kind: 'users', curve: flat(count, ms ?? 1), timed: true },
        `${people(count)} for ${formatDuration(ms ?? 1)}`,
      );
    },
    iterations: (each) => {
      const some = wholeNumber(each, 1);
      throwProblems([...problems, ...(typeof some === 'string' ? [`\`iterations\` ${some}`] : [])]);
      return new UsersProfile(
        { kind: 'users', curve: flat(count, 1), timed: false, iterations: { kind: 'perUser', count: each } },
        `${people(count)}, ${each} iteration${each === 1 ? '' : 's'} each`,
      );
    },
  };
}

/** Users who come and go in stages, from `from` users on. */
function ramp(stages: readonly Stage<number>[], { from = 0 }: { readonly from?: number } = {}): UsersProfile {
  const start = wholeNumber(from, 0, mostAtOnce);
  const { curve, words, problems } = readStages({
    stages,
    from,
    option: 'users.ramp',
    read: (level) => wholeNumber(level, 0, mostAtOnce),
    format: String,
  });
  const wrong = [...(typeof start === 'string' ? [`\`from\` ${start}`] : []), ...problems];
  throwProblems(wrong.length === 0 && peakOf(curve) === 0 ? ['`users.ramp` has no user at any time'] : wrong);
  return new UsersProfile({ kind: 'users', curve, timed: true }, `users from ${from} ${words}`);
}

function people(count: number): string {
  return `${count} user${count === 1 ? '' : 's'}`;
}

/**
 * Closed model: each user has its own request context and cookies, and starts its next iteration when the last one is
 * over, so a slow server slows the load down. k6 calls them VUs.
 *
 * @example
 * users(50).for('5m').thinking(between('1s', '3s'));
 * users(10).iterations(20);
 * users.ramp([{ to: 50, over: '1m' }, { hold: '5m' }]);
 */
export const users: typeof usersOf & {
  /**
   * Users who come and go in stages, from `from` users on (0 by default): k6's `ramping-vus`. Throws an `OptionsError`
   * for stages that take no time or have no user.
   */
  readonly ramp: typeof ramp;
} = Object.assign(usersOf, { ramp });
