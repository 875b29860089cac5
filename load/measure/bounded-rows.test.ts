import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { addRows, type RowKind } from './bounded-rows.ts';

interface Row {
  count: number;
}
const kind: RowKind<Row> = {
  others: '(others)',
  empty: () => ({ count: 0 }),
  add: (into, from) => {
    into.count += from.count;
  },
};

/** As a recorder files names of which it tells so many apart. */
function recorded(names: readonly string[], most: number): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const name of names) {
    const isTold = rows.has(name) || [...rows.keys()].filter((each) => each !== kind.others).length < most;
    addRows(rows, new Map([[isTold ? name : kind.others, { count: 1 }]]), { ...kind, others: 'no name' });
  }
  return rows;
}

function added(segments: readonly ReadonlyMap<string, Row>[]): [string, number][] {
  const all = new Map<string, Row>();
  for (const segment of segments) addRows(all, segment, kind);
  return [...all].map(([name, { count }]): [string, number] => [name, count]).toSorted();
}

const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 12 });

test('a row of several segments has all of its name, in whatever order they are added, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 6 }), (given, most) => {
      const segments = () => given.map((each) => recorded(each, most));
      const rows = added(segments());
      const all = given.flat();
      for (const [name, count] of rows)
        if (name !== kind.others) expect(count).toBe(all.filter((each) => each === name).length);
      expect(rows.reduce((sum, [, count]) => sum + count, 0)).toBe(all.length);
      expect(added(segments().reverse())).toEqual(rows);
    }),
    { numRuns: 300 },
  );
});

test('a name that one segment may have among its others is among those of all', () => {
  const [known, crowded] = [recorded(['a', 'b'], 2), recorded(['c', 'b', 'a'], 2)];
  expect(added([known, crowded])).toEqual([
    ['(others)', 2],
    ['b', 2],
    ['c', 1],
  ]);
});
