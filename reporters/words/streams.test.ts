import { expect } from '@playwright/test';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { withExtras } from '../../testing/sample-extras.ts';
import { formatRate } from '../../load/measure/units.ts';
import { extrasTables } from './streams.ts';

const plain = () => sampleRun({ seconds: 20, extras: false });

test('a run of plain requests has no table of streams, sockets or server timing', () => {
  expect(extrasTables(sampleReport(plain()).summary)).toEqual([]);
});

test('streams, tokens, sockets and server timing have a table each, what went badly where there is any', () => {
  const { summary } = sampleReport(withExtras(plain()));
  const [first = ''] = summary.endpoints.map(({ name }) => name);
  const seconds = summary.durationMs / 1_000;
  const perSec = (count: number) => formatRate(count / seconds);
  const shown = extrasTables(summary).map(({ title, columns, rows }) => [
    title,
    ...rows.map(({ name, cells }) => [
      name,
      ...cells.map(({ text }, at) => `${columns[at]?.title ?? ''} ${text ?? 'absent'}`),
    ]),
  ]);
  expect(shown).toEqual([
    [
      'stream',
      [
        first,
        ...['streams 20', `events ${perSec(200)}`, 'first p50 110 ms', 'first p99 ~120 ms'],
        ...['gap p50 210 ms', 'gap p99 ~220 ms', 'cut 2', 'stalled 1'],
      ],
    ],
    [
      'tokens',
      [
        first,
        ...['count 200', `rate ${perSec(200)}`, 'TTFT p50 410 ms', 'TTFT p99 ~420 ms', 'ITL p50 510 ms'],
        ...['ITL p99 ~520 ms', 'TPOT p50 610 ms', 'TPOT p99 ~620 ms'],
      ],
    ],
    [
      'WebSocket',
      [
        first,
        ...['opened 5', `sent ${perSec(100)}`, `received ${perSec(300)}`, 'open p50 ~9.00 s'],
        ...['closes 4 × 1000, 1 × 1006', 'abnormal 1'],
      ],
    ],
    [
      'server timing',
      [`db of ${first}`, ...['count 100', 'mean 50.5 ms', 'p50 50.0 ms', 'p95 ~95.0 ms', 'p99 ~99.0 ms', 'max 100 ms']],
    ],
  ]);
});

test('what is beyond the most rows is counted', () => {
  const { summary } = sampleReport(withExtras(plain()));
  const [endpoint] = summary.endpoints;
  if (endpoint === undefined) throw new Error('the run has a row');
  const endpoints = Array.from({ length: 25 }, (_, at) => ({ ...endpoint, name: `GET /${at}` }));
  expect(extrasTables({ endpoints }).map(({ rows, more }) => [rows.length, more])).toEqual(Array(4).fill([20, 5]));
});
