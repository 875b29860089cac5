import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { BaselineRun } from '../../load/measure/baseline.ts';
import { test } from '../../testing/plain-test.ts';
import { historyPath, withHistoryRow } from './history-csv.ts';

const head = 'time,commit,environment,p50_ms,p95_ms,p99_ms,mean_ms,throughput_per_s,error_rate,requests\n';
const now: BaselineRun = {
  at: '2026-01-01T00:00:00.000Z',
  commit: 'c0ffee',
  requests: 200,
  errorRate: 0.01,
  throughputPerSec: 20.5,
  latencyMs: { count: 198, mean: 11, p50: 10, p95: 20, p99: 30 },
};
const row = '2026-01-01T00:00:00.000Z,"c0ffee","X ""2"", 2 cores",10,20,30,11,20.5,0.01,200\n';
const told = { now, environment: 'X "2", 2 cores' };

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-history-'));
});
test.afterEach(async () => rm(folder, { recursive: true }));

test('the first run makes a table, and each later one a row', async () => {
  const path = join(folder, 'a.csv');
  expect(withHistoryRow(path, told)).toBe(head + row);
  await writeFile(path, (head + row).replaceAll('\n', '\r\n')); // as a checkout on Windows has it
  expect(withHistoryRow(path, told)).toBe(head + row + row);
});

for (const [what, text] of [
  ['other columns', 'time,p95\n'],
  ['no line', ''],
] as const) {
  test(`a table with ${what} is left as it is`, async () => {
    const path = join(folder, 'a.csv');
    await writeFile(path, text);
    expect(() => withHistoryRow(path, told)).toThrow(`its first line is not \`${head.trimEnd()}\``);
  });
}

test('each environment has a table of its own, beside the baseline', () => {
  const [here, there] = ['here', 'there'].map((environment) => historyPath('/x/a-1f.json', environment));
  expect(here).toMatch(/^\/x\/a-1f\.[0-9a-f]{8}\.csv$/);
  expect(there).not.toBe(here);
});
