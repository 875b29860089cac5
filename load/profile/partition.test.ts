import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals, dueTimes } from './arrivals.ts';
import { batches, iterations } from './iterations.ts';
import { byUsers, inTurn, iterationsBefore, rowsOf } from './partition.ts';
import type { Profile } from './profile.ts';
import { seededRandom } from '../random.ts';
import { users } from './users.ts';
import { expectSame } from '../../testing/expect-same.ts';

const shares = [
  { count: 10, of: 3, parts: [4, 3, 3] },
  { count: 2, of: 3, parts: [1, 1, 0] },
  { count: 0, of: 2, parts: [0, 0] },
  { count: 7, of: 1, parts: [7] },
];
for (const { count, of, parts } of shares) {
  test(`${count} over ${of} segments: ${parts.join(' + ')}`, () => {
    expect(Array.from({ length: of }, (_, index) => inTurn(count, { index, of }))).toEqual(parts);
  });
}

/** What the loops start in a segment, part by part. */
function startedBy(profile: Profile, index: number, of: number): number {
  return profile.parts.reduce((sum, part) => {
    if (part.kind === 'arrivals') return sum + [...dueTimes(part, { index, of })].length;
    if (part.kind === 'batches') return sum + part.count * inTurn(part.size, { index, of });
    const peak = part.curve[0]?.value ?? 0;
    const { kind = 'shared', count = 0 } = part.iterations ?? {};
    return sum + (kind === 'perUser' ? inTurn(peak, { index, of }) * count : byUsers(count, peak, { index, of }));
  }, 0);
}

test('rows of a segment suffice for its iterations whenever all rows suffice for all, and everything adds up', () => {
  const random = seededRandom(8);
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const closed = () =>
    [
      iterations(upTo(120), { users: upTo(9) }),
      users(upTo(9)).iterations(upTo(9)),
      batches(upTo(5), { of: upTo(9), every: '1s' }),
    ][upTo(3) - 1] ?? iterations(1, { users: 1 });
  const open = () =>
    arrivals(`${upTo(40)}/s`, { distribution: random() < 0.5 ? 'poisson' : 'uniform', seed: upTo(99) }).for('2s');
  for (let n = 0; n < 500; n++) {
    const one = random() < 0.7 ? closed : open;
    let profile: Profile = one();
    for (let more = upTo(3); more > 1; more--) profile = profile.followedBy(one());
    const of = upTo(6);
    const started = Array.from({ length: of }, (_, index) => startedBy(profile, index, of));
    const whole = startedBy(profile, 0, 1);
    const rows = Array.from({ length: of }, (_, index) => [...rowsOf(profile, { index, of }, whole)]);
    const all = rows.flat().sort((a, b) => a - b);
    const about = { profile: profile.describe(), of };
    const before = iterationsBefore(profile, { index: of, of });
    expectSame(
      { ...about, rows: rows.map(({ length }) => length), all, before },
      { ...about, rows: started, all: Array.from({ length: whole }, (_, row) => row), before: whole },
    );
  }
});

test('where time decides, rows go to the segments that have users, and all of them go', () => {
  const rows = [0, 1, 2].map((index) => [...rowsOf(users(2).for('1s'), { index, of: 3 }, 5)]);
  expect(rows).toEqual([[0, 2, 4], [1, 3], []]);
});
