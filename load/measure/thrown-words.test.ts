import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { OptionsError } from '../options-error.ts';
import { thrownWords } from './thrown-words.ts';

function throws(): never {
  throw new Error('no');
}

const cases = [
  { what: 'an error', thrown: new TypeError('x is not a function'), words: 'TypeError: x is not a function' },
  {
    what: 'a list of problems',
    thrown: new OptionsError(['`a` is no option', '`b` is none', '`c` neither']),
    words: 'OptionsError: 3 problems: `a` is no option; `b` is none; `c` neither',
  },
  { what: 'a list of somebody else', thrown: new Error('two:\n  - a'), words: 'Error: two:\n  - a' },
  { what: 'undefined', thrown: undefined, words: 'undefined' },
  { what: 'a symbol', thrown: Symbol('out'), words: 'Symbol(out)' },
  { what: 'what has no text', thrown: Object.create(null) as unknown, words: 'object thrown: it cannot be read' },
  {
    what: 'an error whose message throws',
    thrown: Object.defineProperty(new Error('x'), 'message', { get: throws }),
    words: 'object thrown: it cannot be read',
  },
  { what: 'a proxy that tells nothing', thrown: new Proxy({}, { get: throws }), words: 'it cannot be read' },
];
for (const { what, thrown, words } of cases)
  test(`${what} is told as ${words}`, () => {
    expect(thrownWords(thrown)).toContain(words);
  });
