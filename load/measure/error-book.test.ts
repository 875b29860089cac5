import { expect } from '@playwright/test';
import { cpuMsOf } from '../../testing/cpu-time.ts';
import { test } from '../../testing/plain-test.ts';
import { ErrorBook, type FiledError } from './error-book.ts';
import { addRunData, emptyRunData, type ErrorGroup } from './run-data.ts';
import { decodeRun } from './decode-run.ts';
import { encodeRun } from './payload.ts';

const plan = { index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'warn' } as const;

function runOf(errors: readonly Partial<FiledError>[]) {
  const run = emptyRunData(plan);
  const book = new ErrorBook(run.errors, true);
  for (const error of errors)
    book.file({ kind: 'HTTP 500', endpoint: 'GET /a', message: 'GET /a answered 500', isBody: true, ...error });
  return run;
}

const rowsOf = ({ errors }: { readonly errors: ReadonlyMap<string, ErrorGroup> }) =>
  [...errors.values()].map(({ endpoint, count, body }) => [endpoint, count, body]);

test('two different answers of one status are two rows, with the head of the first body of each', () => {
  const run = runOf([{ says: 'db locked' }, { says: 'out of memory' }, { says: 'db locked' }, {}]);
  expect(rowsOf(run)).toEqual([
    ['GET /a', 2, 'db locked'],
    ['GET /a', 1, 'out of memory'],
    ['GET /a', 1, undefined],
  ]);
});

test('ten thousand request ids are one row, and the first and the last are told', () => {
  const run = runOf(
    Array.from({ length: 10_000 }, (_, n) => ({ says: `{"id":"req_${n.toString(36)}7","error":"locked"}`, atMs: n })),
  );
  expect(rowsOf(run)).toEqual([['GET /a', 10_000, '{"id":"req_07","error":"locked"}']]);
  expect([...run.errors.values()]).toMatchObject([{ fromMs: 0, toMs: 9_999 }]);
});

test('answers of which each says something else are so many rows and no more, and all are counted', () => {
  const word = (n: number) => String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  const run = runOf(Array.from({ length: 5_000 }, (_, n) => ({ says: word(n) })));
  expect(run.errors.size).toBe(11);
  expect([...run.errors.values()].reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  const many = runOf(Array.from({ length: 5_000 }, (_, n) => ({ endpoint: `GET /${word(n)}`, says: 'x' })));
  expect(many.errors.size).toBe(201);
  expect([...many.errors.values()].reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
});

test('what an outage costs does not make the load generator busy, whatever is said', () => {
  const word = (n: number) => String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  const errors = Array.from({ length: 20_000 }, (_, n) => ({
    says: `{"user":"${word(n)}","error":"gone ${'x, '.repeat(150)}`,
  }));
  expect(cpuMsOf(() => runOf(errors))).toBeLessThan(1_500);
});

test('a message of many kilobytes is read as far as it is told', () => {
  const word = (n: number) => String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  const says = Array.from({ length: 300 }, (_, n) => `Error: ${word(n)}\n${`${word(n)}1 and `.repeat(9_000)}`);
  const errors = says.map((each) => ({ kind: 'exception', isBody: false, isOwn: true, message: each, says: each }));
  expect(cpuMsOf(() => expect(runOf(errors).errors.size).toBe(201))).toBeLessThan(1_500);
});

test('errors of the test are told apart by their words, and stand by their place', () => {
  const own = { kind: 'exception', endpoint: 'scenario', isBody: false, isOwn: true };
  const run = runOf(['no cart 1', 'no cart 2', 'oops'].map((says) => ({ ...own, message: says, says })));
  expect(rowsOf(run)).toEqual([
    ['scenario: no cart 1', 2, undefined],
    ['scenario: oops', 1, undefined],
  ]);
});

test('no secret is in a row, nor in what tells it apart', () => {
  const run = runOf([
    { says: '{"password":"hunter2","error":"locked"}' },
    { isBody: false, says: 'connect https://me:hunter2@a.test failed' },
  ]);
  expect(JSON.stringify([...run.errors])).not.toContain('hunter');
});

test('rows merge over segments by what they say, counts and times exactly', () => {
  const one = runOf([
    { says: 'order 1 locked', atMs: 50 },
    { says: 'order 2 locked', atMs: 70 },
  ]);
  const other = runOf([{ says: 'order 3 locked', atMs: 20 }, { says: 'out of memory' }]);
  const merged = emptyRunData(plan);
  for (const run of [one, other]) addRunData(merged, decodeRun(encodeRun(run)));
  expect([...merged.errors.values()]).toMatchObject([
    { count: 3, body: 'order 1 locked', fromMs: 20, toMs: 70 },
    { count: 1, body: 'out of memory' },
  ]);
});
