/** Scalability: the plan's success rate by concurrent users, as one table. */
import { formatMs, formatPercent, formatRate } from '../load/analysis/index.ts';
import { between, expect, test, users } from '../load/index.ts';
import { mixed } from './mixed.ts';
import { scalability } from './plan.ts';

test.describe.configure({ mode: 'serial' });

const table: string[] = [];

for (const { users: count, successRate } of scalability) {
  test(`${count} concurrent users: ${successRate} success`, { tag: ['@performance', '@slow'] }, async ({ load }) => {
    const run = await load(users(count).for('8s').thinking(between('100ms', '300ms')), mixed, { warmUp: '2s' });
    const { serviceMs, throughputPerSec = 0 } = run;
    table.push(
      [
        String(count),
        formatPercent(run.successRate ?? 0),
        formatRate(throughputPerSec),
        formatMs(serviceMs?.p50 ?? 0),
        formatMs(serviceMs?.p95 ?? 0),
        formatMs(serviceMs?.p99 ?? 0),
      ].join(' | '),
    );
    expect(run).toMeet({ successRate, requests: `>= ${count}` });
  });
}

test.afterAll('the table', async ({}, testInfo) => {
  const body = ['users | success | rate | p50 | p95 | p99', '--: | --: | --: | --: | --: | --:', ...table].join('\n');
  await testInfo.attach('scalability', { body, contentType: 'text/markdown' });
});
