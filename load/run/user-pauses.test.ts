import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { stopReasons } from '../measure/stop-reason.ts';
import type { Duration } from '../measure/units.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import { arrivals } from '../profile/arrivals.ts';
import { iterations } from '../profile/iterations.ts';
import { between } from '../profile/pause.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import type { Scenario } from './scenario.ts';

const answer = () => ({ afterMs: 10 });

test('the same seed gives each user the same pauses, whoever else pauses; another seed gives others', async () => {
  const pausesOf = async (count: number, seed: number) => {
    const took = new Map<number, number[]>();
    const clock = new VirtualClock();
    await liveThrough(
      users(count).iterations(5),
      async ({ pause, user, request }) => {
        const fromMs = clock.now();
        await pause(between('1s', '3s'));
        took.set(user, [...(took.get(user) ?? []), Math.round(clock.now() - fromMs)]);
        await request.get('/');
      },
      { answer, seed, clock },
    );
    expect(clock.now()).toBeGreaterThan(5_000);
    return took;
  };
  const [alone, among, other] = [await pausesOf(1, 7), await pausesOf(9, 7), await pausesOf(1, 8)];
  expect(among.get(1)).toEqual(alone.get(1));
  expect(among.get(2)).not.toEqual(alone.get(1));
  expect(other.get(1)).not.toEqual(alone.get(1));
  for (const ms of among.get(3) ?? []) expect(ms >= 1_000 && ms <= 3_000).toBe(true);
});

test('a pause is in no latency, also before the first request of an arrival, and in no group', async () => {
  const { data } = await liveThrough(
    arrivals('10/s').for('2s'),
    async ({ pause, request, group }) => {
      await pause('200ms');
      await group('both', async () => {
        await request.get('/');
        await pause('100ms');
        await request.get('/');
      });
    },
    { answer },
  );
  expect(data.counts.ok).toBe(40);
  expect(data.endpoints.get('GET /')?.response.stats()?.max).toBeCloseTo(10, 1);
  expect(data.endpoints.get('GET /')?.service.stats()?.max).toBeCloseTo(10, 1);
  expect(data.groups.get('both')?.durations.stats()?.max).toBeCloseTo(20, 1);
});

const beside: readonly { readonly what: string; readonly pauses: Scenario<unknown> }[] = [
  { what: 'two of one length', pauses: async ({ pause }) => Promise.all([pause('200ms'), pause('200ms')]) },
  { what: 'a shorter one within a longer one', pauses: within('200ms', '50ms') },
  { what: 'one that outlasts the one before', pauses: within('80ms', '150ms') },
  {
    what: 'two, and a third after them',
    pauses: async (user) => {
      await within('100ms', '20ms')(user);
      await user.pause('70ms');
    },
  },
  {
    what: 'one that another iteration has left behind',
    pauses: async ({ pause }) => {
      void pause('1h');
      await pause('50ms');
    },
  },
];
function within(first: Duration, second: Duration): Scenario<unknown> {
  return async ({ pause }) => {
    const both = [pause(first), pause('30ms').then(async () => pause(second))];
    await Promise.all(both);
  };
}
for (const { what, pauses } of beside) {
  test(`pauses beside each other put off the intended start by what they took: ${what}`, async () => {
    const { data } = await liveThrough(
      arrivals('4/s').for('3s'),
      async (user) => {
        await pauses(user);
        await user.request.get('/');
      },
      { answer, maxInFlight: 1 },
    );
    const { response } = data.endpoints.get('GET /') ?? {};
    expect(response?.count).toBe(12);
    expect(response?.stats()?.min).toBeCloseTo(10, 1);
    expect(response?.stats()?.max).toBeCloseTo(10, 1);
  });
}

