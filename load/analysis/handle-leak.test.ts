import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { findHandleLeak, type HandleReading } from './handle-leak.ts';
import { seededRandom } from '../random.ts';

/** One reading a second: 40 handles, up to 30 connections that come and go, and a leak. */
function open({ minutes, leakPerMin = 0 }: { minutes: number; leakPerMin?: number }, seed: number): HandleReading[] {
  const random = seededRandom(seed);
  return Array.from({ length: minutes * 60 + 1 }, (_, second) => ({
    atMs: second * 1_000,
    handles: 40 + Math.floor(30 * random()) + Math.floor((leakPerMin * second) / 60),
  }));
}

const cases = [
  { title: 'connections that come and go', shape: { minutes: 10 }, kind: 'no-leak-found' },
  { title: 'ten minutes, 4 a minute', shape: { minutes: 10, leakPerMin: 4 }, kind: 'leak' },
  { title: 'a handful in ten minutes', shape: { minutes: 10, leakPerMin: 0.4 }, kind: 'no-leak-found' },
  { title: 'five minutes, 30 a minute', shape: { minutes: 5, leakPerMin: 30 }, kind: 'leak' },
  { title: 'five minutes, 8 a minute', shape: { minutes: 5, leakPerMin: 8 }, kind: 'growing-run-too-short' },
  { title: 'a minute', shape: { minutes: 1, leakPerMin: 60 }, kind: 'not-enough-data' },
];
for (const { title, shape, kind } of cases) {
  test(`${title}: ${kind}, in each of 20 runs`, () => {
    const kinds = Array.from({ length: 20 }, (_, seed) => findHandleLeak({ readings: open(shape, seed) }).kind);
    expect(new Set(kinds)).toEqual(new Set([kind]));
  });
}

test('a leak is told per minute and per thousand requests', () => {
  const leak = findHandleLeak({ readings: open({ minutes: 10, leakPerMin: 6 }, 1), requests: 60_000 });
  if (leak.kind !== 'leak') throw new Error(leak.kind);
  expect(leak.slopePerMin).toBeCloseTo(6, 0);
  expect(leak.slopeLow).toBeLessThan(6);
  expect(leak.slopeHigh).toBeGreaterThan(6);
  expect(leak.growth).toBeCloseTo(leak.slopePerMin * 10, 6);
  expect(leak.per1000Requests).toBeCloseTo(leak.growth / 60, 9);
});
