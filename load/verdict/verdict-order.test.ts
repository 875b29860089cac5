import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { byVerdict, isBad, verdictGlyphs, verdictOrder } from './verdict-order.ts';

const rows = [
  { verdict: 'failed', glyph: '✗', bad: true },
  { verdict: 'invalid', glyph: '⊘', bad: true },
  { verdict: 'incomplete', glyph: '◌', bad: true },
  { verdict: 'acceptable', glyph: '≈', bad: false },
  { verdict: 'passed', glyph: '✓', bad: false },
  { verdict: 'measured', glyph: '○', bad: false },
] as const;
for (const { verdict, glyph, bad } of rows)
  test(`${verdict} is drawn ${glyph} and ${bad ? 'ends' : 'does not end'} a build`, () => {
    expect([verdictGlyphs[verdict], isBad(verdict)]).toEqual([glyph, bad]);
  });

test('sorted, the worst comes first', () => {
  const worstFirst = rows.map(({ verdict }) => verdict);
  expect(verdictOrder).toEqual(worstFirst);
  expect(worstFirst.toReversed().sort(byVerdict)).toEqual(worstFirst);
});
