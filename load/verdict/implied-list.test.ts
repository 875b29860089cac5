import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyEndpoint, emptyRunData } from '../measure/run-data.ts';
import { describeScope, type Scope } from '../measure/threshold.ts';
import { impliedLimits } from './implied-limits.ts';

const asked: readonly {
  readonly say: string;
  readonly model?: 'open' | 'closed';
  readonly thresholds: readonly (readonly [Scope, string])[];
  readonly implied: readonly string[];
}[] = [
  {
    say: 'a closed run of which nothing is said',
    model: 'closed',
    thresholds: [],
    implied: [
      ...['run failed', 'run timedOut', 'run unfinished', 'run idleIterations', 'run exceptions'],
      ...['check "a" rate', 'check "b" rate'],
    ],
  },
  {
    say: 'an open run of which nothing is said',
    thresholds: [],
    implied: [
      ...['run failed', 'run timedOut', 'run unfinished', 'run dropped', 'run idleIterations', 'run exceptions'],
      ...['check "a" rate', 'check "b" rate'],
    ],
  },
  {
    say: 'a run with limits on its checks and its latency',
    thresholds: [
      [{ kind: 'run' }, 'p95'],
      [{ kind: 'run' }, 'checks'],
    ],
    implied: ['run failed', 'run timedOut', 'run unfinished', 'run dropped', 'run idleIterations', 'run exceptions'],
  },
  {
    say: 'a run with a limit on one of its checks, and an endpoint of the name of the other',
    thresholds: [
      [{ kind: 'check', name: 'a' }, 'rate'],
      [{ kind: 'endpoint', name: 'b' }, 'p95'],
    ],
    implied: [
      ...['run failed', 'run timedOut', 'run unfinished', 'run dropped', 'run idleIterations', 'run exceptions'],
      'check "b" rate',
    ],
  },
  {
    say: 'a run with limits on the failures of one endpoint, and a check of the name of another',
    thresholds: [
      [{ kind: 'endpoint', name: 'GET /a' }, 'failed'],
      [{ kind: 'metric', name: 'GET /b' }, 'failed'],
      [{ kind: 'run' }, 'successRate'],
    ],
    implied: [
      'run unfinished',
      'run dropped',
      'run idleIterations',
      'run exceptions',
      'check "a" rate',
      'check "b" rate',
    ],
  },
  {
    say: 'a run with a limit on the failures of one endpoint alone',
    thresholds: [
      [{ kind: 'endpoint', name: 'GET /a' }, 'failed'],
      [{ kind: 'metric', name: 'GET /b' }, 'failed'],
    ],
    implied: [
      ...['GET /b failed', 'run timedOut', 'run unfinished', 'run dropped', 'run idleIterations', 'run exceptions'],
      ...['check "a" rate', 'check "b" rate'],
    ],
  },
];
for (const { say, model = 'open', thresholds, implied } of asked) {
  test(`what is implied of ${say}`, () => {
    const run = emptyRunData({ index: 0, profile: 'p', model, warmUpMs: 0, whenSaturated: 'invalid' });
    run.checks.set('a', { passed: 1, failed: 0 }).set('b', { passed: 1, failed: 0 });
    for (const name of ['GET /a', 'GET /b']) {
      const endpoint = emptyEndpoint();
      Object.assign(endpoint.counts, { scheduled: 2, started: 2, ok: 1, failed: 1 });
      run.endpoints.set(name, endpoint);
    }
    Object.assign(run.counts, { scheduled: 4, started: 4, ok: 2, failed: 2 });
    run.iterations.started = 4;
    const target = { comparison: '<', value: 5, text: '< 5' } as const;
    run.thresholds.push(...thresholds.map(([scope, metric]) => ({ scope, metric, target })));
    expect(impliedLimits(run).map((each) => `${describeScope(each)} ${each.metric}`)).toEqual(implied);
    expect(impliedLimits(run).every((each) => each.implied === true)).toBe(true);
  });
}
