import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sampleOf } from '../../testing/virtual-run.ts';
import { exemplarLimits, Exemplars, keptMessage } from './exemplar.ts';
import type { HttpSample } from './samples/http.ts';

let asked = 0;
const sample: HttpSample = {
  ...sampleOf('/a', { calledAtMs: 0, endedAtMs: 1, status: 200 }),
  details: () => {
    asked += 1;
    return { requestHeaders: {}, requestBody: 'sent', responseHeaders: {}, responseBody: undefined };
  },
};
const failed: HttpSample = {
  ...sample,
  failure: { kind: 'reset', code: 'ECONNRESET', message: '  socket hang up\nCall log:\n - GET' },
};

function slow(...serviceMs: readonly number[]): Exemplars {
  const exemplars = new Exemplars();
  serviceMs.forEach((ms, n) => exemplars.considerSlow(sample, `GET /${n}`, n, ms));
  return exemplars;
}

test('the five slowest are kept, the slowest first, and nobody else is looked at', () => {
  asked = 0;
  const exemplars = slow(5, 1, 4, 2, 3, 1, 3.5, 1, 9);
  expect(exemplars.list().map(({ serviceMs, atMs }) => [serviceMs, atMs])).toEqual([
    [9, 8],
    [5, 0],
    [4, 2],
    [3.5, 6],
    [3, 4],
  ]);
  expect(asked).toBe(7); // five, then 3.5 and 9
});

test('one that is as slow as the quickest of them does not take its place', () => {
  asked = 0;
  expect(
    slow(1, 1, 1, 1, 1, 1)
      .list()
      .map(({ atMs }) => atMs),
  ).toEqual([0, 1, 2, 3, 4]);
  expect(asked).toBe(5);
});

test('the first three of each kind of failure are kept, of twenty kinds', () => {
  asked = 0;
  const exemplars = new Exemplars();
  for (let n = 0; n < 5; n++) exemplars.considerFailed(failed, 'GET /', 'ECONNRESET', n, 1);
  expect(asked).toBe(3);
  for (let n = 0; n < 30; n++) exemplars.considerFailed(failed, 'GET /', `kind ${n}`, n, 1);
  exemplars.considerFailed(failed, 'GET /', 'kind 3', 99, 1); // of a kind that is known, though twenty are
  const kept = exemplars.list().map(({ kind, atMs }) => `${kind ?? ''} at ${atMs}`);
  expect(kept.slice(0, 3)).toEqual(['ECONNRESET at 0', 'ECONNRESET at 1', 'ECONNRESET at 2']);
  expect(new Set(exemplars.list().map(({ kind }) => kind)).size).toBe(exemplarLimits.failureKinds);
  expect(kept).toContain('kind 3 at 99');
  expect(kept).not.toContain('kind 19 at 19');
});

test('a failure carries the first line of its message, a slow one none', () => {
  const exemplars = slow(1);
  exemplars.considerFailed(failed, 'GET /', 'ECONNRESET', 7, 2);
  expect(exemplars.list()).toEqual([
    expect.not.objectContaining({ message: expect.anything() }),
    expect.objectContaining({
      ...{ why: 'failed', kind: 'ECONNRESET', endpoint: 'GET /', atMs: 7, serviceMs: 2, requestBody: 'sent' },
      message: 'socket hang up',
    }),
  ]);
});

test('those of another segment are sorted in, under the same limits', () => {
  const [mine, theirs] = [slow(1, 2, 3), slow(2.5, 0.5, 9)];
  mine.considerFailed(failed, 'GET /', 'timeout', 1, 1);
  for (let n = 2; n < 9; n++) theirs.considerFailed(failed, 'GET /', 'timeout', n, 1);
  mine.addAll(theirs.list());
  expect(mine.list().map(({ why, serviceMs, atMs }) => [why, why === 'slow' ? serviceMs : atMs])).toEqual([
    ['slow', 9],
    ['slow', 3],
    ['slow', 2.5],
    ['slow', 2],
    ['slow', 1],
    ['failed', 1],
    ['failed', 2],
    ['failed', 3],
  ]);
});

test('bodies are left out once that is asked for', () => {
  const exemplars = new Exemplars();
  exemplars.leaveOutBodies();
  exemplars.considerSlow(sample, 'GET /', 0, 1);
  expect(exemplars.list()).toEqual([expect.not.objectContaining({ requestBody: expect.anything() })]);
});

const messages = [
  { given: 'one\ntwo', kept: 'one' },
  { given: 'one\r\ntwo', kept: 'one' },
  { given: '  one ', kept: 'one' },
  { given: '\n\n later', kept: 'later' },
  { given: 'one\n\ntwo\nthree', kept: 'one' },
  { given: '', kept: '' },
  { given: `${' '.repeat(1_990)}far behind`, kept: 'far behind' },
  { given: `${' '.repeat(2_000)}not looked at`, kept: '' },
  { given: 'x'.repeat(600), kept: 'x'.repeat(500) },
  { given: 'GET http://u:hush@h/ failed', kept: 'GET http://***@h/ failed' },
];
for (const { given, kept } of messages)
  test(`of ${JSON.stringify(given.slice(0, 40))} ${JSON.stringify(kept.slice(0, 40))} is kept`, () => {
    expect(keptMessage(given)).toBe(kept);
  });
