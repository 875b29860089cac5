import { expect } from '@playwright/test';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { withExtras } from '../../testing/sample-extras.ts';
import { columnsOf } from '../words/plain-text.ts';
import { extrasLines } from './extras-lines.ts';
import { plainPaint } from './paint.ts';
import { renderRun } from './run-lines.ts';

const hostile = '\u001b[31m<script>\r\n| `|$&';

const shown = (width: number, timing?: string, endpoints?: readonly string[]) =>
  extrasLines(sampleReport(withExtras(sampleRun({ seconds: 20, ...(endpoints && { endpoints }) }), timing)).summary, {
    width,
    paint: plainPaint,
  });

for (const width of [60, 80, 120])
  test(`no line of streams, sockets and server timing is wider than ${width} columns, whatever the names`, () => {
    for (const block of shown(width, hostile, [`GET /${hostile}${'x'.repeat(200)}`]))
      for (const line of block) {
        expect(columnsOf(line)).toBeLessThanOrEqual(width - 2);
        expect(line).toMatch(/^[^\p{Cc}]*$/u);
      }
  });

test('a narrow terminal keeps what went badly, and first events and gaps at their worst', () => {
  expect(shown(60)[0]).toEqual([
    'stream              first p99  gap p99  cut  stalled',
    'GET /api/v1/health    ~120 ms  ~220 ms    2        1',
  ]);
});

test('a run shows them under its endpoints, and one without shows nothing of them', () => {
  const canvas = { width: 120, paint: plainPaint };
  const plain = renderRun(sampleReport(sampleRun({ seconds: 20, extras: false })), canvas).join('\n');
  const withThem = renderRun(sampleReport(withExtras(sampleRun({ seconds: 20, extras: false }))), canvas).join('\n');
  for (const title of ['stream ', 'tokens  ', 'WebSocket ', 'server timing ']) {
    expect(plain).not.toContain(`\n  ${title}`);
    expect(withThem).toContain(`\n  ${title}`);
  }
});
