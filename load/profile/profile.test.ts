import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from './arrivals.ts';
import { batch, batches, iterations, rounds } from './iterations.ts';
import { between } from './pause.ts';
import { type Profile, warmUpPart } from './profile.ts';
import { users } from './users.ts';

interface Row {
  readonly profile: Profile;
  readonly words: string;
  readonly model?: 'open';
  readonly durationMs?: number;
  readonly total?: number;
  readonly peak: number;
  readonly steady?: readonly [number, number];
}

const rows: readonly Row[] = [
  { profile: batch(200), words: 'batch of 200', total: 200, peak: 200 },
  { profile: batches(10, { of: 10, every: '100ms' }), words: '10 batches of 10 every 100ms', total: 100, peak: 10 },
  { profile: iterations(100, { users: 20 }), words: '100 iterations by 20 users', total: 100, peak: 20 },
  { profile: iterations(1, { users: 1 }), words: '1 iteration by 1 user', total: 1, peak: 1 },
  { profile: rounds({ atLeast: 200, time: '2s' }), words: 'at least 200 rounds and 2s', peak: 1, steady: [0, 2_000] },
  { profile: users(50).for('30s'), words: '50 users for 30s', durationMs: 30_000, peak: 50, steady: [0, 30_000] },
  { profile: users(1).iterations(5), words: '1 user, 5 iterations each', total: 5, peak: 1 },
  { profile: users(4).iterations(1), words: '4 users, 1 iteration each', total: 4, peak: 4 },
  {
    profile: users(50).for('30s').thinking(between('1s', '3s')).pacing('5s'),
    words: '50 users for 30s, thinking 1s to 3s, one each 5s',
    durationMs: 30_000,
    peak: 50,
    steady: [0, 30_000],
  },
  {
    profile: users.ramp([{ to: 10, over: '10s' }, { hold: '1m' }, { to: 0, over: '5s' }]),
    words: 'users from 0 to 10 over 10s, hold 1m, to 0 over 5s',
    durationMs: 75_000,
    peak: 10,
    steady: [10_000, 70_000],
  },
  {
    profile: arrivals('10/s').for('5s').followedBy(arrivals('20/s').for('10s')),
    words: '10/s for 5s, then 20/s for 10s',
    model: 'open',
    durationMs: 15_000,
    total: 250,
    peak: 20,
    steady: [5_000, 15_000],
  },
  {
    profile: users(2)
      .for('5s')
      .followedBy(iterations(10, { users: 2 }))
      .followedBy(users(3).for('9s')),
    words: '2 users for 5s, then 10 iterations by 2 users, then 3 users for 9s',
    peak: 3,
    steady: [0, 5_000], // where the third part begins is for the server to decide
  },
];
for (const { profile, words, model = 'closed', durationMs, total, peak, steady } of rows) {
  test(`${words}: ${model}, ${durationMs ?? 'no certain'} ms, ${total ?? 'no certain'} iterations`, () => {
    expect(profile.describe()).toBe(words);
    expect({ model: profile.model, durationMs: profile.durationMs, total: profile.total, peak: profile.peak }).toEqual({
      model,
      durationMs,
      total,
      peak,
    });
    expect(profile.steady).toEqual(steady === undefined ? undefined : { fromMs: steady[0], toMs: steady[1] });
  });
}

test('the asked rate of chained arrivals is one curve', () => {
  const profile = arrivals('10/s')
    .for('5s')
    .followedBy(arrivals.ramp([{ to: '40/s', over: '10s' }]));
  expect(profile.askedRate).toEqual([
    { atMs: 0, perSec: 10 },
    { atMs: 5_000, perSec: 10 },
    { atMs: 5_000, perSec: 0 },
    { atMs: 15_000, perSec: 40 },
  ]);
  expect(users(1).for('1s').askedRate).toBeUndefined();
});

test('a profile is no promise, so that `await` does not chain it', () => {
  expect('then' in batch(1)).toBe(false);
});

test('an open and a closed profile are not chained', () => {
  expect(() => arrivals('1/s').for('1s').followedBy(users(1).for('1s'))).toThrow(
    '`1/s for 1s` is open and `1 user for 1s` is closed: chain profiles of one kind, or run two loads side by side with `Promise.all`',
  );
});

