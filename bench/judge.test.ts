import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { formatBar } from './figure.ts';
import { type Outcome, judge } from './judge.ts';
import { above, atLeast, type Bar, below, exactly, measured, notMeasured } from './reading.ts';

const cases: readonly { bar: Bar; value: number; outcome: Outcome; ofBar?: number }[] = [
  { bar: atLeast(10), value: 10, outcome: 'met', ofBar: 1 },
  { bar: atLeast(10), value: 9.9, outcome: 'missed', ofBar: 0.99 },
  { bar: above(10), value: 10, outcome: 'missed', ofBar: 1 }, // above is not at
  { bar: above(10), value: 20, outcome: 'met', ofBar: 2 },
  { bar: below(10), value: 10, outcome: 'missed', ofBar: 1 },
  { bar: below(10), value: 5, outcome: 'met', ofBar: 0.5 },
  { bar: exactly(5_000), value: 5_000, outcome: 'met', ofBar: 1 },
  { bar: exactly(5_000), value: 4_999, outcome: 'missed', ofBar: 0.9998 },
  { bar: exactly(0), value: 0, outcome: 'met' }, // nothing is a multiple of 0
];
for (const { bar, value, outcome, ofBar } of cases) {
  test(`${value} is ${outcome} against ${formatBar(bar, 'requests')}`, () => {
    const judged = judge(measured('x', 'requests', [value], { bar }));
    expect(judged.outcome).toBe(outcome);
    expect(judged.ofBar).toBe(ofBar);
  });
}

test('the median of the repeats is judged, neither the best nor the worst', () => {
  const judged = judge(measured('x', '/s', [1, 20, 12], { bar: atLeast(10) }));
  expect(judged).toMatchObject({ outcome: 'met', spread: { median: 12, min: 1, max: 20 } });
});

test('a figure without a bar is neither met nor missed', () => {
  expect(judge(measured('x', '/s', [1])).outcome).toBe('no bar');
});

test('what was not measured is not missed', () => {
  expect(judge(notMeasured('x', 'KB', 'there is none', { bar: below(1) })).outcome).toBe('not measured');
});

for (const values of [[], [1, Number.NaN], [Infinity]]) {
  test(`${JSON.stringify(values)} is a broken experiment, not a figure`, () => {
    expect(() => measured('x', '/s', values)).toThrow(RangeError);
  });
}
