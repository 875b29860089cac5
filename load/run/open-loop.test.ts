import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from '../profile/arrivals.ts';
import { getRoot, liveThrough } from '../../testing/virtual-run.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';

test('500/s for 10s starts 5,000, each within a millisecond of its time, to the very end', async () => {
  const { data, calledAtMs } = await liveThrough(arrivals('500/s').for('10s'));
  expect(calledAtMs).toHaveLength(5_000);
  expect(calledAtMs.every((ms, at) => ms >= at * 2 && ms <= at * 2 + 1)).toBe(true);
  expect(data.counts).toEqual({
    scheduled: 5_000,
    started: 5_000,
    ok: 5_000,
    failed: 0,
    timedOut: 0,
    dropped: 0,
    unfinished: 0,
  });
  expect([...data.windows].map(([second, { scheduled }]) => [second, scheduled])).toEqual(
    Array.from({ length: 10 }, (_, second) => [second, 500]),
  );
});

test('after a second in which the generator stood still, all that was due starts, and its lag is known', async () => {
  const clock = new VirtualClock();
  const { data, calledAtMs } = await liveThrough(
    arrivals('500/s').for('10s'),
    async ({ request, iteration }) => {
      if (iteration === 1_000) clock.stall(1_000);
      await request.get('/');
    },
    { clock },
  );
  expect(calledAtMs).toHaveLength(5_000);
  expect(data.lag.count).toBe(5_000);
  expect(Math.abs((data.lag.stats()?.max ?? 0) - 1_000)).toBeLessThan(5);
  // 500 arrivals fell into the stall: their lags go evenly from 1,000 ms to 0, the rest has none.
  expect(data.lag.percentileMs(90)).toBeLessThan(5);
  expect(data.lag.percentileMs(95)).toBeGreaterThan(480);
  expect(data.lag.percentileMs(95)).toBeLessThan(520);
  expect(data.endpoints.get('GET /')?.response.percentileMs(95)).toBeGreaterThan(480); // and users felt it
});

test('a server that freezes for a second shows in the response times of all who came meanwhile', async () => {
  const { data } = await liveThrough(arrivals('500/s').for('10s'), undefined, {
    answer: (_, atMs) => ({ afterMs: atMs >= 4_000 && atMs < 5_000 ? 5_000 - atMs : 1 }),
  });
  const response = data.endpoints.get('GET /')?.response;
  expect(data.counts).toMatchObject({ scheduled: 5_000, ok: 5_000, dropped: 0 });
  expect(response?.percentileMs(50)).toBeLessThan(3);
  expect(Math.abs((response?.percentileMs(99) ?? 0) - 900)).toBeLessThan(5); // 10 % wait 0 to 1 s: the 99th is 0.9 s
  // The second of the intended start suffers, not the one in which the answers came.
  expect(data.endpoints.get('GET /')?.windows.get(4)?.latency.percentile(50)).toBeGreaterThan(490);
  expect(data.endpoints.get('GET /')?.windows.get(5)?.latency.percentile(99)).toBeLessThan(3);
});

test('a request due while every slot is busy is dropped and counted, never sent late', async () => {
  const { data, calledAtMs } = await liveThrough(arrivals('100/s').for('1s'), undefined, {
    maxInFlight: 10,
    answer: () => ({ afterMs: 500 }),
  });
  // 10 start in the first 100 ms, 40 are dropped; from 500 ms on the same again.
  expect(data.counts).toMatchObject({ scheduled: 100, started: 20, ok: 20, dropped: 80 });
  expect(data.windows.get(0)).toMatchObject({ scheduled: 100, dropped: 80, inFlight: 10 });
  expect(Math.max(...calledAtMs)).toBeLessThan(600);
  expect(data.lag.stats()?.max).toBeLessThanOrEqual(1);
});

const stalls = [
  { stallMs: 5_900, ends: { scheduled: 1_000, started: 1_000, ok: 1_000, dropped: 0 } }, // to the very limit
  { stallMs: 5_902, ends: { scheduled: 1_000, started: 100, ok: 100, dropped: 900 } }, // more than one burst
  { stallMs: 600_000, ends: { scheduled: 1_000, started: 100, ok: 100, dropped: 900 } },
];
for (const { stallMs, ends } of stalls) {
  test(`of 1,000 arrivals in 1 s, ${ends.dropped} are dropped after ${stallMs} ms in which the generator stood still`, async () => {
    const clock = new VirtualClock();
    const { data, end } = await liveThrough(
      arrivals('1000/s').for('1s'),
      async ({ request, iteration }) => {
        if (iteration === 100) clock.stall(stallMs);
        await request.get('/');
      },
      { clock },
    );
    expect(data.counts).toMatchObject(ends);
    expect([...data.windows.values()].reduce((sum, { dropped }) => sum + dropped, 0)).toBe(ends.dropped);
    expect(end.endedAtMs).toBeLessThanOrEqual(stallMs + 1_000);
  });
}

