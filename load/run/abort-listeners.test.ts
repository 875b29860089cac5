import { getEventListeners } from 'node:events';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { AbortListeners } from './abort-listeners.ts';

function listening(count: number) {
  const [listeners, giveUp] = [new AbortListeners(), new AbortController()];
  const told: number[] = [];
  const callbacks = Array.from({ length: count }, (_, n) => () => void told.push(n));
  for (const each of callbacks) listeners.add(giveUp.signal, each);
  return { listeners, giveUp, told, callbacks };
}

test('all who wait are told once, in the order in which they came, by one listener', () => {
  const { giveUp, told } = listening(1_000);
  expect(getEventListeners(giveUp.signal, 'abort')).toHaveLength(1);
  giveUp.abort();
  giveUp.abort();
  expect(told).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
});

test('who left is not told, and when all have left no listener stays', () => {
  const { listeners, giveUp, told, callbacks } = listening(3);
  const [first, second, third] = callbacks as [() => void, () => void, () => void];
  listeners.remove(giveUp.signal, second);
  listeners.remove(giveUp.signal, second);
  listeners.remove(new AbortController().signal, second); // a stranger
  expect(getEventListeners(giveUp.signal, 'abort')).toHaveLength(1);
  listeners.remove(giveUp.signal, first);
  listeners.remove(giveUp.signal, third);
  expect(getEventListeners(giveUp.signal, 'abort')).toEqual([]);
  listeners.add(giveUp.signal, third); // it may come back
  giveUp.abort();
  expect(told).toEqual([2]);
});

test('two signals have those of their own', () => {
  const { listeners, giveUp, told } = listening(2);
  const other = new AbortController();
  listeners.add(other.signal, () => told.push(7));
  other.abort();
  expect(told).toEqual([7]);
  giveUp.abort();
  expect(told).toEqual([7, 0, 1]);
});

test('who would leave while others are told is told as well', () => {
  const { listeners, giveUp, told } = listening(1);
  const late = () => void told.push(9);
  listeners.add(giveUp.signal, () => listeners.remove(giveUp.signal, late));
  listeners.add(giveUp.signal, late);
  giveUp.abort();
  expect(told).toEqual([0, 9]);
});
