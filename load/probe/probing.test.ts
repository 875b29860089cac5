import { expect } from '@playwright/test';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { test } from '../../testing/plain-test.ts';
import type { ProbeData } from '../measure/probe-data.ts';
import { Probing } from './probing.ts';
import { Turns } from './turns.ts';

const second = 1_000;

interface Scene {
  /** What each round takes, in turn; the last for all that follow. */
  readonly takes: readonly number[];
  /** Which rounds fail, by their place from 0: the one that warms the caches first. */
  readonly failing?: readonly number[];
  readonly everyMs?: number;
  readonly isOnce?: boolean;
  readonly turns?: Turns;
}

function sceneOf({ takes, failing = [], everyMs = 5 * second, isOnce = false, turns = new Turns() }: Scene) {
  const clock = new VirtualClock();
  const now = { playing: 0, most: 0, played: 0 };
  const probing = new Probing({
    everyMs,
    clock,
    isOnce,
    turns,
    play: async () => {
      const [at, beganAtMs] = [now.played, clock.now()];
      now.played += 1;
      now.playing += 1;
      now.most = Math.max(now.most, now.playing);
      const ms = takes[Math.min(at, takes.length - 1)] ?? 0;
      await clock.sleep(ms);
      now.playing -= 1;
      return { beganAtMs, vitals: {}, actions: {}, ms, ...(failing.includes(at) && { failure: 'it fell over' }) };
    },
  });
  const beside = (lengthMs: number, { warmUpMs = 0, isTimed = true, signal = new AbortController().signal } = {}) => {
    const zeroMs = clock.now() + warmUpMs;
    const endMs = zeroMs + lengthMs;
    const end = probing.begin({ zeroMs, plannedEndMs: isTimed ? endMs : undefined, signal });
    return clock.sleepUntil(endMs).then(async () => end(endMs));
  };
  return { clock, probing, beside, now };
}

const startsOf = ({ rounds }: ProbeData, phase: 'idle' | 'load') =>
  rounds.filter((round) => round.phase === phase).map(({ atMs }) => atMs);

const cases = [
  { title: 'one every 5 s from the start of the load', takes: [second], loadMs: 12_000, under: [0, 5_000, 10_000] },
  {
    title: 'one that takes longer than that puts off the next, which follows at once',
    takes: [second, second, second, 7_000],
    loadMs: 21_000,
    under: [0, 7_000, 14_000],
  },
  {
    title: 'sad: none is begun that would outlast the load by what they take under it: its end would be at rest',
    takes: [second, second, second, 7_000],
    loadMs: 20_000,
    under: [0, 7_000],
  },
  {
    title: 'sad: nor does one count that was begun, where the load ended before it was planned to',
    takes: [second, second, second, 7_000],
    loadMs: 20_000,
    isTimed: false,
    under: [0, 7_000],
  },
  { title: 'sad: none is begun that has no time left', takes: [3_000], loadMs: 12_000, under: [0, 5_000] },
  { title: 'sad: a load shorter than a round has none', takes: [3_000], loadMs: 2_999, under: [] },
  { title: 'boundary: a load as long as a round has one', takes: [3_000], loadMs: 3_000, under: [0] },
  {
    title: 'a slow one counts though it outlasts the load: leaving it out would flatter',
    takes: [second, second, second, second, 9_000],
    loadMs: 7_000,
    under: [0, 5_000],
  },
  {
    title: 'a load that does not know its end has them until it ends, the last without its time left out',
    takes: [second],
    loadMs: 10_500,
    isTimed: false,
    under: [0, 5_000],
  },
  { title: 'the warm-up of a load has none', takes: [second], loadMs: 6_000, warmUpMs: 20_000, under: [0, 5_000] },
];
for (const { title, takes, loadMs, under, isTimed = true, warmUpMs = 0 } of cases) {
  test(`rounds of a load: ${title}`, async () => {
    const { clock, probing, beside, now } = sceneOf({ takes });
    const data = await clock.live(probing.idle(2).then(async () => beside(loadMs, { isTimed, warmUpMs })));
    expect(startsOf(data, 'load')).toEqual(under);
    expect(startsOf(data, 'idle').every((atMs) => atMs < 0)).toBe(true);
    expect(startsOf(data, 'idle')).toHaveLength(2);
    expect(now.most).toBe(1);
  });
}

test('the round that warms the caches is in no figure, unless it failed', async () => {
  for (const [failing, idle] of [
    [[], 3],
    [[0], 4],
  ] as const) {
    const { clock, probing, beside } = sceneOf({ takes: [second], failing });
    const data = await clock.live(probing.idle(3).then(async () => beside(second)));
    expect(startsOf(data, 'idle')).toHaveLength(idle);
  }
});

