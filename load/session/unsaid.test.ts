import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { RunData } from '../measure/run-data.ts';
import { iterations } from '../profile/iterations.ts';
import type { Scenario } from '../run/scenario.ts';
import { getRoot, liveThrough } from '../../testing/virtual-run.ts';
import { unsaidOf } from './unsaid.ts';
import { parseLimits } from '../verdict/parse-limits.ts';

interface Case {
  readonly limits?: object;
  readonly scenario?: Scenario<unknown>;
  readonly plan?: Partial<RunData['plan']>;
  readonly of?: number;
  readonly stopped?: string;
  readonly accounting?: string;
}

async function ran({ limits, scenario = getRoot, plan = {}, of = 1, stopped, accounting }: Case): Promise<RunData> {
  const { data } = await liveThrough(iterations(2, { users: 1 }), scenario, { answer: () => ({ afterMs: 100 }) });
  const segment = { runId: 'r', index: 0, of, startedAtEpochMs: 0, durationMs: 200, generator: [], pid: 1 };
  data.segments.push({ ...segment, ...(stopped !== undefined && { stopped }) });
  if (accounting !== undefined) data.accounting.push(accounting);
  if (limits !== undefined)
    data.thresholds.push(...parseLimits(limits, { scope: { kind: 'run' }, model: 'closed', apdexGiven: false }));
  return { ...data, plan: { ...data.plan, ...plan } };
}

const fine = { p95: '< 1s' };
const missed = { p95: '< 1ms' };
const unchecked: Scenario<unknown> = async ({ request, check }) => {
  await request.get('/');
  check('is good', false);
};

const rows: readonly (Case & { readonly name: string; readonly testHasFailed?: boolean; readonly says?: string })[] = [
  { name: 'a run that passed', limits: fine },
  { name: 'a run that missed what `toMeet` has already said', limits: missed, testHasFailed: true },
  {
    name: 'a run that missed limits which nothing has said',
    limits: missed,
    says: 'failed: 2 iterations by 1 user: p95 100 ms (limit < 1ms): GET /, 100 % of its time waiting for the first byte',
  },
  {
    name: 'a run without limits',
    says: 'failed: 2 iterations by 1 user: no threshold was set: say what is good enough with `expect(run).toMeet({ … })`',
  },
  { name: 'a run without limits, that was only to be measured', plan: { unjudged: true } },
  {
    name: 'a failed check',
    limits: fine,
    scenario: unchecked,
    says:
      'failed: 2 iterations by 1 user: check "is good" rate 0 % (limit 100%): 2 of 2 did not hold\n\n' +
      '  ✗  check "is good"  rate  expected 100% (implied)  received 0 % (2 of 2 did not hold)',
  },
  {
    name: 'a failed check beside a missed limit',
    limits: missed,
    scenario: unchecked,
    testHasFailed: true,
    says:
      'failed: 2 iterations by 1 user: p95 100 ms (limit < 1ms): GET /, 100 % of its time waiting for the first byte; 2 of 2 limits missed\n\n' +
      '  ✗  check "is good"  rate  expected 100% (implied)  received 0 % (2 of 2 did not hold)',
  },
  {
    name: 'an early stop, though a limit was missed too',
    limits: missed,
    stopped: 'the feeder ran dry',
    testHasFailed: true,
    says: 'failed: 2 iterations by 1 user: the run was stopped early: the feeder ran dry; missed besides: p95 100 ms (limit < 1ms)',
  },
  {
    name: 'books that do not balance, under the name of the run',
    limits: fine,
    accounting: 'run: 3 started, but 2 ok',
    plan: { name: 'checkout' },
    says: 'invalid: checkout: 2 iterations by 1 user: the accounting does not add up: run: 3 started, but 2 ok',
  },
  { name: 'a segment, which the merge will judge', limits: missed, of: 2, accounting: 'whatever' },
];
for (const { name, testHasFailed = false, says, ...given } of rows) {
  test(`of ${name} ${says === undefined ? 'nothing is' : 'it is'} said`, async () => {
    expect(unsaidOf(await ran(given), testHasFailed)).toBe(says);
  });
}
