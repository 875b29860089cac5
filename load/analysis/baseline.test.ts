import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { flaggedByBaseline, type SimulatedMachine } from '../../testing/simulated/baselines.ts';
import type { BaselineRun } from '../measure/baseline.ts';
import { compareWithBaseline, worseMetrics } from './baseline.ts';

interface RunParts {
  readonly p95?: number;
  readonly errorRate?: number;
  readonly requests?: number;
}

function run({ p95, errorRate = 0, requests = 1_000 }: RunParts = {}): BaselineRun {
  const latency = (value: number) => ({ count: requests, mean: value / 2, p50: value / 2, p95: value, p99: value * 2 });
  return {
    at: '2026-01-01T00:00:00.000Z',
    requests,
    errorRate,
    throughputPerSec: 100,
    ...(p95 !== undefined && { latencyMs: latency(p95) }),
  };
}

const runs = (...p95: readonly number[]) => p95.map((each) => run({ p95: each }));
const rounded = (value: number | undefined) => (value === undefined ? undefined : Number(value.toFixed(3)));

const latencies: readonly {
  readonly what: string;
  readonly past: readonly number[];
  readonly now: number;
  readonly limit: number;
  readonly kind: 'worse' | 'alike' | 'better';
}[] = [
  { what: 'one run, and half as slow again', past: [100], now: 150, limit: 150, kind: 'alike' },
  { what: 'one run, and more than that', past: [100], now: 150.1, limit: 150, kind: 'worse' },
  { what: 'one run, and a third less', past: [100], now: 66, limit: 150, kind: 'better' },
  { what: 'few quick runs, and less than 5 ms more', past: [1, 1, 1, 1], now: 5.9, limit: 6, kind: 'alike' },
  { what: 'few quick runs, and more than 5 ms more', past: [1, 1, 1, 1], now: 6.1, limit: 6, kind: 'worse' },
  {
    what: 'enough runs that never differ, within 10 %',
    past: [100, 100, 100, 100, 100],
    now: 110,
    limit: 110,
    kind: 'alike',
  },
  {
    what: 'enough runs that never differ, beyond 10 %',
    past: [100, 100, 100, 100, 100],
    now: 111,
    limit: 110,
    kind: 'worse',
  },
  {
    what: 'enough runs that never differ, a tenth less',
    past: [100, 100, 100, 100, 100],
    now: 90,
    limit: 110,
    kind: 'better',
  },
  { what: 'enough quick runs, within half a millisecond', past: [1, 1, 1, 1, 1], now: 1.5, limit: 1.5, kind: 'alike' },
  // 3.747 (t of 99 %, 4 degrees) × 0.0793 (deviation of their logarithms) × √1.2 = 0.3255; 99.75 × e^0.3255
  { what: 'enough runs that differ by 20 %', past: [90, 95, 100, 105, 110], now: 137, limit: 138.134, kind: 'alike' },
  {
    what: 'the same, and beyond what they differ by',
    past: [90, 95, 100, 105, 110],
    now: 139,
    limit: 138.134,
    kind: 'worse',
  },
];
for (const { what, past, now, limit, kind } of latencies) {
  test(`${what}: a p95 of ${now} ms is ${kind}, its limit is ${limit} ms`, () => {
    const { p95 } = compareWithBaseline(runs(...past), run({ p95: now })) ?? {};
    expect([p95?.kind, rounded(p95?.limit)]).toEqual([kind, limit]);
  });
}

const errors: readonly {
  readonly what: string;
  readonly past: readonly number[];
  readonly now: number;
  readonly requests?: number;
  readonly limit: number;
  readonly kind: 'worse' | 'alike' | 'better';
}[] = [
  { what: 'none so far, and 0.5 %', past: [0, 0, 0, 0, 0], now: 0.005, limit: 0.005, kind: 'alike' },
  { what: 'none so far, and more', past: [0, 0, 0, 0, 0], now: 0.006, limit: 0.005, kind: 'worse' },
  { what: 'none in one run, and 2 %', past: [0], now: 0.02, limit: 0.02, kind: 'alike' },
  {
    what: 'three of a hundred, which is chance',
    past: [0, 0, 0, 0, 0],
    now: 0.03,
    requests: 100,
    limit: 0.03,
    kind: 'alike',
  },
  { what: 'four of a hundred', past: [0, 0, 0, 0, 0], now: 0.04, requests: 100, limit: 0.03, kind: 'worse' },
  // 0.5 % ± 2.326 × √(0.5 × 0.5 / 1,000) = 3.7 points
  { what: 'half of them, always', past: [0.5, 0.5, 0.5, 0.5, 0.5], now: 0.53, limit: 0.537, kind: 'alike' },
  { what: 'far fewer than always', past: [0.5, 0.5, 0.5, 0.5, 0.5], now: 0.1, limit: 0.537, kind: 'better' },
  { what: 'all of them, always', past: [1, 1], now: 1, limit: 1, kind: 'alike' },
];
for (const { what, past, now, requests = 1_000, limit, kind } of errors) {
  test(`errors, ${what}: ${now} is ${kind}, its limit is ${limit}`, () => {
    const { errorRate } =
      compareWithBaseline(
        past.map((each) => run({ p95: 50, errorRate: each })),
        run({ p95: 50, errorRate: now, requests }),
      ) ?? {};
    expect([errorRate?.kind, rounded(errorRate?.limit)]).toEqual([kind, limit]);
  });
}

