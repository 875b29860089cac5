import { expect } from '@playwright/test';
import type { FindingChart, FindingLine } from '../../../load/measure/finding.ts';
import { test } from '../../../testing/plain-test.ts';
import { sampleFinding } from '../../../testing/sample-finding.ts';
import { findingColumns, placesOf } from './finding-columns.ts';

const line = (points: FindingLine['points'], more: Partial<FindingLine> = {}): FindingLine => ({
  name: 'one',
  axis: 'left',
  style: 'line',
  points,
  ...more,
});
const chartOf = (lines: readonly FindingLine[], more: Partial<FindingChart> = {}): FindingChart => ({
  x: { name: 'users', unit: 'users' },
  left: { name: 'latency', unit: 'ms' },
  lines,
  marks: [],
  ...more,
});

test('the sample has both its axes, its marks and its span', () => {
  const { chart } = sampleFinding();
  const columns = chart && findingColumns(chart);
  expect(columns?.lines.map(({ name, points }) => [name, points.length])).toEqual([
    ['p50', 4],
    ['p95', 4],
    ['throughput', 4],
  ]);
  expect(columns).toMatchObject({
    left: { fromZero: true },
    right: { fromZero: true },
    marks: { length: 3 },
    spans: { length: 1 },
  });
});

const nothing = [
  { what: 'no line', chart: chartOf([]) },
  { what: 'lines without points', chart: chartOf([line([]), line([])]) },
  {
    what: 'points that are no numbers',
    chart: chartOf([
      line([
        [Number.NaN, 1],
        [1, Number.POSITIVE_INFINITY],
      ]),
    ]),
  },
  {
    what: 'a log axis on which nothing can stand',
    chart: chartOf(
      [
        line([
          [0, 1],
          [-1, 1],
        ]),
      ],
      { x: { name: 'x', unit: 'number', log: true } },
    ),
  },
];
for (const { what, chart } of nothing) {
  test(`with ${what} there is nothing to draw`, () => {
    expect(findingColumns(chart)).toBeUndefined();
  });
}

const axes: readonly {
  readonly what: string;
  readonly points: FindingLine['points'];
  readonly style?: 'bars';
  readonly log?: true;
  readonly min: number;
  readonly max: number;
}[] = [
  { what: 'one point stands in the middle', points: [[5, 1]], min: 4.5, max: 5.5 },
  { what: 'one point at 0 too', points: [[0, 1]], min: -1, max: 1 },
  {
    what: 'a line has a little air',
    points: [
      [0, 1],
      [100, 1],
    ],
    min: -2,
    max: 102,
  },
  {
    what: 'bars have more',
    points: [
      [0, 1],
      [100, 1],
    ],
    style: 'bars',
    min: -6,
    max: 106,
  },
  {
    what: 'a log axis by a factor',
    points: [
      [1, 1],
      [100, 1],
    ],
    log: true,
    min: 1 / 1.15,
    max: 100 * 1.15,
  },
];
for (const { what, points, style, log, min, max } of axes) {
  test(`along the x axis ${what}`, () => {
    const chart = chartOf([line(points, style === undefined ? {} : { style })], {
      x: { name: 'x', unit: 'number', ...(log === true && { log }) },
    });
    const x = findingColumns(chart)?.x;
    expect([x?.min, x?.max]).toEqual([min, max]);
  });
}

test('marks and spans beyond the points are in view', () => {
  const marks = [{ on: 'x' as const, at: 200, name: 'fails' }];
  const spans = [
    { from: -100, to: 0, name: 'warm-up' },
    { from: 5, to: 5, name: 'of no length' },
  ];
  const columns = findingColumns(
    chartOf(
      [
        line([
          [0, 1],
          [100, 1],
        ]),
      ],
      { marks, spans },
    ),
  );
  expect([columns?.x.min, columns?.x.max]).toEqual([-106, 206]);
  expect(columns?.spans).toEqual([{ from: -100, to: 0, name: 'warm-up' }]);
});

test('a limit so high that it would press the line onto the floor is left out', () => {
  const marks = [50, 51].map((at) => ({ on: 'left' as const, at, name: `${at}` }));
  expect(findingColumns(chartOf([line([[0, 10]])], { marks }))?.marks.map(({ name }) => name)).toEqual(['50']);
});

const floors: readonly {
  readonly what: string;
  readonly points: FindingLine['points'];
  readonly style?: 'bars';
  readonly fromZero: boolean;
}[] = [
  {
    what: 'values far apart',
    points: [
      [0, 10],
      [1, 100],
    ],
    fromZero: true,
  },
  {
    what: 'values close together',
    points: [
      [0, 75],
      [1, 100],
    ],
    fromZero: false,
  },
  {
    what: 'an interval that reaches down',
    points: [
      [0, 75, 20, 90],
      [1, 100],
    ],
    fromZero: true,
  },
  {
    what: 'bars close together',
    points: [
      [0, 90],
      [1, 100],
    ],
    style: 'bars',
    fromZero: true,
  },
  {
    what: 'one value',
    points: [
      [0, 7],
      [1, 7],
    ],
    fromZero: true,
  },
  { what: 'zeros', points: [[0, 0]], fromZero: true },
  {
    what: 'a value below zero',
    points: [
      [0, -1],
      [1, 1],
    ],
    fromZero: false,
  },
];
for (const { what, points, style, fromZero } of floors) {
  test(`an axis of ${what} begins ${fromZero ? 'at 0' : 'where they do'}`, () => {
    expect(findingColumns(chartOf([line(points, style === undefined ? {} : { style })]))?.left.fromZero).toBe(fromZero);
  });
}

test('lines of one name are told apart', () => {
  const columns = findingColumns(chartOf([line([[0, 1]]), line([[0, 1]], { axis: 'right' }), line([[1, 1]])]));
  expect(columns?.lines.map(({ name }) => name)).toEqual(['one', 'one (2)', 'one (3)']);
});

test('places are those of all lines, once each, in their order', () => {
  expect(
    placesOf([
      line([
        [3, 1],
        [10, 1],
      ]),
      line([
        [2, 1],
        [3, 1],
      ]),
    ]),
  ).toEqual([2, 3, 10]);
});

test('100,000 points are no trouble', () => {
  const points = Array.from({ length: 100_000 }, (_, at) => [at, at] as const);
  expect(findingColumns(chartOf([line(points)]))?.x.max).toBeCloseTo(101_999, -1);
});
