import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { nestedLine, nestedWordOf } from './nested-words.ts';

const end = { kind: 'ended', core: 2, status: 'failed', words: 'a\nb' } as const;
const said = { kind: 'said', core: 3, to: 'stderr', text: 'a\nb' } as const;
/** What it prints stands on a line of its own, whatever was printed before and after. */
const lineOf = (word: Parameters<typeof nestedLine>[0]) => nestedLine(word).split('\n')[1] ?? '';

const lines = [
  { what: 'the line of an end', line: lineOf(end), is: end },
  { what: 'the line of what was said', line: lineOf(said), is: said },
  { what: 'one that breaks off', line: lineOf(end).slice(0, -5), is: undefined },
  { what: 'any other', line: '1 passed', is: undefined },
];
for (const { what, line, is } of lines) {
  test(`${what} is read as ${JSON.stringify(is)}`, () => {
    expect(nestedWordOf(line)).toEqual(is);
  });
}
