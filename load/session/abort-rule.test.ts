import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { AbortRule } from './abort-rule.ts';
import { emptyRunData } from '../measure/run-data.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { parseLimits } from '../verdict/parse-limits.ts';

function ruleOf(limits: object, afterMs = 0) {
  const clock = new VirtualClock();
  const data = emptyRunData({ index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  const parsed = parseLimits(limits, { scope: { kind: 'run' }, model: 'closed', apdexGiven: false });
  return { clock, data, rule: new AbortRule({ data, limits: parsed, clock, afterMs }) };
}

test('a limit of despair is met when its comparison holds', () => {
  const { clock, data, rule } = ruleOf({ errorRate: '> 50%' });
  rule.begin(0);
  clock.stall(1_000);
  expect(rule.reason()).toBeUndefined(); // nothing has ended: nothing is known
  Object.assign(data.counts, { scheduled: 4, started: 4, ok: 2, failed: 2 });
  expect(rule.reason()).toBeUndefined(); // half is not more than half
  Object.assign(data.counts, { scheduled: 5, started: 5, failed: 3 });
  expect(rule.reason()).toBe('`abortOn` was met: errorRate > 50%');
});

test('nothing is looked at before `abortAfter`, counted from the start of the measured part', () => {
  const { clock, data, rule } = ruleOf({ failed: '> 0' }, 2_000);
  Object.assign(data.counts, { scheduled: 1, started: 1, failed: 1 });
  clock.stall(10_000);
  expect(rule.reason()).toBeUndefined(); // it has not even begun
  rule.begin(10_000);
  clock.stall(1_999);
  expect(rule.reason()).toBeUndefined();
  clock.stall(1);
  expect(rule.reason()).toBe('`abortOn` was met: failed > 0');
});

test('a rate is of the time so far', () => {
  const { clock, data, rule } = ruleOf({ throughput: '< 10/s' });
  Object.assign(data.counts, { scheduled: 30, started: 30, ok: 30 });
  rule.begin(0);
  clock.stall(3_000);
  expect(rule.reason()).toBeUndefined();
  clock.stall(1);
  expect(rule.reason()).toBe('`abortOn` was met: throughput < 10/s');
});