test('no accepted run is nothing to compare with', () => {
  expect(compareWithBaseline([], run({ p95: 50 }))).toBeUndefined();
});

const few = [
  { what: 'a p95 of 99 requests', p95: 140, requests: 99, kind: undefined }, // half of them within the limit of 75
  { what: 'a median of 9 above the limit', p95: 500, requests: 9, kind: undefined },
  { what: 'a median of 10 above the limit', p95: 500, requests: 10, kind: 'worse' },
  { what: 'a p95 of 100 requests', p95: 150, requests: 100, kind: 'worse' },
];
for (const { what, p95, requests, kind } of few) {
  test(`${what} is ${kind ?? 'nothing to compare'}; the errors are told`, () => {
    const compared = compareWithBaseline(runs(50), run({ p95, requests }));
    expect(compared).toMatchObject({ runs: 1, isShort: true, errorRate: { kind: 'alike' } });
    expect(compared?.p95?.kind).toBe(kind);
  });
}

test('a server that answers nothing is worse by its errors', () => {
  const compared = compareWithBaseline(runs(50, 50, 50, 50, 50), run({ errorRate: 1 }));
  expect(compared && worseMetrics(compared)).toEqual(['errorRate']);
  expect(compared?.isShort).toBe(false);
});

test('both may be worse', () => {
  const compared = compareWithBaseline(runs(50), run({ p95: 500, errorRate: 0.5 }));
  expect(compared && worseMetrics(compared)).toEqual(['p95', 'errorRate']);
});

/** The table of docs/analysis.md, in percent of the comparisons. */
const simulated: readonly {
  readonly machine: SimulatedMachine;
  readonly effect: number;
  readonly once: number;
  readonly twice: number;
}[] = [
  { machine: { noise: 0.03 }, effect: 0, once: 0.25, twice: 0 },
  { machine: { noise: 0.03 }, effect: 0.1, once: 36.1, twice: 21.85 },
  { machine: { noise: 0.03 }, effect: 0.2, once: 93.3, twice: 89.65 },
  { machine: { noise: 0.03 }, effect: 0.3, once: 99.9, twice: 99.8 },
  { machine: { noise: 0.03 }, effect: 0.5, once: 100, twice: 100 },
  { machine: { noise: 0.03, shared: 0.5 }, effect: 0, once: 0.75, twice: 0.2 },
  { machine: { noise: 0.03, shared: 0.5 }, effect: 0.1, once: 35.45, twice: 25.3 },
  { machine: { noise: 0.03, shared: 0.5 }, effect: 0.2, once: 92.65, twice: 89.9 },
  { machine: { noise: 0.03, shared: 0.5 }, effect: 0.3, once: 99.9, twice: 99.85 },
  { machine: { noise: 0.03, shared: 0.5 }, effect: 0.5, once: 100, twice: 100 },
  { machine: { noise: 0.08 }, effect: 0, once: 0.9, twice: 0.2 },
  { machine: { noise: 0.08 }, effect: 0.1, once: 8.3, twice: 2.35 },
  { machine: { noise: 0.08 }, effect: 0.2, once: 30.05, twice: 13.15 },
  { machine: { noise: 0.08 }, effect: 0.3, once: 61.3, twice: 43.05 },
  { machine: { noise: 0.08 }, effect: 0.5, once: 94.8, twice: 90 },
  { machine: { noise: 0.08, shared: 0.5 }, effect: 0, once: 0.9, twice: 0.15 },
  { machine: { noise: 0.08, shared: 0.5 }, effect: 0.1, once: 8, twice: 3.55 },
  { machine: { noise: 0.08, shared: 0.5 }, effect: 0.2, once: 29.1, twice: 19.55 },
  { machine: { noise: 0.08, shared: 0.5 }, effect: 0.3, once: 58.95, twice: 45.85 },
  { machine: { noise: 0.08, shared: 0.5 }, effect: 0.5, once: 94.85, twice: 91.75 },
];
for (const { machine, effect, once, twice } of simulated) {
  const common = machine.shared === undefined ? '' : `, ${machine.shared * 100} % of it in common`;
  test(`noise of ${machine.noise * 100} %${common}, ${effect * 100} % slower: ${once} % at once, ${twice} % measured again`, () => {
    const shares = flaggedByBaseline(machine, effect);
    expect([shares.once, shares.twice].map((share) => Number((share * 100).toFixed(2)))).toEqual([once, twice]);
  });
}

test('no equal servers are told apart in more than 0.5 % of the comparisons', () => {
  expect(simulated.filter(({ effect, twice }) => effect === 0 && twice > 0.5)).toEqual([]);
});
