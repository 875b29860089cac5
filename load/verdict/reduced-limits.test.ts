import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { RunPlan } from '../measure/run-data.ts';
import type { Scope, TimeWindow } from '../measure/threshold.ts';
import { holdingOf } from './reduced-limits.ts';
import { latencyGroups, latencyStatistics, plainMetrics } from './metric.ts';
import { parseLimits } from './parse-limits.ts';

function held(
  plan: Partial<RunPlan>,
  limits: object,
  { scope = { kind: 'run' }, window }: { readonly scope?: Scope; readonly window?: TimeWindow } = {},
): string {
  const [threshold] = parseLimits(limits, {
    scope,
    model: 'open',
    apdexGiven: true,
    ...(window !== undefined && { window }),
  });
  if (threshold === undefined) throw new Error('no limit was given');
  const whole = { index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'warn', ...plan } as const;
  const holding = holdingOf({ plan: whole }, threshold);
  return holding.kind === 'unjudged' ? 'not judged' : `${holding.kind}: ${holding.threshold.target.text}`;
}

const every: TimeWindow = { kind: 'every', lengthMs: 10_000, text: 'every 10s' };
const after: TimeWindow = { kind: 'between', fromMs: 5_000, toMs: undefined, text: 'after 5s' };
const steady: TimeWindow = { kind: 'between', fromMs: 1_000, toMs: 9_000, text: 'steady' };
const endpoint: Scope = { kind: 'endpoint', name: 'GET /a' };
const group = { kind: 'group', name: 'g' } as const;
const together = { kind: 'loads', name: 'a, b', loads: [0, 1] } as const;
const check: Scope = { kind: 'check', name: 'a' };
const metric: Scope = { kind: 'metric', name: 'a' };

const once: { readonly limits: object; readonly scope?: Scope; readonly window?: TimeWindow; readonly is: string }[] = [
  { limits: { successRate: '100%' }, is: 'judged: 100%' },
  { limits: { successRate: '>= 100%' }, is: 'judged: >= 100%' },
  { limits: { successRate: '> 99%' }, is: 'not judged' },
  { limits: { successRate: '>= 50%' }, is: 'not judged' },
  { limits: { successRate: '100%' }, scope: endpoint, is: 'judged: 100%' },
  { limits: { successRate: '> 99%' }, scope: endpoint, is: 'not judged' },
  { limits: { successRate: '100%' }, window: every, is: 'not judged' },
  { limits: { successRate: '< 50%' }, is: 'leniently: < 50%' },
  { limits: { successRate: { target: '100%', acceptable: '> 99%' } }, is: 'not judged' },
  { limits: { errorRate: '< 1%' }, is: 'not judged' },
  { limits: { errorRate: '<= 1%' }, scope: together, is: 'not judged' },
  { limits: { errorRate: '0%' }, is: 'judged: 0%' },
  { limits: { errorRate: '<= 0%' }, is: 'judged: <= 0%' },
  { limits: { errorRate: '> 50%' }, is: 'leniently: > 50%' },
  { limits: { errorRate: '100%' }, is: 'leniently: 100%' },
  { limits: { errorRate: '< 1%' }, scope: group, is: 'judged: < 1%' }, // nothing is implied of a group
  { limits: { failed: '<= 5' }, scope: group, is: 'not judged' },
  { limits: { checks: '100%' }, is: 'judged: 100%' },
  { limits: { checks: '>= 99%' }, is: 'not judged' },
  { limits: { rate: '100%' }, scope: check, is: 'judged: 100%' },
  { limits: { rate: '> 90%' }, scope: check, is: 'not judged' },
  { limits: { rate: '< 50%' }, scope: check, is: 'leniently: < 50%' },
  { limits: { rate: '> 50%' }, scope: metric, is: 'not judged' },
  { limits: { count: '>= 50' }, scope: metric, is: 'not judged' },
  { limits: { failed: '0' }, is: 'judged: 0' },
  { limits: { failed: '< 1' }, is: 'judged: < 1' },
  { limits: { failed: '<= 5' }, is: 'not judged' },
  { limits: { failed: { target: '0', acceptable: '<= 5' } }, is: 'not judged' },
  { limits: { failed: '>= 5' }, is: 'leniently: >= 5' },
  { limits: { exceptions: '< 10' }, is: 'not judged' },
  { limits: { idleIterations: '< 10' }, is: 'judged: < 10' },
  { limits: { requests: '0' }, is: 'not judged' },
  { limits: { iterations: '> 5' }, is: 'not judged' },
  { limits: { throughput: '> 5/s' }, is: 'not judged' },
  { limits: { dropped: '0' }, is: 'not judged' },
  { limits: { apdex: '> 0.9' }, is: 'not judged' },
  { limits: { network: { staleConnections: '< 1%' } }, is: 'not judged' },
];
for (const { limits, is, ...subject } of once) {
  test(`played once, ${JSON.stringify(limits)} of ${JSON.stringify(subject)} is ${is}`, () => {
    expect(held({ once: true }, limits, subject)).toBe(is);
  });
}

