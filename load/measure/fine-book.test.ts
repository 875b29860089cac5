import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, type SampleRequest } from '../../testing/recorded-run.ts';
import { FineBook } from './fine-book.ts';
import { type FineWindow, fineUpToMs } from './run-window.ts';

function sent(atMs: number, ms = 4): SampleRequest {
  return { path: '/', ms, atMs };
}

test('a request is in the 10 ms it was due in, its end in those it ended in', () => {
  const { fine } = recordRun({ requests: [sent(0), sent(12), sent(25, 30)] });
  expect([...fine].map(([at, { scheduled, completed, latency }]) => [at, scheduled, completed, latency.count])).toEqual(
    [
      [0, 1, 1, 1],
      [1, 1, 1, 1],
      [2, 1, 0, 1],
      [3, 0, 0, 0],
      [4, 0, 0, 0],
      [5, 0, 1, 0],
    ],
  );
  expect(fine.get(4)?.inFlight).toBe(1); // nothing happens in them, but one is under way
  expect([...(fine.get(1)?.statuses ?? [])]).toEqual([['200', 1]]);
});

const lengths = [
  { lastMs: fineUpToMs - 10, kept: true },
  { lastMs: fineUpToMs, kept: false },
  { lastMs: 60_000, kept: false },
];
for (const { lastMs, kept } of lengths) {
  test(`with a request after ${lastMs} ms fine windows are ${kept ? 'kept' : 'dropped'}`, () => {
    const { fine } = recordRun({ requests: [sent(0), sent(lastMs)] });
    expect(fine.size > 0).toBe(kept);
  });
}

test('a run that ended late keeps none, though nothing happened late', () => {
  const windows = new Map<number, FineWindow>();
  const book = new FineBook(windows);
  expect(book.of(5, 1, 0)).toBeDefined();
  book.end(fineUpToMs + 1, 1, 0);
  expect(windows.size).toBe(0);
  expect(book.of(5, 1, 0)).toBeUndefined();
});

test('what was before the measured part has none', () => {
  const book = new FineBook(new Map());
  expect(book.of(-1, 1, 0)).toBeUndefined();
});
