/** What is wrong with what a load says of its users, as far as its profile tells before anything is sent. */
import { show } from '../measure/units.ts';
import type { Profile } from '../profile/profile.ts';
import { type AnyLoadOptions, defaultLoadOptions } from './load-options.ts';

export function userProblems(
  { user, userData, userTimeout, keepUsers }: AnyLoadOptions,
  profile: Profile,
  { maxInFlight }: { readonly maxInFlight: number },
): string[] {
  const words = `\`${profile.describe()}\``;
  const isOpen = profile.model === 'open';
  const people = isOpen ? maxInFlight : profile.peak;
  const asksTime = userTimeout !== undefined && userTimeout !== defaultLoadOptions.userTimeout;
  return [
    ...(user === undefined || typeof user === 'function'
      ? []
      : [
          `\`user\` must be a function such as \`async ({ request }, use) => { …; await use(state); … }\`, got ${show(user)}`,
        ]),
    ...(keepUsers === undefined || typeof keepUsers === 'boolean'
      ? []
      : [`\`keepUsers\` must be \`true\` or \`false\`, got ${show(keepUsers)}`]),
    ...(keepUsers === false && user !== undefined
      ? ['`keepUsers: false` would make strangers of users who have logged in: leave out `keepUsers`, or `user`']
      : []),
    ...(keepUsers === true && !isOpen
      ? [`\`keepUsers\` is for open models: users of ${words} keep what they have`]
      : []),
    ...(asksTime && user === undefined ? ['`userTimeout` limits `user`, which is not given'] : []),
    ...(userData === undefined ? [] : rowProblems(userData, { hasUser: user !== undefined, people, words, isOpen })),
  ];
}

interface Crowd {
  readonly hasUser: boolean;
  readonly people: number;
  readonly words: string;
  readonly isOpen: boolean;
}

function rowProblems(
  userData: NonNullable<AnyLoadOptions['userData']>,
  { hasUser, people, words, isOpen }: Crowd,
): string[] {
  if (typeof (userData as { rows?: unknown } | null)?.rows !== 'function')
    return [`\`userData\` must be a feeder such as \`feeder([…])\`, got ${show(userData)}`];
  const { order, size } = userData;
  return [
    ...(hasUser ? [] : ['`userData` has rows for the users that `user` sets up, and there is no `user`']),
    ...(order !== 'unique' || people <= size
      ? []
      : [
          `\`userData\` has ${size} unique rows, but ${words} has ${people} users${isOpen ? ' (`maxInFlight`)' : ''}: give it more rows, or an order other than \`unique\``,
        ]),
  ];
}
