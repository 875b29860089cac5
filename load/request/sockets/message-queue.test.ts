import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { mostKeptBytes, type SocketMessage } from './load-socket.ts';
import { MessageQueue } from './message-queue.ts';

const text = (data: string): SocketMessage => ({ data, binary: undefined });

function filled(most: number, ...messages: readonly string[]): MessageQueue {
  const queue = new MessageQueue(most);
  for (const message of messages) queue.put(text(message), message.length);
  return queue;
}

function allOf(queue: MessageQueue): string[] {
  const all: string[] = [];
  for (let message = queue.take(); message !== undefined; message = queue.take()) all.push(message.data);
  return all;
}

const limits = [
  { most: 3, put: ['a', 'b', 'c'], left: ['a', 'b', 'c'], dropped: 0 },
  { most: 2, put: ['a', 'b', 'c'], left: ['b', 'c'], dropped: 1 },
  { most: 1, put: ['a', 'b', 'c'], left: ['c'], dropped: 2 },
];
for (const { most, put, left, dropped } of limits)
  test(`of ${put.length} messages a queue of ${most} keeps ${left.join(', ')} and tells once of ${dropped}`, () => {
    const queue = filled(most, ...put);
    expect(queue.takeDropped()).toBe(dropped);
    expect(queue.takeDropped()).toBe(0);
    expect(allOf(queue)).toEqual(left);
  });

test('the one that matches leaves the queue, the others stay in their order', () => {
  const queue = filled(10, 'a', 'b', 'c', 'b');
  expect(queue.take(({ data }) => data === 'b')?.data).toBe('b');
  expect(queue.take(({ data }) => data === 'x')).toBeUndefined();
  expect(allOf(queue)).toEqual(['a', 'c', 'b']);
});

test('its bytes are bounded too, and what was taken makes room', () => {
  const queue = new MessageQueue(10);
  const half = mostKeptBytes / 2;
  queue.put(text('a'), half);
  queue.put(text('b'), half);
  expect(queue.takeDropped()).toBe(0);
  expect(queue.take()?.data).toBe('a');
  queue.put(text('c'), half);
  expect(queue.takeDropped()).toBe(0);
  queue.put(text('d'), 1);
  expect([queue.takeDropped(), allOf(queue)]).toEqual([1, ['c', 'd']]);
});

test('one that is larger than all of the room is kept alone', () => {
  const queue = new MessageQueue(10);
  queue.put(text('a'), 1);
  queue.put(text('b'), mostKeptBytes + 1);
  expect([queue.takeDropped(), allOf(queue)]).toEqual([1, ['b']]);
});
