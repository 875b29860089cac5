import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { columnsOf, cutInside, cutToColumns, plainLine, toColumns, wrapped } from './plain-text.ts';

const hostile = [
  { what: 'colours', text: 'a\u001b[31mred\u001b[0m', plain: 'ared' },
  { what: 'a window title', text: '\u001b]0;owned\u0007x', plain: 'x' },
  { what: 'cursor movement', text: 'up\u001b[2A\u001b[2K', plain: 'up' },
  { what: 'a lone escape', text: 'a\u001bZ\u0000b', plain: 'a�b' },
  { what: 'line breaks of every kind', text: ' one\r\ntwo\u2028three\tfour ', plain: 'one two three four' },
  { what: 'a right-to-left override', text: 'a\u202Egnp.exe', plain: 'a�gnp.exe' },
  { what: 'half a surrogate pair', text: 'a\ud800b', plain: 'a�b' },
  { what: 'emoji and other scripts, which stay', text: 'שלום 👩‍👩‍👧 日本', plain: 'שלום 👩‍👩‍👧 日本' },
];
for (const { what, text, plain } of hostile) {
  test(`a title with ${what} becomes ${JSON.stringify(plain)}`, () => {
    expect(plainLine(text)).toBe(plain);
  });
}

const widths = [
  { text: 'health', columns: 6 },
  { text: '日本', columns: 4 },
  { text: 'e\u0301', columns: 1 },
  { text: '👩‍👩‍👧', columns: 2 },
  { text: '', columns: 0 },
];
for (const { text, columns } of widths) {
  test(`${JSON.stringify(text)} takes ${columns} columns`, () => {
    expect(columnsOf(text)).toBe(columns);
  });
}

const cuts = [
  { text: 'health', columns: 6, cut: 'health' },
  { text: 'health', columns: 5, cut: 'heal…' },
  { text: '日本語', columns: 4, cut: '日…' }, // half an ideograph cannot be shown
  { text: 'a b', columns: 3, cut: 'a b' },
  { text: 'ab cd', columns: 4, cut: 'ab…' }, // no space before the ellipsis
];
for (const { text, columns, cut } of cuts) {
  test(`${text} in ${columns} columns is ${cut}`, () => {
    expect(cutToColumns(text, columns)).toBe(cut);
  });
}

const insides = [
  { text: 'health', columns: 6, cut: 'health' },
  { text: 'health', columns: 5, cut: 'he…th' },
  { text: 'health', columns: 4, cut: 'he…h' },
  { text: 'health', columns: 1, cut: '…' },
  { text: 'a.spec.ts › the list holds', columns: 11, cut: 'a.spe…holds' }, // no space beside the gap
  { text: '日本語日本語', columns: 6, cut: '日…語' }, // half an ideograph cannot be shown
  { text: '👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', columns: 5, cut: '👩‍👩‍👧…👩‍👩‍👧' },
];
for (const { text, columns, cut } of insides) {
  test(`${text} cut inside to ${columns} columns is ${cut}`, () => {
    expect(cutInside(text, columns)).toBe(cut);
    expect(columnsOf(cut)).toBeLessThanOrEqual(columns);
  });
}

test('a cell is filled by columns, not by characters', () => {
  expect([toColumns('日本', 6), toColumns('日本', 6, 'right')]).toEqual(['日本  ', '  日本']);
});

test('a line breaks between words, never between a number and its unit', () => {
  expect(wrapped('got 50.0 % of all', 9)).toEqual(['got', '50.0 % of', 'all']);
});
