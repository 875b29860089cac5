import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { parseLimits, type Subject } from './parse-limits.ts';

const openRun: Subject = { scope: { kind: 'run' }, model: 'open', apdexGiven: false };
const closedRun: Subject = { ...openRun, model: 'closed' };
const endpoint: Subject = { ...openRun, scope: { kind: 'endpoint', name: 'GET /a' } };
const check: Subject = { ...openRun, scope: { kind: 'check', name: 'fine' } };
const metric: Subject = { ...openRun, scope: { kind: 'metric', name: 'basket' } };
const steady: Subject = { ...openRun, window: { kind: 'between', fromMs: 0, toMs: 1_000, text: 'steady' } };

interface Right {
  readonly given: object;
  readonly comparison: string;
  readonly value: number;
  readonly metric?: string;
  readonly subject?: Subject;
}

const right: readonly Right[] = [
  { given: { p95: '< 100ms' }, comparison: '<', value: 100 },
  { given: { p999: '<1.5s' }, comparison: '<', value: 1_500 },
  { given: { p9999: '< 2s' }, comparison: '<', value: 2_000 },
  { given: { max: ' <= 1.1s ' }, comparison: '<=', value: 1_100 },
  { given: { successRate: '100%' }, comparison: '==', value: 1 },
  { given: { successRate: '>= 99.9%' }, comparison: '>=', value: 0.999 },
  { given: { errorRate: '< 1%' }, comparison: '<', value: 0.01 },
  { given: { throughput: '> 495/s' }, comparison: '>', value: 495 },
  { given: { throughput: '>= 30/m' }, comparison: '>=', value: 0.5 },
  { given: { dropped: '0' }, comparison: '==', value: 0 },
  { given: { requests: '>= 100' }, comparison: '>=', value: 100 },
  { given: { serviceTime: { p99: '< 1s' } }, comparison: '<', value: 1_000, metric: 'serviceTime.p99' },
  { given: { phases: { waiting: { p95: '< 1s' } } }, comparison: '<', value: 1_000, metric: 'phases.waiting.p95' },
  { given: { lag: { p99: '< 10ms' } }, comparison: '<', value: 10, metric: 'lag.p99' },
  { given: { rate: '> 99%' }, comparison: '>', value: 0.99, subject: check },
  { given: { p95: '< 12.5' }, comparison: '<', value: 12.5, subject: metric },
  { given: { p9999: '< 12.5' }, comparison: '<', value: 12.5, subject: metric },
  { given: { last: '>= -3' }, comparison: '>=', value: -3, subject: metric },
  { given: { apdex: '> 0.85' }, comparison: '>', value: 0.85, subject: { ...openRun, apdexGiven: true } },
  { given: { p95: '< 100ms' }, comparison: '<', value: 100, subject: steady },
];
for (const { given, comparison, value, subject = openRun, metric: name = Object.keys(given)[0] ?? '' } of right) {
  test(`${JSON.stringify(given)} of a ${subject.window?.text ?? subject.scope.kind} asks for \`${name}\` ${comparison} ${value}`, () => {
    const [threshold, ...more] = parseLimits(given, subject);
    expect(more).toEqual([]);
    expect(threshold).toMatchObject({ scope: subject.scope, metric: name, target: { comparison, value } });
    expect(threshold?.window).toEqual(subject.window);
  });
}

test('target and acceptable are one threshold; several metrics are several, in their order', () => {
  expect(
    parseLimits({ p95: { target: '< 50ms', acceptable: '< 100ms' }, dropped: '0', mean: undefined }, openRun),
  ).toEqual([
    {
      scope: { kind: 'run' },
      metric: 'p95',
      target: { comparison: '<', value: 50, text: '< 50ms' },
      acceptable: { comparison: '<', value: 100, text: '< 100ms' },
    },
    { scope: { kind: 'run' }, metric: 'dropped', target: { comparison: '==', value: 0, text: '0' } },
  ]);
});

