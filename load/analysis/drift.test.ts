import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { type Drift, type DriftOptions, type DriftWindow, findDrift } from './drift.ts';
import { seededRandom, standardNormal } from '../random.ts';

type Shape = {
  /** Over the run, as a share of the level. */
  readonly change?: number;
  /** Standard deviation of a window, as a share of the level. */
  readonly noise?: number;
  /** How much of a window's noise stays in the next one. */
  readonly memory?: number;
  readonly windows?: number;
};

function latency({ change = 0, noise = 0.03, memory = 0, windows = 40 }: Shape, seed: number): DriftWindow[] {
  const random = seededRandom(seed);
  let rest = 0;
  return Array.from({ length: windows }, (_, at) => {
    rest = memory * rest + Math.sqrt(1 - memory ** 2) * standardNormal(random);
    return { atMs: at * 15_000, value: 20 * (1 + change * (at / (windows - 1) - 0.5) + noise * rest) };
  });
}

function kinds(shape: Shape, runs: number): Partial<Record<Drift['kind'], number>> {
  const counts: Partial<Record<Drift['kind'], number>> = {};
  for (let seed = 1; seed <= runs; seed += 1) {
    const { kind } = findDrift(latency(shape, seed));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

const cases: { readonly title: string; readonly shape: Shape; readonly expected: ReturnType<typeof kinds> }[] = [
  { title: 'noise alone', shape: {}, expected: { steady: 200 } },
  { title: 'noise that lingers', shape: { memory: 0.6 }, expected: { steady: 200 } },
  {
    title: 'much noise that lingers, one drift in 25 by chance',
    shape: { noise: 0.15, memory: 0.6 },
    expected: { steady: 155, 'too-noisy': 37, rising: 5, falling: 3 },
  },
  { title: 'a rise of 30 %', shape: { change: 0.3 }, expected: { rising: 200 } },
  { title: 'a rise of 30 % under noise that lingers', shape: { change: 0.3, memory: 0.6 }, expected: { rising: 200 } },
  { title: 'a fall of 30 %', shape: { change: -0.3 }, expected: { falling: 200 } },
  { title: 'a rise of 5 %, however certain', shape: { change: 0.05, noise: 0.001 }, expected: { steady: 200 } },
  { title: 'eleven windows', shape: { windows: 11, change: 1 }, expected: { 'not-enough-data': 200 } },
];
for (const { title, shape, expected } of cases) {
  test(`${title}: ${JSON.stringify(expected)} of 200 runs`, () => {
    expect(kinds(shape, 200)).toEqual(expected);
  });
}

/** From `at`, a share of the run, on the level is another one. */
function stepped(
  { at, by, noise = 0, memory = 0 }: { at: number; by: number; noise?: number; memory?: number },
  seed = 1,
) {
  return latency({ noise, memory }, seed).map(({ atMs, value }, index, all) => ({
    atMs,
    value: index < at * all.length ? value : value * by,
  }));
}

const steps: { readonly at: number; readonly by: number; readonly noise?: number; readonly kind: Drift['kind'] }[] = [
  { at: 0.25, by: 2, kind: 'rising' },
  { at: 0.5, by: 2, kind: 'rising' },
  { at: 0.75, by: 2, kind: 'rising' },
  { at: 0.6, by: 10, noise: 0.05, kind: 'rising' },
  { at: 0.6, by: 0.7, noise: 0.03, kind: 'falling' },
  { at: 0.6, by: 1.05, noise: 0.001, kind: 'steady' },
];
for (const { kind, ...step } of steps) {
  test(`a level that changes at once is ${kind}: ${JSON.stringify(step)}`, () => {
    for (let seed = 1; seed <= 50; seed += 1) expect(findDrift(stepped(step, seed))).toMatchObject({ kind });
  });
}

test('a change at once is told by the levels of both ends', () => {
  expect(findDrift(stepped({ at: 0.6, by: 2 }))).toMatchObject({
    kind: 'rising',
    atOnce: true,
    from: 20,
    to: 40,
    change: 1,
    changeLow: 1,
    changeHigh: 1,
  });
});

test('a stall of a fifth of the run that is over by its end is no drift', () => {
  const windows = latency({ noise: 0.03 }, 1).map(({ atMs, value }, at) => ({
    atMs,
    value: at >= 16 && at < 24 ? 9 * value : value,
  }));
  expect(findDrift(windows)).toMatchObject({ kind: 'steady' });
});

test('a third of the windows may be wild', () => {
  const windows = latency({ noise: 0.01 }, 7).map((window, at) => (at % 4 === 0 ? { ...window, value: 900 } : window));
  expect(findDrift(windows)).toMatchObject({ kind: 'steady' });
});

/** `count` single windows, anywhere, are nine times as high. */
function stalled(windows: readonly DriftWindow[], count: number, seed: number): DriftWindow[] {
  const random = seededRandom(1_000 + seed);
  const at = new Set(Array.from({ length: count }, () => Math.floor(random() * windows.length)));
  return windows.map((window, index) => (at.has(index) ? { ...window, value: 9 * window.value } : window));
}

function accused(shape: Shape, stalls: number, options: Partial<DriftOptions>, runs: number): number {
  let count = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const { kind } = findDrift(stalled(latency(shape, seed), stalls, seed), options);
    if (kind === 'rising' || kind === 'falling') count += 1;
  }
  return count;
}

// Without a least change, the interval alone keeps a flat series from being accused.
for (const confidence of [0.99, 0.95]) {
  for (const stalls of [0, 2, 5]) {
    for (const [memory, factor] of [
      [0, 1],
      [0.6, confidence === 0.99 ? 5 : 2.5], // in so few windows much of what lingers is not seen
    ] as const) {
      const share = factor * (1 - confidence);
      const shape = { noise: 0.15, memory };
      test(`flat noise of which ${memory} lingers, with ${stalls} stalls, is accused in ${(100 * share).toFixed(1)} % of runs at ${confidence}`, () => {
        const runs = 400;
        const chance = 3 * Math.sqrt(runs * share * (1 - share));
        const count = accused(shape, stalls, { minChange: 0, confidence }, runs);
        expect(count).toBeLessThanOrEqual(runs * share + chance);
      });
    }
  }
}

for (const memory of [0, 0.6]) {
  for (const stalls of [0, 1, 2]) {
    test(`flat noise of 3 % of which ${memory} lingers, with ${stalls} stalls, is accused in none of 100 runs`, () => {
      expect(accused({ noise: 0.03, memory }, stalls, {}, 100)).toBe(0);
    });
  }
}

const constant = Array.from({ length: 20 }, (_, at) => ({ atMs: at * 5_000, value: 1 }));
const edges: {
  readonly title: string;
  windows: DriftWindow[];
  options?: Partial<DriftOptions>;
  expected: Record<string, unknown>;
}[] = [
  {
    title: 'a figure that never moves is steady',
    windows: constant,
    expected: { kind: 'steady', change: 0, detectable: 0.1, from: 1, to: 1, watchedMs: 95_000 },
  },
  {
    title: 'a figure that is 0 has no share to change by',
    windows: constant.map(({ atMs }) => ({ atMs, value: 0 })),
    expected: { kind: 'not-enough-data', reason: 'it is 0 in most windows, of which there is no share' },
  },
  {
    title: 'noise that could hide a doubling is not called steady',
    windows: latency({ noise: 0.9 }, 3),
    expected: { kind: 'too-noisy' },
  },
  {
    title: 'less than the least difference is none',
    windows: latency({ change: 0.3, noise: 0.01 }, 3),
    options: { minDifference: 10 },
    expected: { kind: 'steady', detectable: expect.closeTo(0.5, 2) },
  },
  {
    title: 'nothing measured',
    windows: [],
    expected: { kind: 'not-enough-data', reason: '0 of 12 windows hold enough answers' },
  },
];
for (const { title, windows, options, expected } of edges) {
  test(title, () => {
    expect(findDrift(windows, options)).toMatchObject(expected);
  });
}

test('a drift is told by its line, its share of the median, and the interval of that', () => {
  const drift = findDrift(latency({ change: 0.4, noise: 0.01 }, 5));
  if (drift.kind !== 'rising') throw new Error(drift.kind);
  expect(drift.from).toBeCloseTo(16, 0);
  expect(drift.to).toBeCloseTo(24, 0);
  expect(drift.change).toBeCloseTo(0.4, 1);
  expect(drift.changeLow).toBeLessThan(0.4);
  expect(drift.changeHigh).toBeGreaterThan(0.4);
  expect(drift.slopePerMin).toBeCloseTo(8 / (39 / 4), 1);
});
