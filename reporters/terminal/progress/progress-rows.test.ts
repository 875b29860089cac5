import { expect } from '@playwright/test';
import type { Progress } from '../../../load/measure/progress.ts';
import { test } from '../../../testing/plain-test.ts';
import { columnsOf } from '../../words/plain-text.ts';
import { plainPaint } from '../paint.ts';
import { type LoadUnderWay, logLine, progressRows } from './progress-rows.ts';

const progress: Progress = {
  elapsedMs: 12_000,
  plannedMs: 30_000,
  rate: 512,
  users: 8,
  p95Ms: 12.4,
  errors: 0,
  loops: [0.35],
  saturated: false,
};
const load = (title: string, changes: Partial<Progress> = {}): LoadUnderWay => ({
  of: { title: ['shop.spec.ts', title], project: 'load' },
  progress: { ...progress, ...changes },
  rates: [256, 512],
});
const rows = (loads: readonly LoadUnderWay[], width = 79, most = 6) =>
  progressRows(loads, { width, most, paint: plainPaint });

const cases = [
  {
    what: '80 columns have what must be told',
    width: 79,
    shows: ['▸ browse  0:12 of 0:30, 18s left · 512/s · 8 users · p95 12.4 ms · 0 % errors'],
  },
  {
    what: 'wide terminals have the users, the course and the event loop too',
    width: 139,
    shows: ['▸ browse  0:12 of 0:30, 18s left ▅█ · 512/s · 8 users · p95 12.4 ms · 0 % errors · event loop 35.0 %'],
  },
];
for (const { what, width, shows } of cases) test(what, () => expect(rows([load('browse')], width)).toEqual(shows));

test('a generator that is too busy is told before anything that can be left out', () => {
  const [row = ''] = rows([load('browse', { loops: [0.99], saturated: true })], 100);
  expect(row).toContain('event loop 99.0 %, saturated');
  expect(row).not.toContain('8 users');
});

test('where the figures of a busy generator have no room, a word has, and the title keeps its own', () => {
  const [row = ''] = rows([load('shoppers browse and buy', { loops: [0.99, 0.98], saturated: true })]);
  expect(row).toMatch(/^▸ shopp.*buy {2}0:12 of 0:30, 18s left · 512\/s · p95 12\.4 ms · 0 % errors · busy$/);
});

test('on a narrow terminal two loads can be told apart, whatever the figures', () => {
  const figures = { rate: 50, p95Ms: 21.7 };
  const shown = rows([load('parallel 1', figures), load('parallel 2', figures)], 59);
  expect(shown).toEqual([
    '▸ parallel 1  18s left · 50.0/s · p95 21.7 ms · 0 % errors',
    '▸ parallel 2  18s left · 50.0/s · p95 21.7 ms · 0 % errors',
  ]);
});

test('rows stand under each other, of too many loads the last row says how many', () => {
  expect(
    rows(
      ['browse', 'buy', 'pay', 'leave'].map((title) => load(title)),
      79,
      3,
    ),
  ).toEqual([
    '▸ browse  0:12 of 0:30, 18s left · 512/s · 8 users · p95 12.4 ms · 0 % errors',
    '▸ buy     0:12 of 0:30, 18s left · 512/s · 8 users · p95 12.4 ms · 0 % errors',
    '  and 2 more loads',
  ]);
});

test('a test that runs in two projects at once is told apart', () => {
  const other = { ...load('browse'), of: { title: ['shop.spec.ts', 'browse'], project: 'eu' } };
  expect(rows([load('browse'), other], 139).map((row) => row.split('  ')[0])).toEqual([
    '▸ [load] shop.spec.ts › browse',
    '▸ [eu] shop.spec.ts › browse',
  ]);
});

const titles = ['x'.repeat(5_000), '\u001b[2J\u001b[31mred\u0007\n', '👩‍👩‍👧 日本語'.repeat(20)];
for (const title of titles) {
  for (const width of [40, 59, 79, 139]) {
    test(`${JSON.stringify(title.slice(0, 12))} keeps to one row of ${width} columns, and its escapes to itself`, () => {
      const shown = rows([load(title), load('buy', { rate: 1_234_567, errors: 0.123, p95Ms: 12_345 })], width);
      expect(shown).toHaveLength(2);
      for (const row of shown) {
        expect(columnsOf(row)).toBeLessThanOrEqual(width);
        expect(row).not.toMatch(/[\u0000-\u001f]/);
      }
    });
  }
}

test('a line of a log names its test, cut inside where it is long', () => {
  expect(logLine(load('browse'), 110)).toBe(
    'shop.spec.ts › browse: 0:12 of 0:30, 18s left · 512/s · 8 users · p95 12.4 ms · 0 % errors · event loop 35.0 %',
  );
  expect(logLine(load('x'.repeat(500)), 110)).toMatch(/^shop\.spec.*…x+: 0:12 of 0:30/);
});
