import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { isWithin, type SimulatedRow, simulatedRows, simulatedTable } from './verdicts.ts';

test('no simulated verdict is wrong more often than it may be', () => {
  const rows = simulatedRows();
  expect(rows.map(({ of }) => of)).toEqual([200, 200, 200, 200, 400, 2_000, 2_000]);
  expect(rows.filter((row) => !isWithin(row))).toEqual([]);
});

const row = (more: Partial<SimulatedRow>): SimulatedRow => ({ what: 'told', of: 200, told: 0.03, ...more });
const judged: readonly { readonly row: SimulatedRow; readonly line: string }[] = [
  { row: row({ atMost: 0.03 }), line: '| told      |   200 | 3 % |  ≤ 3 % | ✓   |' },
  { row: row({ atMost: 0.0299 }), line: '| told      |   200 | 3 % | ≤ 2.99 % | ✗   |' },
  { row: row({ atLeast: 0.03 }), line: '| told      |   200 | 3 % | ≥ 3 % | ✓   |' },
  { row: row({ atLeast: 0.95 }), line: '| told      |   200 | 3 % | ≥ 95 % | ✗   |' },
];
for (const { row: judge, line } of judged) {
  test(`in the table: ${line}`, () => {
    const cells = (text: string | undefined) => text?.split('|').map((cell) => cell.trim());
    expect(cells(simulatedTable([judge])[2])).toEqual(cells(line));
  });
}
