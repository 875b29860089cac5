/** That the floor says which figure fell below it. */
import { expect } from '@playwright/test';
import { test } from '../plain-test.ts';
import { belowFloor, floor } from './floor.ts';
import type { ScoreCard } from './score-card.ts';

const atFloor = { ...floor } as unknown as ScoreCard;

const cases: readonly { say: string; card: Partial<ScoreCard>; lines: number }[] = [
  { say: 'what was measured last', card: {}, lines: 0 },
  { say: 'a little less precision', card: { precision: floor.precision - 0.001 }, lines: 1 },
  { say: 'no precision at all', card: { precision: null }, lines: 1 },
  { say: 'a little less recall', card: { recall: floor.recall - 0.001 }, lines: 1 },
  { say: 'one sequence less', card: { exact: floor.exact - 1 }, lines: 1 },
  { say: 'one more that is misread', card: { misread: floor.misread + 1 }, lines: 1 },
  { say: 'everything worse', card: { precision: 0, recall: 0, exact: 0, misread: 99 }, lines: 4 },
];
for (const { say, card, lines } of cases)
  test(`${say}: ${lines} lines`, () => {
    expect(belowFloor({ ...atFloor, ...card })).toHaveLength(lines);
  });