test('each part of a profile has its own limit for what is late', async () => {
  const clock = new VirtualClock();
  const profile = arrivals('100/s').for('1s').followedBy(arrivals('100/s').for('10s'));
  const { data } = await liveThrough(
    profile,
    async ({ request, iteration }) => {
      if (iteration === 10) clock.stall(7_000);
      await request.get('/');
    },
    { clock },
  );
  expect(data.counts).toMatchObject({ scheduled: 1_100, started: 1_010, ok: 1_010, dropped: 90 });
});

test('arrivals between the milliseconds start between them', async () => {
  const { data, calledAtMs } = await liveThrough(arrivals('10000/s').for('1s'));
  expect(data.counts.ok).toBe(10_000);
  expect(calledAtMs.every((ms, n) => Math.abs(ms - n / 10) < 1e-6)).toBe(true);
  expect(data.lag.stats()?.max).toBe(0.001); // the least that a histogram tells from nothing
});

test('what is late goes out in bursts of at most 256, so that sockets have their turn', async () => {
  const clock = new VirtualClock();
  const perTurn = new Map<number, number>();
  const { calledAtMs } = await liveThrough(
    arrivals('1000/s').for('2s'),
    async ({ request, iteration }) => {
      if (iteration === 1) clock.stall(1_000);
      perTurn.set(clock.turns, (perTurn.get(clock.turns) ?? 0) + 1);
      await request.get('/');
    },
    { clock },
  );
  expect(Math.max(...perTurn.values())).toBe(256);
  expect(calledAtMs).toHaveLength(2_000);
});

test('only the first request of an arrival is measured from its due time, the next from its call', async () => {
  const clock = new VirtualClock();
  const { data } = await liveThrough(
    arrivals('1/s').for('1s'),
    async ({ request }) => {
      clock.stall(300);
      await request.get('/first');
      await request.get('/second');
    },
    { clock, answer: () => ({ afterMs: 50 }) },
  );
  expect(data.endpoints.get('GET /first')?.response.stats()?.max).toBe(350);
  expect(data.endpoints.get('GET /second')?.response.stats()?.max).toBe(50);
});

test('of requests called at once each is measured from the due time, whichever is answered first', async () => {
  const clock = new VirtualClock();
  const { data } = await liveThrough(
    arrivals('1/s').for('1s'),
    async ({ request }) => {
      clock.stall(300);
      await Promise.all([request.get('/slow'), request.get('/quick')]);
    },
    { clock, answer: (url) => ({ afterMs: url === '/slow' ? 100 : 10 }) },
  );
  expect(data.endpoints.get('GET /slow')?.response.stats()?.max).toBe(400);
  expect(data.endpoints.get('GET /quick')?.response.stats()?.max).toBe(310);
});

test('each arrival on a used context begins as a stranger', async () => {
  let renewed = 0;
  await liveThrough(arrivals('10/s').for('1s'), getRoot, { renew: () => (renewed += 1) });
  expect(renewed).toBe(9); // ten arrivals took turns on one context
});

for (const rate of ['97/s', '100/s'] as const) {
  test(`three segments of ${rate} for 1s start together what one starts alone, in turn`, async () => {
    const whole = await liveThrough(arrivals(rate).for('1s'));
    const segments = [];
    for (const index of [0, 1, 2])
      segments.push(await liveThrough(arrivals(rate).for('1s'), getRoot, { share: { index, of: 3 } }));
    const called = segments.flatMap(({ calledAtMs }) => calledAtMs).sort((a, b) => a - b);
    expect(called).toEqual(whole.calledAtMs);
  });
}

const parts = [
  { what: 'the warm-up', profile: arrivals('10/s').for('1s'), options: { warmUpMs: 500 } },
  {
    what: 'the part before',
    profile: arrivals('10/s').for('500ms').followedBy(arrivals('10/s').for('1s')),
    options: {},
  },
];
for (const { what, profile, options } of parts) {
  test(`whoever is still at work for ${what} takes no other arrival, and its checks are not counted twice`, async () => {
    const atWork = new Set<number>();
    let shared = 0;
    const { data } = await liveThrough(
      profile,
      async ({ request, check, user }) => {
        if (atWork.has(user)) shared += 1;
        atWork.add(user);
        for (const name of ['first', 'second']) {
          await request.get('/');
          check(name, true);
        }
        atWork.delete(user);
      },
      { ...options, answer: () => ({ afterMs: 300 }) },
    );
    expect(shared).toBe(0);
    const { started } = data.iterations;
    expect([...data.checks.values()].map(({ passed }) => passed)).toEqual([started, started]);
    expect(data.counts).toMatchObject({ ok: 2 * started, unfinished: 0 });
  });
}

test('warm-up that is still under way counts against `maxInFlight`', async () => {
  const { data, calledAtMs } = await liveThrough(arrivals('10/s').for('1s'), undefined, {
    warmUpMs: 500,
    maxInFlight: 3,
    answer: () => ({ afterMs: 10_000 }),
  });
  expect(calledAtMs).toHaveLength(3);
  expect(data.counts).toMatchObject({ scheduled: 10, started: 0, dropped: 10 });
});
