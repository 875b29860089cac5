import { expect } from '@playwright/test';
import { HandMovedTime } from '../../testing/hand-moved-time.ts';
import { test } from '../../testing/plain-test.ts';
import { startTicker } from './ticker.ts';

function ticking(startMs: number) {
  const time = new HandMovedTime(startMs);
  const ticks: number[] = [];
  const stop = startTicker({ everyMs: 1_000, now: time.now, timers: time, onTick: () => ticks.push(time.now()) });
  return { time, ticks, stop };
}

test('ticks fall at whole intervals after the start, none at the start', async () => {
  const { time, ticks } = ticking(250);
  await time.move(3_500);
  expect(ticks).toEqual([1_250, 2_250, 3_250]);
});

test('a loop that was blocked skips what it missed and returns to the grid', async () => {
  const { time, ticks } = ticking(0);
  await time.move(1_000);
  time.block(2_700);
  await time.move(1_500);
  expect(ticks).toEqual([1_000, 3_700, 4_000, 5_000]);
});

test('stopping leaves no timer behind', async () => {
  const { time, ticks, stop } = ticking(0);
  await time.move(1_000);
  stop();
  await time.move(5_000);
  expect({ ticks, armed: time.armed }).toEqual({ ticks: [1_000], armed: 0 });
});
