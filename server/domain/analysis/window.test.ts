/** A window off the compact line says what the snapshots themselves say, added up in the plainest way there is. */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { nowMs, snapshot } from '../../testing/snapshots.ts';
import { distributionOf, type Distribution } from '../engines/distribution.ts';
import { counterFields, distributionFields, gaugeFields } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { NumberTable } from './number-table.ts';
import { Timeline, type Span } from './timeline.ts';
import { SnapshotWindow, timeline } from './window.ts';

type Numeric = (typeof gaugeFields)[number] | (typeof counterFields)[number] | 'interval_s';

/** The reference: everything is in the snapshots, and read from them each time. */
function plainly(snapshots: readonly Snapshot[], { fromMs, toMs }: Span) {
  const within = snapshots
    .map((one) => ({ one, atMs: Date.parse(one.taken_at) }))
    .filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ one }) => one);
  const values = (field: Numeric) => within.flatMap((one) => one[field] ?? []);
  const add = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0);
  const total = (field: Numeric) => (values(field).length === 0 ? null : add(values(field)));
  const done = total('done');
  return {
    samples: within.length,
    measuredS: add(values('interval_s')),
    requests: done === null ? null : done + (total('failed') ?? 0),
    totals: counterFields.map(total),
    levels: gaugeFields.map((field) => {
      const seen = values(field);
      return seen.length === 0
        ? null
        : { min: Math.min(...seen), mean: add(seen) / seen.length, max: Math.max(...seen) };
    }),
    distributions: distributionFields.map((field) => merged(within.flatMap((one) => one[field] ?? []))),
  };
}

function merged(all: readonly Distribution[]): Distribution | null {
  const bounds = all.at(-1)?.bounds;
  if (bounds === undefined) return null;
  const alike = all.filter((one) => one.bounds.join() === bounds.join());
  const counts = [...bounds, Infinity].map((_, at) => alike.reduce((sum, one) => sum + (one.counts[at] ?? 0), 0));
  const sums = alike.map(({ sum }) => sum);
  const sum = sums.includes(null) ? null : sums.reduce<number>((all, one) => all + (one ?? 0), 0);
  return distributionOf({ bounds, counts, sum });
}

function byTheLine(line: Timeline, span: Span): ReturnType<typeof plainly> {
  const window = new SnapshotWindow(line, span);
  return {
    samples: window.samples,
    measuredS: window.measuredS,
    requests: window.requests,
    totals: counterFields.map((field) => window.total(field)),
    levels: gaugeFields.map((field) => window.level(field)),
    distributions: distributionFields.map((field) => window.distribution(field)),
  };
}

/** Small, at each bound where an array has to become wider, beyond integers, and absurd. Sums of them are exact in any order. */
const number = fc.oneof(
  fc.nat(300),
  fc.constantFrom(0, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 0.5, 1.25, -1),
);
const maybe = fc.option(number);
const distribution = fc
  .constantFrom([0.1, 0.5], [0.1, 1], [1], [])
  .chain((bounds) =>
    fc
      .tuple(fc.array(number, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }), maybe)
      .map(([counts, sum]) => distributionOf({ bounds, counts, sum })),
  );
const usual = (fields: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(fields.map((field) => [field, value])), { requiredKeys: [] });
/** Fields that a record leaves out are null, as the blank snapshot has them. */
const fields = fc
  .tuple(
    usual(['interval_s', ...gaugeFields, ...counterFields], maybe),
    usual(distributionFields, fc.option(distribution)),
  )
  .map(([numbers, distributions]) => ({ ...numbers, ...distributions }));
const snapshots = fc
  .uniqueArray(fc.tuple(fc.nat(60), fields), { selector: ([agoS]) => agoS, maxLength: 25 })
  .map((rows) => rows.map(([agoS, given]) => snapshot(agoS, given)));
const span = fc
  .tuple(fc.integer({ min: -2, max: 62 }), fc.integer({ min: -2, max: 62 }))
  .map(([from, to]) => ({ fromMs: nowMs - from * 1_000, toMs: nowMs - to * 1_000 }));

const atOf = (one: Snapshot) => Date.parse(one.taken_at);

test('a window of any span over any line is what the snapshots in it say', () => {
  fc.assert(
    fc.property(snapshots, span, (all, over) => {
      expect(byTheLine(timeline(all), over)).toEqual(plainly(all, over));
    }),
  );
});

test('it stays so whatever is added and forgotten in between', () => {
  fc.assert(
    fc.property(snapshots, fc.array(fc.tuple(fc.nat(60), fc.nat(3)), { maxLength: 8 }), span, (all, cuts, over) => {
      const line = new Timeline();
      let kept: Snapshot[] = [];
      for (const [at, one] of all.entries()) {
        line.add(one);
        kept.push(one);
        const [agoS = 0, kind = 0] = cuts[at] ?? [];
        const cutMs = nowMs - agoS * 1_000;
        // The oldest go; one goes; all but one in three go; nothing goes.
        const stays = [
          (atMs: number) => atMs >= cutMs,
          (atMs: number) => atMs !== cutMs,
          (atMs: number) => (atMs / 1_000) % 3 === 0,
          () => true,
        ][cuts[at] === undefined ? 3 : kind];
        if (stays === undefined) continue;
        expect(line.keep(stays)).toBe(kept.filter((each) => !stays(atOf(each))).length);
        kept = kept.filter((each) => stays(atOf(each)));
      }
      const times = kept.map(atOf).sort((a, b) => a - b);
      expect(line.times).toEqual(times);
      expect([line.firstAtMs, line.lastAtMs, line.length]).toEqual([times[0], times.at(-1), times.length]);
      expect(times.every((atMs) => line.has(atMs) && !line.has(atMs + 1))).toBe(true);
      expect(byTheLine(line, over)).toEqual(plainly(kept, over));
    }),
  );
});

test('snapshots that an older agent stored lack fields, which are then not measured', () => {
  const newer = new Set(['progress', 'prefill_s']);
  const fields = Object.entries(snapshot(0, { done: 3 })).filter(([name]) => !newer.has(name));
  const window = new SnapshotWindow(timeline([Object.fromEntries(fields) as Snapshot]), {
    fromMs: nowMs - 1_000,
    toMs: nowMs,
  });
  expect([window.total('progress'), window.distribution('prefill_s'), window.total('done')]).toEqual([null, null, 3]);
});

test('an absurd count spoils the windows that it lies in, and no other', () => {
  const line = timeline([snapshot(30, { done: 1 }), snapshot(20, { done: 1e300 }), snapshot(10, { done: 2 })]);
  const total = (fromS: number) =>
    new SnapshotWindow(line, { fromMs: nowMs - fromS * 1_000, toMs: nowMs }).total('done');
  expect([total(15), total(25)]).toEqual([2, 1e300]);
});

const widths = [
  { values: [0, 255], bytes: 1 },
  { values: [256], bytes: 2 },
  { values: [65_536], bytes: 4 },
  { values: [2 ** 32], bytes: 8 },
  { values: [0.5], bytes: 8 },
  { values: [-1], bytes: 8 },
  { values: [Number.NaN], bytes: 8 },
];
for (const { values, bytes } of widths)
  test(`a table with ${values.join(' and ')} takes ${bytes} bytes for each number, and gives them back`, () => {
    const table = new NumberTable(1);
    for (const value of [7, ...values]) table.insert(table.length, [value]);
    expect(table.bytes).toBe(8 * bytes);
    expect([7, ...values].map((_, row) => table.get(row, 0))).toEqual([7, ...values]);
  });
