import { expect, test } from '@playwright/test';
import { outsideShard } from './shard-plan.ts';

const singles = [['a'], ['b'], ['c'], ['d']];
const files = [['a1', 'a2', 'a3', 'a4'], ['b1'], ['c1']];
const cases = [
  { groups: singles, shards: 2, kept: ['ab', 'cd'] },
  { groups: singles, shards: 3, kept: ['a', 'bc', 'd'] },
  { groups: singles, shards: 5, kept: ['a', 'b', '', 'c', 'd'] }, // more shards than tests
  { groups: files, shards: 2, kept: ['a1a2a3a4', 'b1c1'] }, // a group is never torn apart
  { groups: [], shards: 2, kept: ['', ''] }, // nothing but load tests
];
for (const { groups, shards, kept } of cases) {
  test(`${groups.length} groups of ${groups.flat().length} tests on ${shards} shards are kept as ${JSON.stringify(kept)}`, () => {
    const keptBy = (current: number) => {
      const outside = new Set(outsideShard(groups, { current, total: shards }));
      return groups
        .filter((group) => !outside.has(group))
        .flat()
        .join('');
    };
    expect(Array.from({ length: shards }, (_, at) => keptBy(at + 1))).toEqual(kept);
  });
}