const warmUps = [
  { profile: users(50).for('30s'), part: 'users', level: 50 },
  { profile: users.ramp([{ to: 100, over: '10s' }]), part: 'users', level: 10 }, // a tenth, since it begins with none
  { profile: iterations(100, { users: 20 }), part: 'users', level: 20 },
  { profile: batch(200), part: 'users', level: 20 },
  { profile: batch(5), part: 'users', level: 5 },
  { profile: arrivals('500/s').for('30s'), part: 'arrivals', level: 500 },
  { profile: arrivals.ramp([{ to: '500/s', over: '30s' }], { from: '100/s' }), part: 'arrivals', level: 100 },
];
for (const { profile, part, level } of warmUps) {
  test(`the warm-up of "${profile.describe()}" is ${part} at ${level}`, () => {
    const warmUp = warmUpPart(profile, 2_000);
    expect(warmUp).toMatchObject({
      kind: part,
      curve: [
        { atMs: 0, value: level },
        { atMs: 2_000, value: level },
      ],
    });
    expect('iterations' in warmUp).toBe(false); // it ends by time alone
  });
}

test('a warm-up thinks as its users will', () => {
  expect(warmUpPart(users(2).for('1s').thinking('5ms').pacing('10ms'), 100)).toMatchObject({
    pause: expect.objectContaining({}),
    paceMs: 10,
  });
});

const notWhole = (name: string, got: unknown) => `\`${name}\` must be a whole number of at least 1, got ${String(got)}`;
const notDuration = (name: string, got: string) =>
  `\`${name}\` must be a duration such as \`300ms\`, \`30s\` or \`5m\`, got ${got}`;

const wrong: { readonly say: string; readonly make: () => unknown; readonly problems: readonly string[] }[] = [
  ...[0, -1, 1.5, NaN, Infinity].map((size) => ({
    say: `a batch of ${size}`,
    make: () => batch(size),
    problems: [notWhole('size', size)],
  })),
  {
    say: 'a batch beyond all ports',
    make: () => batch(1_000_000),
    problems: ['`size` must be at most 100000, got 1000000'],
  },
  {
    say: 'batches of nothing, never',
    make: () => batches(0, { of: NaN, every: '-1s' }),
    problems: [notWhole('count', 0), notWhole('of', NaN), notDuration('every', '"-1s"')],
  },
  {
    say: 'batches without options',
    make: () => batches(1, undefined as never),
    problems: [notWhole('of', undefined), notDuration('every', 'undefined')],
  },
  {
    say: 'iterations without users',
    make: () => iterations(100, undefined as never),
    problems: [notWhole('users', undefined)],
  },
  {
    say: 'iterations by none',
    make: () => iterations(Infinity, { users: 0 }),
    problems: [notWhole('count', Infinity), notWhole('users', 0)],
  },
  {
    say: 'rounds of nothing',
    make: () => rounds({ atLeast: 0, time: 'long' as '1s' }),
    problems: [notWhole('atLeast', 0), notDuration('time', '"long"')],
  },
  {
    say: 'no users for no time',
    make: () => users(NaN).for('0s'),
    problems: [notWhole('users', NaN), '`for` must be longer than nothing'],
  },
  { say: 'a time without a unit', make: () => users(1).for(30 as never), problems: [notDuration('for', '30')] },
  {
    say: 'no users, no iterations',
    make: () => users(0).iterations(-1),
    problems: [notWhole('users', 0), notWhole('iterations', -1)],
  },
  {
    say: 'a ramp from half a user to none',
    make: () => users.ramp([{ to: -1, over: '1s' }, { hold: '' as '1s' }], { from: 0.5 }),
    problems: [
      '`from` must be a whole number of at least 0, got 0.5',
      '`users.ramp[0].to` must be a whole number of at least 0, got -1',
      notDuration('users.ramp[1].hold', '""'),
    ],
  },
  {
    say: 'a ramp without anybody',
    make: () => users.ramp([{ hold: '5s' }]),
    problems: ['`users.ramp` has no user at any time'],
  },
  {
    say: 'a ramp that is no list',
    make: () => users.ramp({ to: 5 } as never),
    problems: ['`users.ramp` needs at least one stage such as `{ to: …, over: "30s" }` or `{ hold: "1m" }`'],
  },
  {
    say: 'a pace of nothing',
    make: () => users(1).for('1s').pacing('0s'),
    problems: ['`pacing` must be longer than nothing'],
  },
];
for (const { say, make, problems } of wrong) {
  test(`refuses ${say}`, () => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionsError', problems }));
  });
}

test('one problem is the message; several are a list', () => {
  expect(() => batch(0)).toThrow('`size` must be a whole number of at least 1, got 0');
  expect(() => iterations(0, { users: 0 })).toThrow(
    '2 problems:\n  - `count` must be a whole number of at least 1, got 0\n  - `users` must be a whole number of at least 1, got 0',
  );
});
