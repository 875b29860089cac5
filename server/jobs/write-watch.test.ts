import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { WriteWatch, writeAnswerMs } from './write-watch.ts';

/** A database that is written by hand: each write is answered as `answer` says. */
function watched() {
  const state = { nowMs: 0, writes: 0, answer: async () => {} };
  const watch = new WriteWatch({
    tryWrite: () => {
      state.writes++;
      return state.answer();
    },
    clock: { nowMs: () => 1_000_000 - state.nowMs }, // goes back: it must not matter
    monotonicMs: () => state.nowMs,
    limitMs: 20,
  });
  return { state, watch };
}

const full = async () => {
  throw new Error('full');
};

test('however many ask, one row is written, and the answer counts for a while', async () => {
  const { state, watch } = watched();
  await Promise.all(Array.from({ length: 50 }, () => watch.ask()));
  state.nowMs = writeAnswerMs - 1;
  await watch.ask();
  expect(state.writes).toBe(1);
  state.nowMs = writeAnswerMs;
  await watch.ask();
  expect(state.writes).toBe(2);
});

test('trouble is told to all who ask, and ends with it', async () => {
  const { state, watch } = watched();
  state.answer = full;
  await expect(watch.ask()).rejects.toThrow('full');
  state.answer = async () => {};
  await expect(watch.ask()).rejects.toThrow('full'); // remembered
  expect(await watch.isWritable()).toBe(false);
  state.nowMs = writeAnswerMs;
  await watch.ask();
  expect([await watch.isWritable(), state.writes]).toEqual([true, 2]);
});

test('a write that hangs is no answer', async () => {
  const { state, watch } = watched();
  let finish = () => {};
  state.answer = () => new Promise<void>((resolve) => (finish = resolve));
  expect(await watch.isWritable()).toBe(false);
  expect(state.writes).toBe(1);
  const late = watch.ask(); // the same write is still waited for
  finish();
  await late;
  expect([await watch.isWritable(), state.writes]).toEqual([true, 1]);
});
