import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { RateLimit } from './rate-limit.ts';

test('a second of requests may come at once, then as many as allowed', () => {
  const limit = new RateLimit(10);
  const passed = (atMs: number, count: number) =>
    Array.from({ length: count }, () => limit.take('a', atMs)).filter((waitS) => waitS === 0).length;
  expect(passed(0, 20)).toBe(10);
  expect(passed(99, 5)).toBe(0);
  expect(passed(100, 5)).toBe(1);
  expect(passed(600, 20)).toBe(5);
  expect(passed(60_000, 20)).toBe(10);
});

test('clients do not share', () => {
  const limit = new RateLimit(1);
  expect([limit.take('a', 0), limit.take('a', 0), limit.take('b', 0)]).toEqual([0, 1, 0]);
});

test('0 does not limit', () => {
  const limit = new RateLimit(0);
  expect(Array.from({ length: 1_000 }, () => limit.take('a', 0)).every((waitS) => waitS === 0)).toBe(true);
});

test('with more clients than remembered, the longest unseen is forgotten and full again', () => {
  const limit = new RateLimit(1);
  limit.take('first', 0);
  for (let n = 0; n < 10_000; n++) limit.take(`client-${n}`, 0);
  expect(limit.take('first', 0)).toBe(0);
});
