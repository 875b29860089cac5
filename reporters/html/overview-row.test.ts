import { expect } from '@playwright/test';
import { extrasRun } from '../../testing/extras-run.ts';
import { sampleReport } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { rateWords } from './overview-row.ts';
import { viewOfRun } from './run-view.ts';

const cases = [
  { rows: ['GET /events'], words: /^[\d.]+ streams\/s$/ },
  { rows: ['GET /events', 'POST /v1/chat/completions'], words: /^[\d.]+ streams\/s$/ },
  { rows: ['GET /events', 'GET /api/v1/health'], words: /^[\d.]+\/s$/ },
  { rows: ['GET /ws'], words: /^[\d.]+\/s$/ },
];
for (const { rows, words } of cases) {
  test(`a run of ${rows.join(' and ')} says its rate as ${String(words)}`, () => {
    const data = extrasRun({ seconds: 4, endpoints: rows });
    for (const name of [...data.endpoints.keys()]) if (!rows.includes(name)) data.endpoints.delete(name);
    expect(rateWords(viewOfRun(sampleReport(data)))).toMatch(words);
  });
}
