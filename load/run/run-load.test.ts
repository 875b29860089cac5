import { getEventListeners } from 'node:events';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals } from '../profile/arrivals.ts';
import { batch, iterations } from '../profile/iterations.ts';
import { between } from '../profile/pause.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import { feeder } from './feeder.ts';
import { mix } from './mix.ts';
import type { Scenario } from './scenario.ts';
import { getRoot, liveThrough, type VirtualRunParts } from '../../testing/virtual-run.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';

test('the warm-up is sent and in no number, though its last requests end in the measured time', async () => {
  const { data, calledAtMs, end } = await liveThrough(users(2).for('1s'), undefined, {
    warmUpMs: 450,
    answer: () => ({ afterMs: 100 }),
  });
  expect(calledAtMs.filter((ms) => ms < 450)).toHaveLength(10);
  // Two warm-up requests end 50 ms late; then both users have 950 ms left.
  expect(data.counts).toMatchObject({ scheduled: 20, started: 20, ok: 20 });
  expect(data.iterations.started).toBe(20);
  expect(data.endpoints.get('GET /')?.service.count).toBe(20);
  expect(end).toMatchObject({ beganAtMs: 450, startedAtEpochMs: 1_000_450 });
  const seconds = [...(data.endpoints.get('GET /')?.windows ?? [])].map(([second, { ok }]) => [second, ok]);
  expect(seconds).toEqual([
    [-1, 10],
    [0, 20],
  ]);
  expect(data.windows.get(-1)?.completed).toBe(10);
});

test('checks, groups, metrics and errors of the warm-up are in no number either', async () => {
  const { data } = await liveThrough(
    arrivals('10/s').for('1s'),
    async ({ request, check, group, metrics, iteration }) => {
      await group('visit', async () => request.get('/'));
      check('fine', iteration % 2 === 0);
      metrics.counter('visits');
      if (iteration === 1) throw new Error('the very first, in the warm-up');
    },
    { warmUpMs: 1_000 },
  );
  expect(data.iterations).toEqual({ started: 10, failed: 0, unfinished: 0 });
  expect(data.exceptions).toBe(0);
  expect(data.checks.get('fine')).toEqual({ passed: 5, failed: 5 });
  expect(data.groups.get('visit')?.durations.count).toBe(10);
  expect(data.metrics.get('visits')).toEqual({ kind: 'counter', total: 10 });
});

test('an endpoint that only the warm-up called is in no table', async () => {
  const { data } = await liveThrough(
    users(1).iterations(1),
    async ({ request, iteration }) => request.get(iteration === 1 ? '/warm' : '/cold'),
    { warmUpMs: 100, answer: () => ({ afterMs: 100 }) },
  );
  expect([...data.endpoints.keys()]).toEqual(['GET /cold']);
});

test('iterations that were started may finish within the graceful stop', async () => {
  const { data, end } = await liveThrough(arrivals('10/s').for('1s'), undefined, {
    gracefulStopMs: 5_000,
    answer: () => ({ afterMs: 4_000 }),
  });
  expect(data.counts).toMatchObject({ started: 10, ok: 10, unfinished: 0 });
  expect(end.stopped).toBeUndefined();
});

for (const profile of [arrivals('10/s').for('1s'), users(10).for('1s'), batch(10), iterations(10, { users: 10 })]) {
  test(`${profile.describe()} against a server that never answers ends after its graceful stop, all unfinished`, async () => {
    const { data, end, clock } = await liveThrough(profile, undefined, {
      gracefulStopMs: 2_000,
      maxDurationMs: 1_000,
      answer: () => 'never',
    });
    expect(data.counts).toMatchObject({ scheduled: 10, started: 10, ok: 0, failed: 0, unfinished: 10 });
    expect(data.iterations).toEqual({ started: 10, failed: 0, unfinished: 10 });
    expect(data.accounting).toEqual([]);
    expect(clock.now()).toBeLessThanOrEqual(3_001);
    expect(end.stopped).toMatch(/graceful stop|longest duration/);
  });
}

test('without a graceful stop what is under way is cut off, which is no early end', async () => {
  const { data, end } = await liveThrough(users(3).for('1s'), undefined, {
    gracefulStopMs: 0,
    answer: () => ({ afterMs: 400 }),
  });
  expect(data.counts).toMatchObject({ started: 9, ok: 6, unfinished: 3 });
  expect(end.stopped).toBeUndefined();
});

