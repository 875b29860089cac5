/**
 * Scalability: the plan's success rate by concurrent users, as one table. Nobody thinks, so that as many requests are under
 * way as there are users; what they wait for is limited too, since a server that lets all wait for a minute fails nobody.
 */
import { formatMs, formatPercent, formatRate } from 'playload/analysis';
import { expect, test, users } from 'playload';
import { mixed } from './mixed.ts';
import { scalability, scalabilityTimes } from './plan.ts';

test.describe.configure({ mode: 'serial' });

const table: string[] = [];

for (const { users: count, successRate } of scalability) {
  test(`${count} concurrent users: ${successRate} success`, { tag: ['@performance', '@slow'] }, async ({ load }) => {
    const run = await load(users(count).for('8s'), mixed, { warmUp: '2s' });
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
    const atOnce = Math.max(...run.seconds.map(({ inFlight }) => inFlight ?? 0));
    if (!run.once) expect(atOnce, 'requests under way at once').toBeGreaterThanOrEqual(count);
    expect(run).toMeet({ successRate, p95: scalabilityTimes, requests: `>= ${count}` });
  });
}

test.afterAll('the table', async ({}, testInfo) => {
  const body = ['users | success | rate | p50 | p95 | p99', '--: | --: | --: | --: | --: | --:', ...table].join('\n');
  await testInfo.attach('scalability', { body, contentType: 'text/markdown' });
});
