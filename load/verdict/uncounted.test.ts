import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { users } from '../profile/users.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import { judgeRun } from './judge.ts';
import { parseLimits } from './parse-limits.ts';

const advice =
  ". Send them with the scenario's `request` or with a context of its `newContext`; if they are no part of the load, say `uncounted: 'allowed'`";

/** Five requests in the books, and a limit that they meet. */
async function ran(uncounted: readonly (readonly [string, number])[], plan: Partial<RunData['plan']>) {
  const { data } = await liveThrough(users(1).iterations(5), undefined, { answer: () => ({ afterMs: 10 }) });
  data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 50, generator: [], pid: 1 });
  data.thresholds.push(
    ...parseLimits({ successRate: '100%' }, { scope: { kind: 'run' }, model: 'closed', apdexGiven: false }),
  );
  for (const [row, count] of uncounted) data.uncounted.set(row, count);
  return { ...data, plan: { ...data.plan, ...plan } };
}

const rows: readonly {
  readonly uncounted: readonly (readonly [string, number])[];
  readonly plan?: Partial<RunData['plan']>;
  readonly verdict: string;
  readonly reason?: string;
}[] = [
  { uncounted: [], verdict: 'passed' },
  {
    uncounted: [['GET /a by `fetch`', 1]],
    verdict: 'invalid',
    reason: `1 request was sent beside the 5 in the books: GET /a by \`fetch\`${advice}`,
  },
  {
    uncounted: [
      ['GET /a by x', 1],
      ['GET /b by x', 3],
      ['GET /c by x', 2],
      ['GET /d by x', 1],
    ],
    verdict: 'invalid',
    reason: `7 requests were sent beside the 5 in the books: 3 × GET /b by x, 2 × GET /c by x, GET /a by x, …${advice}`,
  },
  { uncounted: [['GET /a by x', 1]], plan: { unjudged: true }, verdict: 'invalid' },
  { uncounted: [['GET /a by x', 1]], plan: { uncounted: 'allowed' }, verdict: 'passed' },
];
for (const { uncounted, plan = {}, verdict, reason } of rows) {
  test(`beside ${JSON.stringify(uncounted)}, as ${JSON.stringify(plan)}, a run is ${verdict}`, async () => {
    const judged = judgeRun(await ran(uncounted, plan));
    expect(judged.verdict).toBe(verdict);
    if (reason !== undefined) expect(judged.reason).toBe(reason);
  });
}

const idle = [
  { limits: { successRate: '100%' }, verdict: 'failed' },
  { limits: { successRate: '100%', requests: '> 0' }, verdict: 'failed' },
  { limits: { idleIterations: '<= 2' }, verdict: 'passed' },
  { limits: { idleIterations: '0' }, verdict: 'failed' },
];
for (const { limits, verdict } of idle) {
  test(`a run in which 2 of 6 iterations sent nothing is ${verdict} by ${JSON.stringify(limits)}`, async () => {
    const { data } = await liveThrough(
      users(1).iterations(6),
      async ({ request, iteration }) => (iteration % 3 === 0 ? undefined : request.get('/')),
      { answer: () => ({ afterMs: 10 }) },
    );
    expect(data.idleIterations).toBe(2);
    data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 50, generator: [], pid: 1 });
    data.thresholds.push(...parseLimits(limits, { scope: { kind: 'run' }, model: 'closed', apdexGiven: false }));
    expect(judgeRun(data).verdict).toBe(verdict);
  });
}

test('an iteration that failed, is cut off or is of the warm-up is not idle', async () => {
  const { data } = await liveThrough(
    arrivals('10/s').for('1s'),
    async ({ request, iteration }) => {
      if (iteration === 12) throw new Error('before its request');
      if (iteration === 14) await new Promise(() => {});
      if (iteration > 10) await request.get('/');
    },
    { warmUpMs: 1_000, gracefulStopMs: 10, answer: () => ({ afterMs: 10 }) },
  );
  expect(data.iterations).toMatchObject({ failed: 1, unfinished: 1 });
  expect(data.idleIterations).toBe(0);
});
