import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { Deadline } from './deadline.ts';

const reasonOf = ({ signal }: Deadline) => (signal.reason as Error | undefined)?.name;

test('the time is over though memory is tidied up meanwhile and nobody holds more than a listener', async () => {
  setFlagsFromString('--expose-gc');
  const tidyUp = runInNewContext('gc') as () => void;
  const caller = new AbortController();
  const fired = new Promise((resolve) => {
    new Deadline(100, caller.signal).signal.addEventListener('abort', resolve);
  });
  const tidying = setInterval(tidyUp, 10);
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('it never fired')), 20_000).unref());
  await Promise.race([fired, late]);
  clearInterval(tidying);
});

test('a caller that ends it first, before or meanwhile, is no time that is over', async () => {
  for (const before of [true, false]) {
    const caller = new AbortController();
    if (before) caller.abort();
    const deadline = new Deadline(20, caller.signal);
    caller.abort();
    expect(reasonOf(deadline)).toBe('AbortError');
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect([deadline.isOver, reasonOf(deadline)]).toEqual([false, 'AbortError']);
    deadline.end();
  }
});

test('what has ended leaves nothing with its caller, and never fires', async () => {
  const caller = new AbortController();
  const deadline = new Deadline(10, caller.signal);
  deadline.end();
  expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([deadline.signal.aborted, deadline.isOver]).toEqual([false, false]);
});
