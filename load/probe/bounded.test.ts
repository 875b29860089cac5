import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { bounded, GivenUp } from './bounded.ts';
import { worstOf } from './vitals.ts';

const never = new Promise<never>(() => undefined);

test('work that comes to an end in time is what it is, well or ill', async () => {
  const clock = new VirtualClock();
  const bounds = { clock, limitMs: 10, tooLong: 'too long' };
  expect(await clock.live(bounded(Promise.resolve(1), bounds))).toBe(1);
  await expect(clock.live(bounded(Promise.reject(new Error('no')), bounds))).rejects.toThrow('no');
  expect(clock.waiting).toBe(0);
});

test('work that does not is given up at its limit, or with the words of the signal', async () => {
  const clock = new VirtualClock();
  await expect(clock.live(bounded(never, { clock, limitMs: 10, tooLong: 'too long' }))).rejects.toEqual(
    new GivenUp('too long'),
  );
  expect(clock.now()).toBe(10);
  const signal = AbortSignal.abort('the page crashed');
  await expect(clock.live(bounded(never, { clock, limitMs: 10, tooLong: 'too long', signal }))).rejects.toEqual(
    new GivenUp('the page crashed'),
  );
  expect(clock.waiting).toBe(0);
});

test('of several documents in a round the worst of each vital counts, and what none told is absent', () => {
  expect(
    worstOf([
      { lcp: 12.34, cls: 0.00016 },
      { lcp: 8, ttfb: 3 },
    ]),
  ).toEqual({ lcp: 12.3, cls: 0.0002, ttfb: 3 });
  expect(worstOf([])).toEqual({});
});