test('played once, no latency is judged, and of the rest only what tells what went wrong', () => {
  const latencies = [...latencyGroups.keys(), ''].flatMap((group) =>
    latencyStatistics.map((statistic) => (group === '' ? statistic : `${group}.${statistic}`)),
  );
  for (const name of latencies) expect([name, held({ once: true }, { [name]: '< 1s' })]).toEqual([name, 'not judged']);
  expect([...plainMetrics].flatMap(([name, { inOnce }]) => (inOnce === true ? [name] : []))).toEqual([
    ...['successRate', 'errorRate', 'failed', 'timedOut', 'unfinished', 'iterationsFailed', 'idleIterations'],
    ...['exceptions', 'userFailures', 'checks'],
    ...['cutStreams', 'stalledStreams', 'emptyStreams', 'abnormalCloses'],
  ]);
});

const exact = { scale: 0.1, countFactor: 0.1, rateFactor: 0.1 } as const;
const shrunk: {
  readonly by: NonNullable<RunPlan['shrunk']>;
  readonly limits: object;
  readonly scope?: Scope;
  readonly window?: TimeWindow;
  readonly is: string;
}[] = [
  { by: exact, limits: { requests: '>= 200' }, is: 'judged: >= 20 (of >= 200)' },
  { by: exact, limits: { requests: '200' }, is: 'judged: 20 (of 200)' },
  { by: exact, limits: { throughput: '> 495/s' }, is: 'judged: > 49.5 (of > 495/s)' },
  { by: exact, limits: { failed: '<= 50' }, is: 'judged: <= 5 (of <= 50)' },
  { by: exact, limits: { dropped: '0' }, is: 'judged: 0' },
  { by: exact, limits: { p95: '< 50ms' }, is: 'judged: < 50ms' },
  { by: exact, limits: { successRate: '> 99%' }, is: 'judged: > 99%' },
  { by: exact, limits: { requests: '25' }, scope: endpoint, is: 'not judged' },
  { by: exact, limits: { throughput: '> 5/s' }, scope: endpoint, is: 'not judged' },
  { by: exact, limits: { requests: '>= 200' }, window: every, is: 'judged: >= 20 (of >= 200)' },
  { by: exact, limits: { rate: '100%' }, scope: check, is: 'judged: 100%' },
  { by: exact, limits: { count: '>= 5' }, scope: metric, is: 'not judged' },
  { by: exact, limits: { p95: '< 5' }, scope: metric, is: 'judged: < 5' },
  { by: { scale: 0.1 }, limits: { requests: '>= 200' }, is: 'not judged' }, // users for a time
  { by: { scale: 0.1 }, limits: { throughput: '> 5/s' }, is: 'not judged' },
  // More errors than the whole load may have are too many for a part of it.
  { by: { scale: 0.1 }, limits: { failed: '<= 50' }, is: 'judged: <= 50' },
  { by: { scale: 0.1 }, limits: { exceptions: '< 5' }, is: 'judged: < 5' },
  { by: exact, limits: { failed: '<= 50' }, scope: endpoint, is: 'judged: <= 50' },
  { by: exact, limits: { timedOut: '< 5' }, scope: together, is: 'judged: < 5' },
  { by: exact, limits: { failed: '<= 5' }, scope: group, is: 'judged: <= 5' },
  { by: { stretch: 0.5 }, limits: { failed: '<= 50' }, is: 'judged: <= 50' },
  { by: { scale: 2, stretch: 3 }, limits: { failed: '<= 50' }, is: 'judged: <= 300 (of <= 50)' },
  { by: { scale: 0.1, stretch: 3 }, limits: { failed: '<= 50' }, is: 'judged: <= 50' },
  { by: { scale: 0.1 }, limits: { failed: '>= 50' }, is: 'not judged' },
  { by: { scale: 0.1 }, limits: { failed: '50' }, is: 'not judged' },
  { by: { scale: 0.1 }, limits: { failed: '0' }, is: 'judged: 0' },
  { by: { stretch: 0.5, rateFactor: 1 }, limits: { throughput: '> 5/s' }, is: 'judged: > 5/s' },
  { by: { stretch: 0.5, rateFactor: 1 }, limits: { p95: '< 1s' }, window: after, is: 'not judged' },
  { by: { stretch: 0.5, rateFactor: 1 }, limits: { requests: '> 9' }, window: every, is: 'judged: > 9' },
  { by: { stretch: 0.5, rateFactor: 1 }, limits: { p95: '< 1s' }, window: steady, is: 'judged: < 1s' },
  { by: { stretch: 0.5, rateFactor: 1 }, limits: { throughput: '> 8/s' }, window: steady, is: 'judged: > 8/s' },
  { by: { stretch: 0.5, rateFactor: 1 }, limits: { requests: '> 8' }, window: steady, is: 'judged: > 4 (of > 8)' },
];
for (const { by, limits, is, ...subject } of shrunk) {
  test(`shrunk by ${JSON.stringify(by)}, ${JSON.stringify(limits)} of ${JSON.stringify(subject)} is ${is}`, () => {
    expect(held({ shrunk: by, steady: { fromMs: 1_000, toMs: 9_000 } }, limits, subject)).toBe(is);
  });
}
