import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { realClock } from './clock.ts';

test('sleeping lasts until the moment and never ends before it, though timers fire early', async () => {
  const early: number[] = [];
  const sleepers = Array.from({ length: 400 }, async (_, n) => {
    const atMs = realClock.now() + 5 + n * 0.37;
    await realClock.sleepUntil(atMs);
    if (realClock.now() < atMs) early.push(atMs - realClock.now());
  });
  await Promise.all(sleepers);
  expect(early).toEqual([]);
});

test('a moment beyond the longest timer is waited for, not woken from at once', async () => {
  const giveUp = new AbortController();
  let woke = false;
  const slept = realClock.sleepUntil(realClock.now() + 3e9, giveUp.signal).then(() => (woke = true));
  await realClock.sleepUntil(realClock.now() + 30);
  expect(woke).toBe(false);
  giveUp.abort();
  await slept;
});

test('what is past, or was given up, is not waited for', async () => {
  const fromMs = realClock.now();
  await realClock.sleepUntil(fromMs - 1);
  await realClock.sleepUntil(fromMs + 60_000, AbortSignal.abort());
  const giveUp = new AbortController();
  const slept = realClock.sleepUntil(fromMs + 60_000, giveUp.signal);
  giveUp.abort();
  await slept;
  expect(realClock.now() - fromMs).toBeLessThan(5_000);
});

test('a call again and again ends when it is told to', async () => {
  let calls = 0;
  await new Promise<void>((resolve) => {
    const stop = realClock.every(1, () => {
      calls += 1;
      if (calls < 5) return;
      stop();
      resolve();
    });
  });
  await realClock.sleepUntil(realClock.now() + 20);
  expect(calls).toBe(5);
});

test('time never goes back and is finer than a millisecond', () => {
  const moments = Array.from({ length: 10_000 }, () => realClock.now());
  expect(moments.every((ms, at) => ms >= (moments[at - 1] ?? 0))).toBe(true);
  expect(moments.some((ms) => !Number.isInteger(ms))).toBe(true);
  expect(Math.abs(realClock.epochMs() - Date.now())).toBeLessThan(1_000);
});