test('a scenario that never settles does not hold up the run, and is counted', async () => {
  const { data, end } = await liveThrough(users(2).for('1s'), () => new Promise(() => {}));
  expect(data.iterations).toEqual({ started: 2, failed: 0, unfinished: 2 });
  expect(end.stopped).toBe('iterations were still under way at the end of the graceful stop');
});

test('what an abandoned scenario does after the end changes no number', async () => {
  const clock = new VirtualClock();
  const { data } = await liveThrough(
    users(1).for('1s'),
    async ({ request, check, group, metrics }) => {
      await clock.sleepUntil(500);
      await group('late', async () => clock.sleepUntil(60_000));
      check('late', false);
      metrics.counter('late');
      await request.get('/').catch(() => undefined);
      throw new Error('late');
    },
    { clock, gracefulStopMs: 100 },
  );
  const counts = structuredClone(data.counts);
  await clock.live(clock.sleepUntil(70_000));
  expect(data.counts).toEqual(counts);
  expect(data.counts).toMatchObject({ started: 0 });
  expect(data.iterations).toEqual({ started: 1, failed: 0, unfinished: 1 });
  const groups = [...data.groups.values()].map(({ started, failed, durations }) => [started, failed, durations.count]);
  expect([data.checks.size, groups, data.exceptions, data.errors.size]).toEqual([0, [[1, 0, 0]], 0, 0]); // cut off
  expect(data.metrics.get('late')).toBeUndefined();
});

test('a profile that counts ends at its longest duration', async () => {
  const { data, end } = await liveThrough(iterations(1_000, { users: 1 }), undefined, {
    maxDurationMs: 10_000,
    gracefulStopMs: 1_000,
    answer: () => ({ afterMs: 100 }),
  });
  expect(end.stopped).toBe('its longest duration (`maxDuration`) was over');
  expect(data.counts).toMatchObject({ ok: 100, unfinished: 0, started: 100 });
});

test('a limit of despair ends the run within a second, and says why', async () => {
  const clock = new VirtualClock();
  const { data, end } = await liveThrough(arrivals('10/s').for('1h'), undefined, {
    clock,
    answer: () => ({ afterMs: 0, status: 500 }),
    shouldAbort: () => (clock.now() >= 5_000 ? 'too many errors' : undefined),
  });
  expect(end.stopped).toBe('too many errors');
  expect(clock.now()).toBe(5_000);
  expect(data.counts.failed).toBe(50);
  expect(data.accounting).toEqual([]);
});

test('an interrupted run ends at once, with what was measured', async () => {
  const clock = new VirtualClock();
  const interrupt = new AbortController();
  void clock.sleepUntil(2_500).then(() => interrupt.abort());
  const { data, end } = await liveThrough(users(1).for('1h'), undefined, {
    clock,
    signal: interrupt.signal,
    answer: () => ({ afterMs: 100 }),
  });
  expect(end.stopped).toBe('interrupted');
  expect(data.counts).toMatchObject({ ok: 24, unfinished: 1 });
  expect(clock.now()).toBe(2_500);
});

const ends: {
  readonly how: string;
  readonly profile: Profile;
  readonly scenario?: Scenario<unknown>;
  readonly parts?: VirtualRunParts;
}[] = [
  { how: 'in its time', profile: arrivals('10/s').for('3s') },
  { how: 'when its users have done their part', profile: iterations(5, { users: 2 }) },
  { how: 'while its users rest', profile: users(3).for('2s').thinking('10s') },
  { how: 'after a warm-up', profile: users(3).for('2s'), parts: { warmUpMs: 1_000 } },
  { how: 'at its longest duration', profile: iterations(1_000, { users: 1 }), parts: { maxDurationMs: 1_000 } },
  {
    how: 'with requests that are cut off',
    profile: users(3).for('1s'),
    parts: { answer: () => 'never', gracefulStopMs: 500 },
  },
  {
    how: 'with a scenario that never settles',
    profile: batch(3),
    scenario: () => new Promise(() => {}),
    parts: { gracefulStopMs: 500 },
  },
  {
    how: 'by a limit of despair',
    profile: arrivals('10/s').for('1h'),
    parts: { shouldAbort: () => 'too many errors' },
  },
  { how: 'because its feeder ran dry', profile: users(2).for('1h'), parts: { nextRow: () => undefined } },
];
for (const { how, profile, scenario, parts } of ends) {
  test(`a run that ends ${how} leaves no timer and no listener behind`, async () => {
    const { signal } = new AbortController();
    const { clock } = await liveThrough(profile, scenario, { answer: () => ({ afterMs: 100 }), ...parts, signal });
    expect({ timers: clock.waiting, listeners: getEventListeners(signal, 'abort').length }).toEqual({
      timers: 0,
      listeners: 0,
    });
  });
}