const work: readonly { readonly what: string; readonly part: Scenario<unknown>; readonly ms: number }[] = [
  { what: 'a request', part: async ({ pause, request }) => Promise.all([pause('200ms'), request.get('/')]), ms: 150 },
  {
    what: 'a request that takes longer',
    part: async ({ pause, request }) => Promise.all([request.get('/'), pause('50ms')]),
    ms: 150,
  },
  {
    what: 'requests one after the other',
    part: async ({ pause, request }) => Promise.all([pause('1s'), request.get('/').then(async () => request.get('/'))]),
    ms: 300,
  },
  {
    what: 'a measured call',
    part: async ({ pause, measure, request }) =>
      Promise.all([pause('200ms'), measure('call', async () => request.get('/'))]),
    ms: 150,
  },
  { what: 'another pause', part: async ({ pause }) => Promise.all([pause('200ms'), pause('100ms')]), ms: 0 },
];
for (const { what, part, ms } of work) {
  test(`a group has the time of ${what} beside a pause`, async () => {
    const { data } = await liveThrough(
      iterations(3, { users: 1 }),
      async (user) => {
        await user.group('both', async () => part(user));
        await user.request.get('/');
      },
      { answer: () => ({ afterMs: 150 }) },
    );
    expect(data.groups.get('both')?.durations.stats()?.max).toBeCloseTo(ms, 1);
    expect(data.groups.get('both')?.durations.stats()?.min).toBeCloseTo(ms, 1);
  });
}

/** How many of the moments lie in the fullest of all spans that long. */
function mostWithin(spanMs: number, moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return Math.max(...sorted.map((from) => sorted.filter((ms) => ms >= from && ms < from + spanMs).length));
}

for (const warmUpMs of [0, 7_000]) {
  test(`iterations keep their rhythm after the profile and after a warm-up of ${warmUpMs} ms`, async () => {
    const posts: number[] = [];
    const { data, end } = await liveThrough(
      arrivals('20/s').for('10s'),
      async ({ pause, request }) => {
        await request.get('/');
        await pause('5s');
        await request.get('/post');
      },
      {
        warmUpMs,
        answer: (url, atMs) => {
          if (url === '/post') posts.push(atMs);
          return { afterMs: 10 };
        },
      },
    );
    expect(mostWithin(100, posts)).toBeLessThanOrEqual(3);
    expect(data.iterations).toEqual({ started: 200, failed: 0, unfinished: 0 });
    expect(data.endpoints.get('GET /post')?.counts.ok).toBe(200);
    expect([end.stopped, data.accounting]).toEqual([undefined, []]);
    expect(end.endedAtMs - end.beganAtMs).toBeGreaterThan(14_900); // its last request came then
    expect(end.endedAtMs - end.beganAtMs).toBeLessThan(15_100);
  });
}

test('who polls does so at the same pace after the profile', async () => {
  const polls = new Map<number, number[]>();
  const clock = new VirtualClock();
  await liveThrough(
    users(5).for('3s'),
    async ({ pause, request, user }) => {
      for (let asked = 0; asked < 8; asked += 1) {
        await pause('1s');
        polls.set(user, [...(polls.get(user) ?? []), clock.now()]);
        await request.get('/status');
      }
    },
    { answer, clock },
  );
  for (const moments of polls.values()) {
    const gaps = moments.slice(1).map((atMs, at) => atMs - (moments[at] ?? 0));
    expect(gaps).toHaveLength(7);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  }
});

const ends: readonly { readonly profile: Profile; readonly pauseMs: number; readonly unfinished: number }[] = [
  { profile: users(3).for('2s'), pauseMs: 3_600_000, unfinished: 3 },
  { profile: users(3).for('2s'), pauseMs: 5_000, unfinished: 0 },
  { profile: arrivals('10/s').for('2s'), pauseMs: 5_000, unfinished: 0 },
  { profile: arrivals('10/s').for('2s'), pauseMs: 40_000, unfinished: 20 },
];
for (const { profile, pauseMs, unfinished } of ends) {
  test(`a last pause of ${pauseMs} ms makes ${profile.describe()} no longer`, async () => {
    const { data, end, clock } = await liveThrough(
      profile,
      async ({ pause, request }) => {
        await request.get('/');
        await pause(`${pauseMs}ms`);
      },
      { answer },
    );
    expect(end.stopped).toBeUndefined();
    expect(end.endedAtMs - end.beganAtMs).toBe(2_000);
    expect(data.iterations).toMatchObject({ failed: 0, unfinished });
    expect(clock.now()).toBeLessThanOrEqual(32_000); // the graceful stop
    expect(data.accounting).toEqual([]);
  });
}

