/**
 * Profiles that count: a batch at once, batches in turn, a heap of iterations shared by users, rounds of one user.
 */
import { throwProblems } from '../options-error.ts';
import { type Duration, durationMsOf, durationProblem, formatDuration } from '../measure/units.ts';
import { flat, Profile } from './profile.ts';
import { mostAtOnce, wholeNumber } from './whole-number.ts';

/**
 * All at once, as `Promise.all` would: `batch(200)`. A closed model. Throws an `OptionsError` for what is no whole number
 * from 1.
 */
export function batch(size: number): Profile {
  throwProblems(numberProblems({ size }, mostAtOnce));
  return new Profile([{ kind: 'batches', count: 1, size, everyMs: 0 }], `batch of ${size}`);
}

/**
 * So many batches of `of` iterations, one each `every`, or as soon as the last one is done if that is later. Throws an
 * `OptionsError`.
 *
 * @example
 * batches(10, { of: 10, every: '100ms' });
 */
export function batches(count: number, options: { readonly of: number; readonly every: Duration }): Profile {
  const { of, every } = named(options);
  const everyMs = durationMsOf(every);
  throwProblems([
    ...numberProblems({ count }),
    ...numberProblems({ of }, mostAtOnce),
    ...(everyMs === undefined ? [durationProblem('every', every)] : []),
  ]);
  return new Profile(
    [{ kind: 'batches', count, size: of, everyMs: everyMs ?? 0 }],
    `${count} batches of ${of} every ${formatDuration(everyMs ?? 0)}`,
  );
}

/**
 * So many iterations in all, taken by users from one heap: k6's shared iterations, a thread pool. A closed model. Throws
 * an `OptionsError`.
 *
 * @example
 * iterations(1_000, { users: 50 });
 */
export function iterations(count: number, options: { readonly users: number }): Profile {
  const { users } = named(options);
  throwProblems([...numberProblems({ count }), ...numberProblems({ users }, mostAtOnce)]);
  const part = { kind: 'users', curve: flat(users, 1), timed: false, iterations: { kind: 'shared', count } } as const;
  return new Profile([part], `${count} iteration${count === 1 ? '' : 's'} by ${users} user${users === 1 ? '' : 's'}`);
}

/**
 * One user, round after round, until there were so many and the time is over: pytest-benchmark's way. `run.benchmark`
 * describes what came of it. Throws an `OptionsError`.
 *
 * @example
 * rounds({ atLeast: 200, time: '2s' });
 */
export function rounds(options: { readonly atLeast: number; readonly time: Duration }): Profile {
  const { atLeast, time } = named(options);
  const ms = durationMsOf(time);
  throwProblems([...numberProblems({ atLeast }), ...(ms === undefined ? [durationProblem('time', time)] : [])]);
  const part = {
    kind: 'users',
    curve: flat(1, Math.max(1, ms ?? 0)),
    timed: true,
    iterations: { kind: 'atLeast', count: atLeast },
  } as const;
  return new Profile([part], `at least ${atLeast} rounds and ${formatDuration(ms ?? 0)}`);
}

/** Options that were forgotten are missing one by one, each with its own words. */
function named<Options extends object>(options: Options | undefined): Options {
  return options ?? ({} as Options);
}

function numberProblems(numbers: Readonly<Record<string, unknown>>, most?: number): string[] {
  return Object.entries(numbers).flatMap(([name, value]) => {
    const read = wholeNumber(value, 1, most);
    return typeof read === 'string' ? [`\`${name}\` ${read}`] : [];
  });
}