test('a run that breaks leaves no timer and no listener behind either', async () => {
  const clock = new (class extends VirtualClock {
    override async sleepUntil(): Promise<void> {
      throw new Error('broken');
    }
  })();
  const { signal } = new AbortController();
  const broken = liveThrough(arrivals('10/s').for('1s'), undefined, { clock, signal });
  await expect(broken).rejects.toThrow('broken');
  expect({ timers: clock.waiting, listeners: getEventListeners(signal, 'abort').length }).toEqual({
    timers: 0,
    listeners: 0,
  });
});

test('a run that is interrupted before it begins sends nothing', async () => {
  const { data, end } = await liveThrough(batch(5), undefined, { signal: AbortSignal.abort() });
  expect(end.stopped).toBe('interrupted');
  expect(data.counts.started).toBe(0);
});

test('rows are given in order; a unique feeder gives each once over users and segments, then ends the run', async () => {
  const rows = Array.from({ length: 10 }, (_, at) => at);
  const seen: unknown[] = [];
  const stops: (string | undefined)[] = [];
  for (const index of [0, 1, 2]) {
    const { end, data } = await liveThrough(
      users(6).for('10s'),
      async ({ request, data: row }) => {
        seen.push(row);
        await request.get('/');
      },
      {
        share: { index, of: 3 },
        nextRow: feeder(rows, { order: 'unique' }).rows({ index, of: 3 }),
        answer: () => ({ afterMs: 100 }),
      },
    );
    stops.push(end.stopped);
    expect(data.exceptions).toBe(1);
    expect([...data.errors.values()].map(({ sample }) => sample)).toEqual([
      'Error: the feeder ran dry: give it more rows, or an order other than `unique`',
      'no answer until the run was over', // of the other users
    ]);
  }
  expect([...seen].sort()).toEqual(rows);
  expect(stops).toEqual(['the feeder ran dry', 'the feeder ran dry', 'the feeder ran dry']);
});

test('a mix keeps its proportions, in the warm-up and in every segment', async () => {
  const urls = new Map<string, number>();
  const call = (url: string) =>
    [
      1,
      async ({ request }: { request: { get: (url: string) => Promise<unknown> } }) => {
        urls.set(url, (urls.get(url) ?? 0) + 1);
        await request.get(url);
      },
    ] as const;
  const scenario = mix<unknown>([call('/a'), call('/b'), call('/c'), call('/d')]);
  for (const index of [0, 1]) {
    const { data } = await liveThrough(iterations(100, { users: 20 }), scenario, { share: { index, of: 2 } });
    expect([...data.endpoints].map(([, { counts }]) => counts.ok).sort()).toEqual([12, 12, 13, 13]);
  }
  expect([...urls]).toEqual([
    ['/a', 25],
    ['/b', 25],
    ['/c', 25],
    ['/d', 25],
  ]);
  urls.clear();
  await liveThrough(arrivals('8/s').for('1s'), scenario, { warmUpMs: 1_000 });
  expect([...urls.values()]).toEqual([4, 4, 4, 4]);
});

test('pauses are drawn from the seed: the same again for the same one', async () => {
  const called = async (seed: number) =>
    (await liveThrough(users(2).for('10s').thinking(between('0s', '1s')), getRoot, { seed })).calledAtMs;
  expect(await called(1)).toEqual(await called(1));
  expect(await called(2)).not.toEqual(await called(1));
});

test('an iteration that throws is failed and counted by its message; a failed request is not counted twice', async () => {
  const { data } = await liveThrough(users(1).iterations(6), async ({ request, iteration }) => {
    await request.get('/');
    if (iteration <= 3) throw new TypeError(`no ${iteration % 2 === 0 ? 'even' : 'odd'} number`);
    if (iteration === 4) await Promise.reject(notAnError);
  });
  expect(data.iterations).toEqual({ started: 6, failed: 4, unfinished: 0 });
  expect(data.exceptions).toBe(4);
  expect([...data.errors.values()].map(({ endpoint, count }) => [endpoint, count])).toEqual([
    ['scenario: TypeError: no odd number', 2],
    ['scenario: TypeError: no even number', 1],
    ['scenario: a string', 1],
  ]);
  expect(data.counts).toMatchObject({ ok: 6, failed: 0 });
});
const notAnError = 'a string' as unknown as Error;
