import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { healthyMemory, leakingMemory, type MemoryShape, memoryTrace } from '../../testing/simulated/memory.ts';
import { findLeak } from './leak.ts';
import { seededRandom, standardNormal } from '../random.ts';

/** Of twenty runs, how many ended in which way. */
function outcomes(shape: MemoryShape): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let seed = 1; seed <= 20; seed += 1) {
    const { kind } = findLeak({ readings: memoryTrace(shape, seed) });
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

const certain = [
  { title: 'ten minutes without a leak', shape: { minutes: 10 }, expected: { 'no-leak-found': 20 } },
  { title: 'ten minutes, 2 MiB a minute', shape: { minutes: 10, leakPerMin: 2 }, expected: { leak: 20 } },
  {
    title: 'twenty minutes, 2 MiB a minute under a saw-tooth of 60',
    shape: { minutes: 20, leakPerMin: 2, sawMb: 60, sawS: 25 },
    expected: { leak: 20 },
  },
  { title: 'five minutes, 8 MiB a minute', shape: { minutes: 5, leakPerMin: 8 }, expected: { leak: 20 } },
  {
    title: 'five minutes, 4 MiB a minute',
    shape: { minutes: 5, leakPerMin: 4 },
    expected: { 'growing-run-too-short': 20 },
  },
];
for (const { title, shape, expected } of certain) {
  test(`${title}: ${JSON.stringify(expected)} of 20`, () => {
    expect(outcomes(shape)).toEqual(expected);
  });
}

test('a rise of a few megabytes is no leak, however steady', () => {
  const creeping = findLeak({ readings: memoryTrace({ minutes: 10, leakPerMin: 0.3 }, 2) });
  expect(creeping.kind).toBe('no-leak-found');
  if (creeping.kind === 'no-leak-found') expect(creeping.pValue).toBeLessThan(0.01);
});

test('a rise that chance can give is no leak, however large', () => {
  const found = Array.from({ length: 20 }, (_, seed) => {
    const random = seededRandom(seed);
    const blocks = Array.from({ length: 20 }, () => 200 + 40 * standardNormal(random));
    return findLeak({
      readings: Array.from({ length: 601 }, (_unused, second) => ({
        atMs: second * 1_000,
        rssMb: blocks[Math.floor(second / 30)] ?? 200,
      })),
    });
  });
  const large = found.filter((leak) => leak.kind !== 'not-enough-data' && leak.growthMb > 15 && leak.pValue >= 0.01);
  expect(large.length).toBeGreaterThan(2);
  expect(new Set(large.map(({ kind }) => kind))).toEqual(new Set(['no-leak-found']));
});

const warmUps = [
  { minutes: 5, warmUpS: 60 },
  { minutes: 5, warmUpS: 120 },
  { minutes: 10, warmUpS: 120 },
  { minutes: 10, warmUpS: 200 },
];
for (const shape of warmUps) {
  test(`a warm-up of ${shape.warmUpS} s in ${shape.minutes} minutes levels off and is never called a leak`, () => {
    const counts = outcomes(shape);
    expect(counts).not.toHaveProperty('leak');
    expect(counts['levelling-off']).toBeGreaterThan(10);
  });
}

test('none of 200 traces without a leak, saw-teeth and warm-ups of all kinds, is called one', () => {
  const found = healthyMemory.flatMap((shape) =>
    Array.from({ length: 25 }, (_, at) => findLeak({ readings: memoryTrace(shape, 100 + at) }).kind),
  );
  expect(found).toHaveLength(200);
  expect(found).not.toContain('leak');
});

for (const shape of leakingMemory) {
  test(`2 MiB a minute are found in ten minutes, in 95 of 100 runs at least: ${JSON.stringify(shape)}`, () => {
    const kinds = Array.from({ length: 100 }, (_, at) => findLeak({ readings: memoryTrace(shape, 500 + at) }).kind);
    expect(kinds.filter((kind) => kind === 'leak').length).toBeGreaterThanOrEqual(95);
  });
}

test('memory that never moves has no slope, and no leak', () => {
  const readings = Array.from({ length: 601 }, (_, second) => ({ atMs: second * 1_000, rssMb: 80 }));
  expect(findLeak({ readings })).toMatchObject({ kind: 'no-leak-found', slopeMbPerMin: 0, growthMb: 0, pValue: 1 });
});

test('a leak is reported with its slope, its interval, and what it means for requests and for a limit', () => {
  const leak = findLeak({ readings: memoryTrace({ minutes: 10, leakPerMin: 3 }, 5), requests: 60_000, limitMb: 512 });
  expect(leak.kind).toBe('leak');
  if (leak.kind !== 'leak') return;
  expect(leak.slopeMbPerMin).toBeCloseTo(3, 0);
  expect(leak.slopeLow).toBeLessThan(3);
  expect(leak.slopeHigh).toBeGreaterThan(3);
  expect(leak.growthMb).toBeCloseTo(leak.slopeMbPerMin * 10, 6);
  expect(leak.mbPer1000Requests).toBeCloseTo(leak.growthMb / 60, 9);
  expect(leak.minutesToLimit).toBeCloseTo((512 - 110) / 3, -1);
});

test('a run that finds no leak says how small a leak it could have found', () => {
  const short = findLeak({ readings: memoryTrace({ minutes: 5 }, 3) });
  const long = findLeak({ readings: memoryTrace({ minutes: 20 }, 3) });
  expect(short).toMatchObject({ kind: 'no-leak-found', detectableMbPerMin: 5 });
  expect(long).toMatchObject({ kind: 'no-leak-found', detectableMbPerMin: expect.closeTo(0.25, 1) });
});

const short = [
  { readings: [], reason: '0 of 14 blocks of 15 s hold readings: sample for at least 210 s' },
  {
    readings: memoryTrace({ minutes: 2 }, 1),
    reason: '8 of 14 blocks of 15 s hold readings: sample for at least 210 s',
  },
];
for (const { readings, reason } of short) {
  test(`not enough data: ${reason}`, () => {
    expect(findLeak({ readings })).toEqual({ kind: 'not-enough-data', reason });
  });
}
