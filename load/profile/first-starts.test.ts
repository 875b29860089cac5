import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from './arrivals.ts';
import { firstStarts } from './first-starts.ts';
import { batches, iterations } from './iterations.ts';
import { type Profile, wholeShare } from './profile.ts';
import { users } from './users.ts';

const ramp = users.ramp([{ to: 4, over: '4s' }, { hold: '1s' }]);

const rows: readonly {
  readonly profile: Profile;
  readonly warmUpMs?: number;
  readonly share?: { readonly index: number; readonly of: number };
  readonly first: readonly (readonly [user: number, atMs: number])[];
}[] = [
  {
    profile: users(3).for('5s'),
    first: [
      [1, 0],
      [2, 0],
      [3, 0],
    ],
  },
  { profile: users(3).for('5s'), share: { index: 1, of: 2 }, first: [[2, 0]] },
  {
    profile: ramp,
    first: [
      [1, 1_000],
      [2, 2_000],
      [3, 3_000],
      [4, 4_000],
    ],
  },
  {
    profile: ramp,
    share: { index: 0, of: 2 },
    first: [
      [1, 1_000],
      [3, 3_000],
    ],
  },
  {
    profile: ramp,
    warmUpMs: 500,
    first: [
      [1, 0],
      [2, 2_000],
      [3, 3_000],
      [4, 4_000],
    ],
  },
  {
    profile: users(1).for('5s').followedBy(ramp),
    first: [
      [1, 0],
      [2, 7_000],
      [3, 8_000],
      [4, 9_000],
    ],
  },
  {
    profile: users(1).iterations(5).followedBy(ramp),
    first: [
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ],
  },
  {
    profile: iterations(9, { users: 2 }),
    first: [
      [1, 0],
      [2, 0],
    ],
  },
  {
    profile: batches(2, { of: 2, every: '1s' }),
    first: [
      [1, 0],
      [2, 0],
    ],
  },
  {
    profile: arrivals('9/s').for('5s'),
    first: [
      [1, 0],
      [2, 0],
      [3, 0],
    ],
  },
];
for (const { profile, warmUpMs = 0, share = wholeShare, first } of rows) {
  const words = `of ${profile.describe()}, warmed up for ${warmUpMs} ms, segment ${share.index + 1} of ${share.of}`;
  test(`${words} has its users first at ${JSON.stringify(first)}`, () => {
    const starts = firstStarts({ profile, share, maxInFlight: 3, warmUpMs });
    expect(starts.map(({ user, atMs }) => [user, atMs])).toEqual(first);
  });
}