const overdue: readonly { readonly what: string; readonly profile: Profile; readonly scenario: Scenario<unknown> }[] = [
  {
    what: 'one hangs while others pause',
    profile: users(3).for('2s'),
    scenario: async ({ user, pause, request }) => {
      await request.get('/');
      await (user === 2 ? new Promise(() => undefined) : pause('1h'));
    },
  },
  {
    what: 'a request is still under way',
    profile: users(3).for('2s'),
    scenario: async ({ user, pause, request }) => {
      await request.get('/');
      await (user === 2 ? request.get('/never') : pause('1h'));
    },
  },
  {
    what: 'all pause, and a part of the profile has not begun',
    profile: users(3).for('2s').followedBy(users(3).for('1s')),
    scenario: async ({ pause, request }) => {
      await request.get('/');
      await pause('1h');
    },
  },
];
for (const { what, profile, scenario } of overdue) {
  test(`a load is stopped early where ${what}`, async () => {
    const { end } = await liveThrough(profile, scenario, {
      answer: (url) => (url === '/never' ? 'never' : { afterMs: 10 }),
    });
    expect(end.stopped).toBe(stopReasons.overdue);
  });
}

test('pauses in the warm-up of a closed model end with it, so that the measured part begins in time', async () => {
  const { calledAtMs, end } = await liveThrough(
    users(3).for('2s'),
    async ({ pause, request }) => {
      await request.get('/');
      await pause('10s');
    },
    { answer, warmUpMs: 1_000 },
  );
  const measured = calledAtMs.filter((atMs) => atMs >= end.beganAtMs);
  expect(measured).toHaveLength(3);
  expect(Math.max(...measured)).toBeLessThan(end.beganAtMs + 10);
});

test('a pause of a load that counts is as long as was asked for', async () => {
  const { clock } = await liveThrough(iterations(4, { users: 2 }), async ({ pause, request }) => {
    await pause('10s');
    await request.get('/');
  });
  expect(clock.now()).toBe(20_000);
});

test('a pause ends at once when the load is aborted, and the books balance', async () => {
  const { data, clock } = await liveThrough(
    iterations(4, { users: 2 }),
    async ({ pause, request }) => {
      for (;;) {
        await request.get('/');
        await pause('1h');
      }
    },
    { answer, shouldAbort: () => 'enough' },
  );
  expect(clock.now()).toBeLessThan(5_000);
  expect(data.iterations.unfinished).toBe(2);
  expect(data.accounting).toEqual([]);
});

const wrong: readonly { readonly given: unknown; readonly says: RegExp }[] = [
  { given: '5 parsecs', says: /`pause` must be a duration/ },
  { given: 5, says: /`pause` must be a duration such as/ },
  { given: undefined, says: /`pause` must be a duration such as/ },
];
for (const { given, says } of wrong) {
  test(`a pause of ${JSON.stringify(given)} fails its iteration, also where that is caught`, async () => {
    const scenario: Scenario<unknown> = async ({ pause, request }) => {
      await request.get('/');
      await pause(given as '1s').catch(() => undefined);
    };
    const { data } = await liveThrough(iterations(2, { users: 1 }), scenario);
    expect(data.iterations.failed).toBe(2);
    expect([...data.errors.values()][0]?.sample).toMatch(says);
  });
}
