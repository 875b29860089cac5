import { expect } from '@playwright/test';
import { emptyProbe, type ProbeRound } from '../../../load/measure/probe-data.ts';
import { emptyRunData } from '../../../load/measure/run-data.ts';
import { test } from '../../../testing/plain-test.ts';
import { maxActionLines, probeColumns } from './probe-columns.ts';

function columnsOf(rounds: readonly Partial<ProbeRound>[]) {
  const run = emptyRunData({ index: 0, profile: 'x', model: 'open', warmUpMs: 0, whenSaturated: 'warn' });
  const probe = emptyProbe(5_000);
  probe.rounds.push(
    ...rounds.map((round) => ({ atMs: 0, phase: 'load' as const, vitals: {}, actions: {}, ms: 1, ...round })),
  );
  run.probes.set('shop', probe);
  return probeColumns(run);
}

test('idle rounds are known by their number, those under load by when they began', () => {
  const [columns] = columnsOf([
    { atMs: 5_004, vitals: { lcp: 700 } },
    { atMs: -90_000, phase: 'idle', vitals: { lcp: 400 }, actions: { buy: 100 }, controlMs: 80 },
    { atMs: 0, vitals: { lcp: 690 }, actions: { buy: 400 } },
  ]);
  expect(columns).toEqual({
    name: 'shop',
    atSec: [0, 5],
    lines: [
      { name: 'LCP', kind: 'lcp', idle: [400], load: [690, 700] },
      { name: 'buy', kind: 'action', idle: [100], load: [400, null] },
      { name: 'control page', kind: 'control', idle: [80], load: [null, null] },
    ],
    failedIdle: [],
    failedLoad: [],
  });
});

test('a failed round is a gap and a mark; its control page stays', () => {
  const [columns] = columnsOf([
    { atMs: 0, vitals: { lcp: 1 }, controlMs: 8 },
    { atMs: 1_000, vitals: { lcp: 1 }, controlMs: 9, failure: 'page crashed' },
  ]);
  expect(columns?.lines.map(({ name, load }) => [name, load])).toEqual([
    ['LCP', [1, null]],
    ['control page', [8, 9]],
  ]);
  expect(columns?.failedLoad).toEqual([1]);
});

test('a probe none of whose rounds came through has its marks and no line', () => {
  const [columns] = columnsOf([{ failure: 'never loaded' }]);
  expect(columns).toMatchObject({ lines: [], failedLoad: [0] });
});

test(`of many actions the first ${maxActionLines} are drawn`, () => {
  const actions = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`action ${at}`, at + 1]));
  const [columns] = columnsOf([{ actions }]);
  expect(columns?.lines.map(({ name }) => name)).toEqual(['action 0', 'action 1', 'action 2', 'action 3']);
});

test('a probe without a round has no chart', () => {
  expect(columnsOf([])).toEqual([]);
});
