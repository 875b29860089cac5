import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { batch, batches, iterations, rounds } from '../profile/iterations.ts';
import { constantly } from '../profile/pause.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { liveThrough } from '../../testing/virtual-run.ts';

const slow = { answer: () => ({ afterMs: 100 }) };

const counted = [
  { profile: iterations(10, { users: 3 }), requests: 10, endMs: 400 }, // 3 + 3 + 3 + 1
  { profile: iterations(3, { users: 10 }), requests: 3, endMs: 100 },
  { profile: users(4).iterations(5), requests: 20, endMs: 500 },
  { profile: users(2).for('1s'), requests: 20, endMs: 1_000 },
  { profile: users(2).for('1050ms'), requests: 22, endMs: 1_100 }, // who has begun finishes
  { profile: batch(50), requests: 50, endMs: 100 },
  { profile: batches(3, { of: 4, every: '500ms' }), requests: 12, endMs: 1_100 },
  { profile: batches(3, { of: 4, every: '10ms' }), requests: 12, endMs: 300 }, // each waits for the last
  { profile: rounds({ atLeast: 5, time: '1s' }), requests: 10, endMs: 1_000 }, // the time is later
  { profile: rounds({ atLeast: 20, time: '1s' }), requests: 20, endMs: 2_000 }, // the count is later
  { profile: users(2).for('1s').thinking(constantly('150ms')), requests: 8, endMs: 1_000 },
  { profile: users(1).for('1s').pacing('250ms'), requests: 4, endMs: 1_000 },
  { profile: users(20).for('1s').thinking('5s'), requests: 20, endMs: 1_000 }, // each once: the second is due too late
  { profile: users(2).iterations(2).thinking('1s'), requests: 4, endMs: 1_200 }, // nobody thinks after the last
  { profile: users(1).for('1s').pacing('50ms'), requests: 10, endMs: 1_000 }, // it cannot keep up
  { profile: users(2).for('1s').followedBy(users(1).for('500ms')), requests: 25, endMs: 1_500 },
];
for (const { profile, requests, endMs } of counted) {
  test(`${profile.describe()} at 100 ms each: ${requests} requests in ${endMs} ms`, async () => {
    const { data, end } = await liveThrough(profile, undefined, slow);
    expect({ ok: data.counts.ok, scheduled: data.counts.scheduled, endMs: end.endedAtMs - end.beganAtMs }).toEqual({
      ok: requests,
      scheduled: requests,
      endMs,
    });
    expect(end.stopped).toBeUndefined();
    expect(data.accounting).toEqual([]);
  });
}

test('users come and go along the ramp: one more each second, then one less', async () => {
  const clock = new VirtualClock();
  const working = new Map<number, Set<number>>();
  const profile = users.ramp([
    { to: 3, over: '3s' },
    { to: 0, over: '3s' },
  ]);
  await liveThrough(
    profile,
    async ({ user, request }) => {
      const second = Math.floor(clock.now() / 1_000);
      working.set(second, (working.get(second) ?? new Set()).add(user));
      await request.get('/');
    },
    { clock, ...slow },
  );
  expect([...working].map(([second, who]) => [second, [...who].sort()])).toEqual([
    [1, [1]],
    [2, [1, 2]],
    [3, [1, 2]],
    [4, [1]],
  ]);
});

test('after a slow iteration a paced user goes on at its pace, not faster', async () => {
  const { calledAtMs } = await liveThrough(users(1).for('1s').pacing('100ms'), undefined, {
    answer: (_, atMs) => ({ afterMs: atMs === 200 ? 350 : 10 }),
  });
  expect(calledAtMs).toEqual([0, 100, 200, 550, 650, 750, 850, 950]);
});

test('a pause that is longer than what is left of the run does not prolong it', async () => {
  const { clock } = await liveThrough(users(1).for('1s').thinking('1h'));
  expect(clock.now()).toBe(1_000);
});

const profiles: readonly Profile[] = [
  iterations(100, { users: 20 }),
  iterations(100, { users: 2 }), // fewer users than segments
  iterations(2, { users: 10 }), // fewer iterations than segments
  users(7).iterations(3),
  users(1).iterations(4),
  batches(3, { of: 10, every: '100ms' }),
  batch(2),
  rounds({ atLeast: 9, time: '100ms' }),
];
for (const profile of profiles) {
  test(`three segments of "${profile.describe()}" do together what one does alone`, async () => {
    const whole = await liveThrough(profile, undefined, slow);
    const numbers: number[] = [];
    let requests = 0;
    for (const index of [0, 1, 2]) {
      const { data } = await liveThrough(
        profile,
        async ({ request, iteration }) => {
          numbers.push(iteration);
          await request.get('/');
        },
        { ...slow, share: { index, of: 3 } },
      );
      requests += data.counts.ok;
    }
    expect(requests).toBe(whole.data.counts.ok);
    expect(new Set(numbers).size).toBe(numbers.length); // no two iterations have one number
  });
}

test('the most users at work and the most requests in flight are kept of each second, also of a stalled one', async () => {
  const { data } = await liveThrough(users(5).for('4s'), undefined, {
    answer: (_, atMs) => ({ afterMs: atMs >= 500 ? 3_000 : 100 }),
  });
  const seconds = [0, 1, 2, 3].map((second) => data.windows.get(second));
  expect(seconds.map((window) => window?.users)).toEqual([5, 5, 5, 5]);
  expect(seconds.map((window) => window?.inFlight)).toEqual([5, 5, 5, 5]);
  expect(seconds.map((window) => window?.completed)).toEqual([25, 0, 0, 5]);
});
