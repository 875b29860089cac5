import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { plainLine } from './plain-line.ts';

/** Whole ones, by each of their beginnings and ends. */
const controlSequences = [
  ...['\u001b[31m', '\u009b2K', '\u001b[?25h', '\u001b[1 q', '\u001b[m', '\u001b[38;5;1m', '\u001bc', '\u001b7'],
  ...[
    '\u001b]0;title\u0007',
    '\u001b]0;title\u001b\\',
    '\u009d0;title\u009c',
    '\u001bPdata\u001b\\',
    '\u0090data\u0007',
  ],
  ...['\u001bXa\u001b\\', '\u001b^a\u001b\\', '\u001b_a\u001b\\', '\u0098a\u009c', '\u009ea\u009c', '\u009fa\u009c'],
  ...['\u001b]\u0007', '\u001b[31m\u001b[1m'],
];
const lines: readonly { readonly text: string; readonly line: string }[] = [
  ...controlSequences.map((text) => ({ text: `a${text}b`, line: 'ab' })),
  { text: 'a\u001b]0;cut off', line: 'a0;cut off' }, // of a sequence without end its head alone
  { text: 'a\u001b b', line: 'a� b' },
  { text: 'a\u0000b\u0007c\u007fd\u0080e', line: 'a�b�c�d�e' },
  ...['\n', '\r', '\t', '\v', '\f', '\u0085', '\u2028', '\u2029', '\r\n\t'].map((gap) => ({
    ...{ text: `a${gap}b`, line: 'a b' },
  })),
  { text: 'exe\u202efdp\u00ad', line: 'exe�fdp�' },
  { text: '\ue000\ud800\u{1f6d2}', line: '��\u{1f6d2}' }, // private, half a surrogate, and a cart
  { text: '\u{1f469}\u200d\u{1f469}', line: '\u{1f469}\u200d\u{1f469}' }, // joined emoji
  { text: '::error::owned', line: ': :error::owned' },
  { text: 'a ::b', line: 'a : :b' },
  { text: ':::a', line: ': : :a' },
  { text: '::::a', line: ': : : :a' },
  { text: 'a\n::b ::c', line: 'a : :b : :c' },
  { text: 'std::vector', line: 'std::vector' },
  { text: ':a : b', line: ':a : b' },
  { text: '##[error]a ##vso[b] ##teamcity[c]', line: '# #[error]a # #vso[b] # #teamcity[c]' },
  { text: '###[a', line: '## #[a' },
  { text: '## a ##b', line: '## a ##b' },
  { text: '#[a]', line: '#[a]' },
  { text: '  a  b ', line: 'a  b' },
  { text: '', line: '' },
];
for (const { text, line } of lines)
  test(`${JSON.stringify(text)} is ${JSON.stringify(line)} on a line`, () => {
    expect(plainLine(text)).toBe(line);
    expect(plainLine(line)).toBe(line);
  });
