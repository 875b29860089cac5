import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { readingOfFailure, readingOfStat } from './process-reading.ts';

const failures = [
  {
    title: 'no such process',
    error: Object.assign(new Error('No matching pid found'), { code: 'ENOENT' }),
    kind: 'gone',
  },
  {
    title: 'a process that ended while its file was open',
    error: Object.assign(new Error('ESRCH: no such process, read'), { code: 'ESRCH' }),
    kind: 'gone',
  },
  { title: 'what `ps` says of a missing pid', error: new Error('No matching pid found'), kind: 'gone' },
  {
    title: 'too many open files',
    error: Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }),
    kind: 'unreadable',
  },
  { title: 'a thrown string', error: 'odd', kind: 'unreadable' },
];
for (const { title, error, kind } of failures) {
  test(`${title} means that the process is ${kind}`, () => {
    expect(readingOfFailure(error).kind).toBe(kind);
  });
}

test('memory, CPU time and age are taken over', () => {
  expect(readingOfStat({ memory: 4_096, ctime: 20, elapsed: 700 })).toEqual({
    kind: 'alive',
    rssBytes: 4_096,
    cpuMs: 20,
    ageMs: 700,
  });
});

test('a process that is listed without any memory has ended', () => {
  expect(readingOfStat({ memory: 0, ctime: 20, elapsed: 700 })).toEqual({ kind: 'gone' });
});
