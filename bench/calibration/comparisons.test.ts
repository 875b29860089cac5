import { expect } from '@playwright/test';
import type { FindingVerdict } from '../../load/measure/finding.ts';
import { test } from '../../testing/plain-test.ts';
import { comparisonTable, isRight, type Kind, kinds } from './comparisons.ts';

const end = (verdict: FindingVerdict, ratio = 1.01) => ({
  verdict,
  pairs: 7,
  p50: { ratio, detectable: 0.021 },
});
const [twin, , slower] = kinds as [Kind, Kind, Kind];

const rows: readonly { readonly kind: Kind; readonly verdicts: readonly FindingVerdict[]; readonly right: boolean }[] =
  [
    { kind: twin, verdicts: ['passed', 'inconclusive', 'invalid'], right: true },
    { kind: twin, verdicts: ['passed', 'failed'], right: false },
    { kind: twin, verdicts: [...Array<FindingVerdict>(29).fill('passed'), 'failed'], right: false },
    { kind: slower, verdicts: ['failed', 'failed'], right: true },
    { kind: slower, verdicts: ['failed', 'inconclusive', 'inconclusive'], right: false },
    { kind: slower, verdicts: [...Array<FindingVerdict>(28).fill('failed'), 'passed', 'inconclusive'], right: true },
    {
      kind: slower,
      verdicts: [...Array<FindingVerdict>(27).fill('failed'), 'passed', 'invalid', 'passed'],
      right: false,
    },
    { kind: slower, verdicts: [], right: false },
  ];
for (const { kind, verdicts, right } of rows) {
  test(`against ${kind.name}, ${verdicts.join(', ') || 'nothing'} is ${right ? 'right' : 'wrong'}`, () => {
    expect(isRight({ kind, ends: verdicts.map((verdict) => end(verdict)) })).toBe(right);
  });
}

test('the table counts how comparisons ended', () => {
  const ends = [end('passed', 0.98), end('failed', 1.2), { verdict: 'invalid', pairs: 0 } as const];
  expect(comparisonTable([{ kind: twin, ends }])).toEqual([
    '| an agent against | times | passed | failed | inconclusive | invalid |          ratio | would show |        |',
    '| ---------------- | ----: | -----: | -----: | -----------: | ------: | -------------: | ---------: | ------ |',
    '| its twin         |     3 |      1 |      1 |            0 |       1 | 0.980 to 1.200 |     +2.1 % | ✗ errs |',
  ]);
});
