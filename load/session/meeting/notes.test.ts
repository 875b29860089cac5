import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { allGone, hasTwin, nextStep, type Note, type Step } from './notes.ts';

const me = { shard: 1, of: 3, nonce: 'a' };
const note = (shard: number, nonce: string, step: Step, sees: string): Note => ({
  shard,
  nonce,
  step,
  sees: Array.from(sees),
  beat: 0,
});

const steps = [
  { what: 'nobody else', step: 'came', notes: [], next: 'came' },
  { what: 'one of two others', step: 'came', notes: [note(2, 'b', 'came', 'a')], next: 'came' },
  { what: 'one who has not seen me', step: 'came', notes: [note(2, 'b', 'came', 'ac'), note(3, 'c', 'came', 'b')], next: 'came' }, // prettier-ignore
  { what: 'all, who see me', step: 'came', notes: [note(2, 'b', 'came', 'ac'), note(3, 'c', 'came', 'ab')], next: 'met' }, // prettier-ignore
  { what: 'leftovers of all', step: 'came', notes: [note(2, 'y', 'met', 'xz'), note(3, 'z', 'gone', 'xy')], next: 'came' }, // prettier-ignore
  { what: 'a leftover beside the living', step: 'came', notes: [note(2, 'y', 'gone', 'x'), note(2, 'b', 'came', 'ay'), note(3, 'c', 'came', 'ab')], next: 'met' }, // prettier-ignore
  { what: 'a second one of my own number', step: 'came', notes: [note(1, 'd', 'came', 'a'), note(2, 'b', 'came', 'a')], next: 'came' }, // prettier-ignore
  { what: 'one who has not met all', step: 'met', notes: [note(2, 'b', 'met', 'a'), note(3, 'c', 'came', 'a')], next: 'met' }, // prettier-ignore
  { what: 'all, who met', step: 'met', notes: [note(2, 'b', 'met', 'a'), note(3, 'c', 'met', 'a')], next: 'gone' },
  { what: 'one who has gone already', step: 'met', notes: [note(2, 'b', 'gone', 'a'), note(3, 'c', 'met', 'a')], next: 'gone' }, // prettier-ignore
] as const;
for (const { what, step, notes, next } of steps) {
  test(`a shard that \`${step}\` and sees ${what} says \`${next}\``, () => {
    expect(nextStep(notes, me, step)).toBe(next);
  });
}

test('the notes are needed until all have gone', () => {
  expect(allGone([note(2, 'b', 'gone', 'a'), note(3, 'c', 'met', 'a')], me)).toBe(false);
  expect(allGone([note(2, 'b', 'gone', 'a'), note(3, 'c', 'gone', 'a')], me)).toBe(true);
});

const twins = [
  { what: 'an older one that sees me', twin: { beat: 5, sees: ['a'] }, is: true },
  { what: 'a younger one', twin: { beat: 3, sees: ['a'] }, is: false },
  { what: 'a leftover', twin: { beat: 5, sees: ['x'] }, is: false },
  { what: 'one as old, by its nonce', twin: { beat: 4, sees: ['a'] }, is: true },
];
for (const { what, twin, is } of twins) {
  test(`${what} ${is ? 'is' : 'is not'} one who came before with my number`, () => {
    const own: Note = { shard: 1, nonce: 'a', step: 'came', sees: ['a'], beat: 4 };
    expect(hasTwin([own, { shard: 1, nonce: 'b', step: 'came', ...twin }], own)).toBe(is);
  });
}
