import { getEventListeners } from 'node:events';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { WorkPool } from './work-pool.ts';

/** A piece of work that ends when told. */
function work() {
  let end = () => {};
  const promise = new Promise<void>((resolve) => (end = resolve));
  return { run: () => promise, end };
}

test('two run, one waits, the next is told at once', async () => {
  const pool = new WorkPool({ running: 2, waiting: 1 });
  const [a, b, c] = [work(), work(), work()];
  const done = [pool.run(a.run), pool.run(b.run), pool.run(c.run)];
  expect(pool.waiting).toBe(1);
  await expect(pool.run(work().run)).rejects.toMatchObject({ kind: 'busy' });
  a.end();
  await done[0];
  expect(pool.waiting).toBe(0);
  b.end();
  c.end();
  await Promise.all(done);
  expect(pool.waiting).toBe(0);
});

test('work that fails gives its place on', async () => {
  const pool = new WorkPool({ running: 1, waiting: 0 });
  await expect(pool.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await pool.run(() => Promise.resolve(1))).toBe(1);
});

test('who has waited as long as it may leaves the queue, and its work is never begun', async () => {
  const pool = new WorkPool({ running: 1, waiting: 2 });
  const [a, c] = [work(), work()];
  const first = pool.run(a.run);
  let isBegun = false;
  const impatient = pool.run(async () => void (isBegun = true), { waitMs: 0 });
  const patient = pool.run(c.run, { waitMs: 60_000 });
  await expect(impatient).rejects.toMatchObject({ kind: 'busy' });
  expect(pool.waiting).toBe(1);
  a.end();
  c.end();
  await Promise.all([first, patient]);
  expect([isBegun, pool.waiting]).toEqual([false, 0]);
  expect(await pool.run(() => Promise.resolve('there is room again'), { waitMs: 0 })).toBe('there is room again');
});

test('who waits and is told to stop leaves the queue at once, and its work is never begun', async () => {
  const pool = new WorkPool({ running: 1, waiting: 1 });
  const a = work();
  const first = pool.run(a.run);
  const stop = new AbortController();
  let isBegun = false;
  const waiting = pool.run(async () => void (isBegun = true), { signal: stop.signal });
  stop.abort(new Error('the agent is stopping'));
  await expect(waiting).rejects.toThrow('the agent is stopping');
  expect(pool.waiting).toBe(0);
  await expect(pool.run(work().run, { signal: stop.signal })).rejects.toThrow('the agent is stopping');
  a.end();
  await first;
  expect(isBegun).toBe(false);
});

test('whoever waited leaves nothing at its signal: with a place, told to stop, or too long', async () => {
  const pool = new WorkPool({ running: 1, waiting: 3 });
  const a = work();
  const first = pool.run(a.run);
  const [placed, stopped, late] = [new AbortController(), new AbortController(), new AbortController()];
  const listeners = () => [placed, stopped, late].map(({ signal }) => getEventListeners(signal, 'abort').length);
  const getsPlace = pool.run(() => Promise.resolve(listeners()), { signal: placed.signal, waitMs: 60_000 });
  const isStopped = pool.run(work().run, { signal: stopped.signal });
  const isLate = pool.run(work().run, { signal: late.signal, waitMs: 0 });
  expect(listeners()).toEqual([1, 1, 1]);
  await expect(isLate).rejects.toMatchObject({ kind: 'busy' });
  expect(listeners()).toEqual([1, 1, 0]);
  stopped.abort(new Error('the agent is stopping'));
  await expect(isStopped).rejects.toThrow('the agent is stopping');
  expect(listeners()).toEqual([1, 0, 0]);
  a.end();
  await first;
  expect(await getsPlace).toEqual([0, 0, 0]);
});
