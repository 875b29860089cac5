import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { otherTimings } from './bounded-rows.ts';
import { addExtras, type RowExtras } from './row-extras.ts';
import { mostTimings, ServerTimingRow, serverTimingsOf } from './server-timing.ts';

const headers: readonly { readonly header: string; readonly metrics: readonly (readonly [string, number])[] }[] = [
  { header: 'db;dur=53', metrics: [['db', 53]] },
  {
    header: 'db;dur=53;desc="x", cache;dur=0.1',
    metrics: [
      ['db', 53],
      ['cache', 0.1],
    ],
  },
  { header: 'miss, db;dur=1', metrics: [['db', 1]] }, // without a duration it is no time
  { header: 'db ; DUR = 2 ; desc=x', metrics: [['db', 2]] },
  { header: 'db;desc="a, b;dur=9";dur=3', metrics: [['db', 3]] }, // what is quoted is no list
  { header: 'db;desc="a \\" , b";dur=4', metrics: [['db', 4]] },
  { header: 'db;dur="5.5"', metrics: [['db', 5.5]] },
  { header: 'db;dur=1;dur=2', metrics: [['db', 1]] }, // the first counts
  { header: 'db;dur=1 2', metrics: [] },
  { header: 'db;dur=.5, app;dur=1e2, x;dur=7.', metrics: [['db', 0.5], ['app', 100], ['x', 7]] }, // prettier-ignore
  { header: 'db;dur=0', metrics: [['db', 0]] },
  { header: 'db;dur=3600000, slow;dur=3600000.1', metrics: [['db', 3_600_000]] },
  { header: 'db;dur=-1, a;dur=NaN, b;dur=Infinity, c;dur=, d;dur, e;dur=0x1, f;dur=1ms', metrics: [] },
  { header: '', metrics: [] },
  { header: ',,;=;,', metrics: [] },
  { header: ';dur=1', metrics: [] },
  { header: 'a b;dur=1', metrics: [] }, // no token
  { header: 'a=b;dur=1', metrics: [] },
  { header: '"db";dur=1', metrics: [] },
  { header: 'db;dur=1;desc="never ends, x;dur=2', metrics: [['db', 1]] },
  { header: 'db;dur=1, db;dur=2', metrics: [['db', 1], ['db', 2]] }, // prettier-ignore
];
for (const { header, metrics } of headers)
  test(`${JSON.stringify(header)} tells ${JSON.stringify(metrics)}`, () => {
    expect(serverTimingsOf(header).map(({ name, ms }) => [name, ms])).toEqual(metrics);
  });

test('whatever a server sends, only names that are tokens and times that are times come of it', () => {
  const pieces = fc.constantFrom('db', ';', ',', '=', 'dur', '"', '\\', ' ', '1', '.5', '-', 'é', '\t', 'desc');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      for (const { name, ms } of serverTimingsOf(parts.join(''))) {
        expect(name).toMatch(/^[\w!#$%&'*+.^`|~-]+$/);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(3_600_000);
      }
    }),
  );
});

test('a header of a megabyte is read up to its fiftieth metric, and at once', () => {
  expect(serverTimingsOf('x;dur=1,'.repeat(130_000))).toHaveLength(50);
  expect(serverTimingsOf(`x;desc="${'\\"'.repeat(500_000)}`)).toEqual([]);
});

const countsOf = ({ serverTiming = new Map() }: RowExtras) =>
  Object.fromEntries([...serverTiming].map(([name, times]) => [name, (times as { count: number }).count]));

test('twenty metrics of a row are told apart, and those beyond are one', () => {
  const data: RowExtras = {};
  const row = new ServerTimingRow(data);
  for (let round = 0; round < 2; round++) for (let n = 0; n < 200; n++) row.file([{ name: `m${n}`, ms: n }]);
  expect(Object.keys(countsOf(data))).toHaveLength(mostTimings + 1);
  expect(countsOf(data)).toMatchObject({ m0: 2, m19: 2, [otherTimings]: 360 });
});

test('a metric that one segment may have among its others is among them in all', () => {
  const [one, two]: RowExtras[] = [{}, {}];
  if (one === undefined || two === undefined) throw new Error('there are two');
  const first = new ServerTimingRow(one);
  for (let n = 0; n < mostTimings + 5; n++) first.file([{ name: `m${n}`, ms: 1 }]);
  new ServerTimingRow(two).file([
    { name: 'm3', ms: 1 },
    { name: 'late', ms: 1 },
  ]);
  addExtras(one, two);
  expect(countsOf(one)).toMatchObject({ m3: 2, m0: 1, [otherTimings]: 6 });
  expect(Object.keys(countsOf(one))).not.toContain('late');
});

test('the name of a metric is kept as any name is: no secret in it', () => {
  const data: RowExtras = {};
  new ServerTimingRow(data).file([{ name: 'ghp_abcdefghijklmnopqrstuvwxyz0123456789', ms: 1 }]);
  expect(countsOf(data)).toEqual({ '***': 1 });
});