test('two loads side by side have the rounds of their own time, on their own axes, and all idle ones', async () => {
  const { clock, probing, beside, now } = sceneOf({ takes: [second] });
  const [long, short] = await clock.live(
    probing.idle(1).then(async () => {
      const first = beside(14_000);
      await clock.sleep(7_000);
      return Promise.all([first, beside(3_000)]);
    }),
  );
  expect(startsOf(long, 'load')).toEqual([0, 5_000, 7_000, 12_000]);
  expect(startsOf(short, 'load')).toEqual([0]);
  expect([startsOf(long, 'idle'), startsOf(short, 'idle')]).toEqual([[-1_000], [-8_000]]);
  expect(now.most).toBe(1);
});

test('loads one after the other have rounds of their own, and none is played between them', async () => {
  const { clock, probing, beside, now } = sceneOf({ takes: [second] });
  const all = await clock.live(
    probing.idle(1).then(async () => {
      const first = await beside(4_000);
      await clock.sleep(60_000);
      return [first, await beside(4_000)];
    }),
  );
  expect(all.map((data) => startsOf(data, 'load'))).toEqual([[0], [0]]);
  expect(now.played).toBe(4);
});

test('one that failed is told, however little of its load was left', async () => {
  const { clock, probing, beside } = sceneOf({ takes: [3_000], failing: [2] });
  const data = await clock.live(probing.idle(1).then(async () => beside(second)));
  expect(data.rounds.map(({ failure }) => failure)).toEqual([undefined, 'it fell over']);
});

test('played once, a load has one round, and there is one before it', async () => {
  const { clock, probing, beside, now } = sceneOf({ takes: [3_000], isOnce: true });
  const data = await clock.live(probing.idle(3).then(async () => beside(10)));
  expect(data.rounds.map(({ phase }) => phase)).toEqual(['idle', 'load']);
  expect(now.played).toBe(2);
});

test('who is interrupted waits for no round', async () => {
  const { clock, probing, beside } = sceneOf({ takes: [second, second, 3_600_000] });
  const interrupt = new AbortController();
  const data = await clock.live(
    probing.idle(1).then(async () => {
      const load = beside(2_000, { signal: interrupt.signal });
      await clock.sleep(2_500);
      interrupt.abort();
      return load;
    }),
  );
  expect(startsOf(data, 'load')).toEqual([]);
  expect(clock.now()).toBeLessThan(10_000);
});

test('rounds of two probes take turns: the page of one is in no figure of the other', async () => {
  const clock = new VirtualClock();
  const turns = new Turns();
  let [playing, most] = [0, 0];
  const probings = ['a', 'b'].map(
    () =>
      new Probing({
        everyMs: 5 * second,
        clock,
        isOnce: false,
        turns,
        play: async () => {
          const beganAtMs = clock.now();
          most = Math.max(most, ++playing);
          await clock.sleep(second);
          playing -= 1;
          return { beganAtMs, vitals: {}, actions: {}, ms: second };
        },
      }),
  );
  const under = await clock.live(
    (async () => {
      await Promise.all(probings.map(async (probing) => probing.idle(2)));
      const zeroMs = clock.now();
      const load = { zeroMs, plannedEndMs: zeroMs + 12_000, signal: new AbortController().signal };
      const ends = probings.map((probing) => probing.begin(load));
      await clock.sleepUntil(zeroMs + 12_000);
      return Promise.all(ends.map(async (end) => end(zeroMs + 12_000)));
    })(),
  );
  expect(under.map((data) => startsOf(data, 'load'))).toEqual([
    [0, 5_000, 10_000],
    [1_000, 6_000, 11_000],
  ]);
  expect(most).toBe(1);
});

test('of a load of days rounds of its whole time are kept, and all that failed', async () => {
  const { clock, probing, beside } = sceneOf({ takes: [second], failing: [4_503] });
  const data = await clock.live(probing.idle(2).then(async () => beside(5_000 * 5 * second)));
  const under = data.rounds.filter(({ phase }) => phase === 'load');
  expect(under.length + data.leftOut).toBe(5_000);
  expect(under.filter(({ failure }) => failure !== undefined).map(({ atMs }) => atMs)).toEqual([4_500 * 5_000]);
  expect(under.length).toBe(626); // one in eight, and the one that failed
  expect(under.at(-1)?.atMs).toBe(4_992 * 5_000);
});
