import { expect } from '@playwright/test';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { test } from '../../testing/plain-test.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { columnsOf } from '../words/plain-text.ts';
import { findingLines } from './finding-lines.ts';
import { colourPaint, plainPaint } from './paint.ts';

function shown(finding: FindingSummary, width: number, detail: 'full' | 'compact' = 'full'): string[] {
  return findingLines(finding, detail, { width, paint: plainPaint });
}

const measured = sampleFindingSummary();

test('a finding is its sentence and its table; a column of nothing is left out', () => {
  expect(shown(measured, 80)).toEqual([
    '○ breaking point  stress.spec.ts › where it breaks                      [stress]',
    '  sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency',
    '',
    '  rests on 4 runs',
    '    rate  outcome                      throughput      p95',
    '  50.0/s  holds                            50.0/s        –',
    '   100/s  holds                             100/s  40.0 ms',
    '   198/s  holds                             198/s  80.0 ms',
    '   208/s  breaks: latency and backlog       199/s   160 ms',
  ]);
});

test('in 44 columns the words give way, then the last columns, and no number is cut', () => {
  expect(shown(measured, 44)).toEqual([
    '○ breaking point  stress.s…t breaks [stress]',
    '  sustains 198/s (3 of 3), fails 208/s (0 of',
    '  2), first by latency',
    '',
    '  rests on 4 runs',
    '    rate  outcome               throughput',
    '  50.0/s  holds                     50.0/s',
    '   100/s  holds                      100/s',
    '   198/s  holds                      198/s',
    '   208/s  breaks: latency and…       199/s',
  ]);
});

test('compact it has no table', () => {
  expect(shown(measured, 80, 'compact')).toEqual([
    '○ breaking point  stress.spec.ts › where it breaks                      [stress]',
    '  sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency',
    '  rests on 4 runs',
  ]);
});

const { table, ...bare } = measured;
const tables = [
  { what: 'no table', finding: bare },
  { what: 'a table without rows', finding: { ...bare, table: { columns: table?.columns ?? [], rows: [] } } },
  {
    what: 'a table of nothing measured',
    finding: { ...bare, table: { columns: table?.columns ?? [], rows: [{}, {}] } },
  },
];
for (const { what, finding } of tables) {
  test(`with ${what} it says on how many runs it rests, once`, () => {
    expect(shown(finding, 80).slice(2)).toEqual(['  rests on 4 runs']);
    expect(shown({ ...finding, runs: [] }, 80)).toHaveLength(2);
  });
}

test('what is not green says so in words, and colours its sentence', () => {
  const failed = sampleFindingSummary({ verdict: 'failed', name: 'checkout', project: '' });
  expect(shown(failed, 80, 'compact')[0]).toBe(
    '✗ failed  breaking point of checkout  stress.spec.ts › where it breaks',
  );
  const coloured = findingLines(failed, 'compact', { width: 80, paint: colourPaint });
  expect(coloured[1]).toMatch(/^ {2}\u001b\[31msustains/);
  const unclear = findingLines({ ...failed, verdict: 'inconclusive' }, 'compact', { width: 80, paint: colourPaint });
  expect(unclear[0]).toMatch(/^\u001b\[33m≟\u001b\[39m \u001b\[33minconclusive/);
});

test('forty rows are shown, and how many more there are', () => {
  const rows = Array.from({ length: 45 }, (_, at) => ({ pair: at + 1, p95: 10 }));
  const columns = [
    { name: 'pair', unit: 'pair' as const },
    { name: 'p95', unit: 'ms' as const },
  ];
  const lines = shown(sampleFindingSummary({ table: { columns, rows } }), 60);
  expect(lines.slice(-3)).toEqual(['    39  10.0 ms', '    40  10.0 ms', '  and 5 more']);
});

const words = [
  { what: '10,000 characters', text: 'x'.repeat(10_000) },
  { what: 'control sequences', text: '\u001b[2J\u001b[31mred\u0007\u202E' },
  { what: 'emoji and ideographs', text: '👩‍👩‍👧 日本語'.repeat(20) },
];
for (const { what, text } of words) {
  for (const width of [60, 80, 140]) {
    test(`names with ${what} keep to ${width} columns and their escapes to themselves`, () => {
      const finding = sampleFindingSummary({
        name: text,
        sentence: text,
        title: ['a.spec.ts', text],
        project: text,
        verdict: 'invalid',
        table: {
          columns: [
            { name: text.slice(0, 30), unit: 'text' },
            { name: 'p95', unit: 'ms' },
          ],
          rows: [Object.fromEntries([[text.slice(0, 30), text]]), { p95: 12 }],
        },
      });
      const lines = [...shown(finding, width), ...shown(finding, width, 'compact')];
      expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
      expect(lines.join('')).not.toContain('\u001b');
    });
  }
}
