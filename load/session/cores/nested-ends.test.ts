import { expect, test } from '@playwright/test';
import { endedLine, nestedEndOf } from './nested-ends.ts';

const end = { core: 2, status: 'failed', words: 'a\nb' };
const printed = endedLine(end).split('\n').at(-1) ?? '';

const lines = [
  { what: 'the line of an end', line: printed, is: end },
  { what: 'one that breaks off', line: printed.slice(0, -5), is: undefined },
  { what: 'any other', line: '1 passed', is: undefined },
];
for (const { what, line, is } of lines) {
  test(`${what} is read as ${JSON.stringify(is)}`, () => {
    expect(nestedEndOf(line)).toEqual(is);
  });
}
