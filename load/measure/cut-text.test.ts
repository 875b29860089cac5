import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { cutText } from './cut-text.ts';

const cases = [
  { text: 'abcd', most: 4, shown: 'abcd' },
  { text: 'abcde', most: 4, shown: 'abc…' },
  { text: 'ab cde', most: 4, shown: 'ab…' }, // no space before the mark
  { text: 'ab😀cd', most: 4, shown: 'ab…' }, // no half of a character
  { text: 'a😀bcd', most: 4, shown: 'a😀…' },
  { text: '', most: 4, shown: '' },
];
for (const { text, most, shown } of cases)
  test(`"${text}" in at most ${most} is "${shown}"`, () => {
    expect(cutText(text, most)).toBe(shown);
  });