const wrong: readonly { readonly given: object; readonly says: string; readonly subject?: Subject }[] = [
  { given: {}, says: '`toMeet` needs at least one limit, such as `{ successRate: "> 99%", p95: "< 200ms" }`' },
  { given: { p95: undefined }, says: '`toMeet` needs at least one limit' },
  { given: { successRate: '100%', p95: {} }, says: '`p95` has no limit: it would pass anything' },
  { given: { successRate: '100%', phases: { waiting: {} } }, says: '`phases.waiting` has no limit' },
  { given: { successRate: '100%', serviceTime: { p99: undefined } }, says: '`serviceTime` has no limit' },
  { given: { successRate: '100%', network: [] }, says: '`network` is no metric of a run' },
  { given: { p95: '100ms' }, says: '`p95` must be a limit such as `< 100ms` or `<= 1.5s`, got "100ms"' }, // latencies are never exact
  { given: { p95: '< 100' }, says: '`p95` must be a limit such as `< 100ms` or `<= 1.5s`, got "< 100"' },
  { given: { p95: '< -1ms' }, says: 'got "< -1ms"' },
  { given: { p95: '=> 1ms' }, says: 'got "=> 1ms"' },
  { given: { p95: 100 }, says: '`p95` must be a limit such as `< 100ms` or `<= 1.5s`, got 100' },
  { given: { p95: null }, says: 'got null' },
  { given: { p95: '< NaNms' }, says: 'got "< NaNms"' },
  {
    given: { successRate: '0.99' },
    says: '`successRate` must be a limit such as `100%`, `> 99%` or `>= 99.9%`, got "0.99"',
  },
  { given: { successRate: '> 101%' }, says: '`successRate` is a share of 100%, got "> 101%"' },
  { given: { dropped: '< 1.5' }, says: '`dropped` must be a limit such as `0`, `< 5` or `>= 100`, got "< 1.5"' },
  { given: { throughput: '> 495' }, says: '`throughput` must be a limit such as `> 495/s`, got "> 495"' },
  {
    given: { p95: { target: '< 1s', acceptable: 'soon' } },
    says: '`p95` must be a limit such as `< 100ms` or `<= 1.5s`, got "soon"',
  },
  { given: { p59x: '< 1s' }, says: '`p59x` is no metric of a run; known are successRate, errorRate,' },
  { given: { sucessRate: '100%' }, says: '`sucessRate` is no metric of a run' },
  { given: { constructor: '< 1s' }, says: '`constructor` is no metric of a run' },
  { given: { serviceTime: { p9: '< 1s' } }, says: '`serviceTime.p9` is no metric of a run' },
  { given: { rate: '> 1%' }, says: '`rate` is no metric of a run' },
  // Percentiles that no type allows, though they could be read off a histogram.
  ...['p42', 'p98', 'p995', 'p99999'].flatMap((word) => [
    {
      given: { [word]: '< 1s' },
      says: `\`${word}\` is no metric of a run; known are successRate, errorRate, throughput, requests, failed, timedOut, unfinished, dropped, iterations, iterationsFailed, idleIterations, exceptions, userFailures, checks, apdex, events, eventRate, tokens, tokenRate, cutStreams, stalledStreams, emptyStreams, reconnects, messagesSent, messagesReceived, messageRate, abnormalCloses, network.staleConnections, network.retryAfter, network.lookupFailures, network.failedConnects, network.leastShare, min, mean, p50, p75, p90, p95, p99, p999, p9999, max, stdev, serviceTime.*,`,
    },
    { given: { lag: { [word]: '< 1s' } }, says: `\`lag.${word}\` is no metric of a run` },
    {
      given: { [word]: '< 1' },
      subject: metric,
      says: `\`${word}\` is no metric of a metric; known are count, rate, last, min, mean, p50, p75, p90, p95, p99, p999, p9999, max`,
    },
  ]),
  { given: { stdev: '< 1' }, subject: metric, says: '`stdev` is no metric of a metric' },
  { given: { dropped: '0' }, subject: closedRun, says: '`dropped` needs an open model (`arrivals`)' },
  {
    given: { responseTime: { p95: '< 1s' } },
    subject: closedRun,
    says: '`responseTime.p95` needs an open model (`arrivals`)',
  },
  { given: { checks: '100%' }, subject: endpoint, says: '`checks` is known of the whole run, not of an endpoint' },
  { given: { p95: '< 1s' }, subject: check, says: '`p95` is no metric of a check; known are rate' },
  {
    given: { throughput: '> 1/s' },
    subject: metric,
    says: '`throughput` is no metric of a metric; known are count, rate, last,',
  },
  {
    given: { dropped: '0' },
    subject: steady,
    says: '`dropped` is not kept by time; windows know latencies, successRate, errorRate, throughput, requests, events, eventRate, tokens, tokenRate, messagesSent, messagesReceived, messageRate, firstEvent.* and gap.*',
  },
  { given: { stdev: '< 1s' }, subject: steady, says: '`stdev` is not kept by time' },
  { given: { last: '> x1' }, subject: metric, says: '`last` must be a limit such as `> 0.9` or `<= 12`, got "> x1"' },
  { given: { last: '> 1x' }, subject: metric, says: '`last` must be a limit such as `> 0.9` or `<= 12`, got "> 1x"' },
  { given: { p95: '< 1s or so' }, says: '`p95` must be a limit such as' },
  { given: { throughput: 495 }, says: '`throughput` must be a limit such as `> 495/s`, got 495' },
  { given: { median: '< 1s' }, subject: steady, says: '`median` is no metric of a run in a part of its time; known' },
  { given: { median: '< 1s' }, subject: endpoint, says: '`median` is no metric of an endpoint; known' },
  { given: { serviceTime: { p95: '< 1s' } }, subject: steady, says: '`serviceTime.p95` is not kept by time' },
  { given: { apdex: '> 0.9' }, says: '`apdex` needs its threshold: `load(profile, scenario, { apdex: "500ms" })`' },
];
for (const { given, says, subject = openRun } of wrong) {
  test(`refuses ${JSON.stringify(given, (_, value: unknown) => value ?? String(value))}: ${says.slice(0, 60)}`, () => {
    expect(() => parseLimits(given, subject)).toThrow(says);
    expect(() => parseLimits(given, subject)).toThrow(expect.objectContaining({ name: 'OptionsError' }));
  });
}

const several = [
  { given: { p95: { target: 'soon', acceptable: 'later' } }, problems: 2 },
  { given: { dropped: 'no', p95: '< 1s' }, problems: 1 }, // what is right beside it makes no second one
  { given: { successRate: { target: '> 101%', acceptable: '> 102%' } }, problems: 2 },
];
for (const { given, problems } of several) {
  test(`${JSON.stringify(given)} has ${problems} problem${problems === 1 ? '' : 's'}`, () => {
    let said: unknown;
    try {
      parseLimits(given, openRun);
    } catch (error) {
      said = error;
    }
    expect(said).toMatchObject({ problems: { length: problems } });
  });
}

test('all that is wrong is said at once', () => {
  expect(() => parseLimits({ p95: 'quick', checked: '1', dropped: '-1' }, openRun)).toThrow(/^3 problems:\n/);
});
