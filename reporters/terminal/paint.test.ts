import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { colourPaint, paintFor, plainPaint } from './paint.ts';

const cases = [
  { isTty: true, env: {}, colour: true },
  { isTty: false, env: {}, colour: false },
  { isTty: true, env: { NO_COLOR: '1' }, colour: false },
  { isTty: true, env: { NO_COLOR: '' }, colour: true }, // empty is unset, says no-color.org
  { isTty: true, env: { TERM: 'dumb' }, colour: false },
  { isTty: false, env: { FORCE_COLOR: '1' }, colour: true },
  { isTty: true, env: { FORCE_COLOR: '0' }, colour: false },
  { isTty: false, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, colour: true }, // as Node decides it
];
for (const { isTty, env, colour } of cases) {
  const where = isTty ? 'a terminal' : 'a file';
  test(`${where} with ${JSON.stringify(env)} is ${colour ? 'coloured' : 'plain'}`, () => {
    expect(paintFor(isTty, env)).toBe(colour ? colourPaint : plainPaint);
  });
}

test('colours are sequences that end where they began', () => {
  expect(colourPaint.bad('x')).toBe('\u001b[31mx\u001b[39m');
});
