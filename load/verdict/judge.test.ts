import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { GeneratorSecond } from '../measure/generator-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { users } from '../profile/users.ts';
import type { Profile } from '../profile/profile.ts';
import type { Scenario } from '../run/scenario.ts';
import { liveThrough, type VirtualRunParts } from '../../testing/virtual-run.ts';
import { describeThresholds } from './describe.ts';
import { judgeGenerator } from './generator-health.ts';
import { judgeRun, judgeThreshold } from './judge.ts';
import { worstVerdict } from './verdict-order.ts';
import { parseLimits, type Subject } from './parse-limits.ts';

/** Ten seconds of 10 requests a second; the answer to one called in second s takes s × 10 ms + 10 ms. */
async function measured(
  {
    profile = arrivals('10/s').for('10s'),
    scenario = async ({ request }) => request.get('/a'),
    ...parts
  }: { profile?: Profile; scenario?: Scenario<unknown> } & VirtualRunParts = {},
  plan: Partial<RunData['plan']> = {},
): Promise<RunData> {
  const { data, end } = await liveThrough(profile, scenario, {
    answer: (_, atMs) => ({ afterMs: 10 + 10 * Math.floor(atMs / 1_000) }),
    ...parts,
  });
  data.segments.push(segment({ durationMs: 10_000, ...(end.stopped !== undefined && { stopped: end.stopped }) }));
  return { ...data, plan: { ...data.plan, ...plan } };
}

function segment(given: Partial<RunData['segments'][number]> = {}): RunData['segments'][number] {
  return { runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 10_000, generator: [], pid: 1, ...given };
}

function ask(run: RunData, limits: object, subject: Partial<Subject> = {}): RunData {
  const { model, apdexMs } = run.plan;
  run.thresholds.push(
    ...parseLimits(limits, { scope: { kind: 'run' }, model, apdexGiven: apdexMs !== undefined, ...subject }),
  );
  return run;
}

const between = (fromMs: number, toMs: number | undefined) =>
  ({ kind: 'between', fromMs, toMs, text: 'then' }) as const;
const every = (lengthMs: number) => ({ kind: 'every', lengthMs, text: `every ${lengthMs / 1_000}s` }) as const;

const figures = [
  { limit: { requests: '0' }, actual: 100 },
  { limit: { successRate: '100%' }, actual: 1 },
  { limit: { errorRate: '0%' }, actual: 0 },
  { limit: { throughput: '> 1/s' }, actual: 10 },
  { limit: { dropped: '0' }, actual: 0 },
  { limit: { iterations: '0' }, actual: 100 },
  { limit: { p50: '< 1s' }, actual: 51, within: 1.5 }, // the clock ticks each millisecond
  { limit: { p9999: '< 1s' }, actual: 101, within: 1.5 },
  { limit: { max: '< 1s' }, actual: 101, within: 1.5 },
  { limit: { mean: '< 1s' }, actual: 55.5, within: 1 },
  { limit: { serviceTime: { p90: '< 1s' } }, actual: 90, within: 0.1 },
  { limit: { phases: { waiting: { max: '< 1s' } } }, actual: 100, within: 0.1 },
  { limit: { lag: { max: '< 1s' } }, actual: 1, within: 1 },
  { limit: { phases: { tls: { max: '< 1s' } } }, actual: undefined }, // there was none
  { limit: { checks: '100%' }, actual: undefined },
  { limit: { max: '< 1s' }, window: between(0, 1_000), actual: 10, within: 1.5 },
  { limit: { max: '< 1s' }, window: between(5_000, undefined), actual: 101, within: 1.5 },
  { limit: { requests: '> 1' }, window: between(2_000, 5_000), actual: 30 },
  { limit: { requests: '> 1' }, window: between(1_500, 5_000), actual: 30 }, // from the next whole second on
  { limit: { throughput: '> 1/s' }, window: between(2_000, 4_000), actual: 10 },
  { limit: { p95: '< 1s' }, window: between(20_000, undefined), actual: undefined },
  { limit: { max: '< 1s' }, window: every(2_000), actual: 101, within: 1.5 }, // the worst of five
  { limit: { requests: '> 1' }, window: every(2_000), actual: 20 }, // the least
  { limit: { p9999: '< 1s' }, window: every(2_000), actual: 101, within: 1.5 },
  { limit: { max: '< 1s' }, window: every(20_000), actual: 100, within: 1.5 }, // shorter than a window: it is one
  { limit: { p95: '< 1s' }, scope: { kind: 'endpoint', name: 'GET /a' }, actual: 100, within: 1.5 },
  { limit: { p95: '< 1s' }, scope: { kind: 'endpoint', name: 'GET /b' }, actual: undefined },
  { limit: { rate: '100%' }, scope: { kind: 'check', name: 'none' }, actual: undefined },
  { limit: { p95: '< 1' }, scope: { kind: 'metric', name: 'none' }, actual: undefined },
] as const;
for (const { limit, actual, ...rest } of figures) {
  const where = [
    'scope' in rest ? JSON.stringify(rest.scope) : '',
    'window' in rest ? JSON.stringify(rest.window) : '',
  ];
  test(`${JSON.stringify(limit)} ${where.join(' ').trim()} observes ${actual ?? 'no data, and fails'}`, async () => {
    const run = ask(await measured(), limit, {
      ...('scope' in rest && { scope: rest.scope }),
      ...('window' in rest && { window: rest.window }),
    });
    const [judged] = run.thresholds.map((threshold) => judgeThreshold(run, threshold));
    if (actual === undefined) expect([judged?.verdict, judged?.actual]).toEqual(['failed', undefined]);
    else
      expect(Math.abs((judged?.actual ?? Number.NaN) - actual)).toBeLessThanOrEqual('within' in rest ? rest.within : 0);
  });
}

const comparisons = [
  { limit: { successRate: '100%' }, verdict: 'failed' }, // 99 of 100 is not all
  { limit: { successRate: '> 99%' }, verdict: 'failed' },
  { limit: { successRate: '>= 99%' }, verdict: 'passed' },
  { limit: { successRate: { target: '100%', acceptable: '> 95%' } }, verdict: 'acceptable' },
  { limit: { successRate: { target: '100%', acceptable: '> 99.5%' } }, verdict: 'failed' },
  { limit: { requests: '<= 100' }, verdict: 'failed' }, // nothing was said of the one that failed
  { limit: { requests: '<= 100', failed: '<= 1' }, verdict: 'passed' },
  { limit: { requests: '< 100' }, verdict: 'failed' },
  { limit: { failed: '1' }, verdict: 'passed' },
  { limit: { p95: '< 1s', failed: '0' }, verdict: 'failed' },
] as const;
for (const { limit, verdict } of comparisons) {
  test(`99 of 100 answered well: ${JSON.stringify(limit)} is ${verdict}`, async () => {
    const answer = (_: string, atMs: number) => ({ afterMs: 1, status: atMs < 50 ? 500 : 200 });
    expect(judgeRun(ask(await measured({ answer }), limit)).verdict).toBe(verdict);
  });
}

const passing = { p95: '< 1s' } as const;

test('a run that meets all it is asked passes, and says of how much', async () => {
  expect(judgeRun(ask(await measured(), { p95: '< 1s', dropped: '0' }))).toMatchObject({
    verdict: 'passed',
    reason: 'all 2 thresholds met',
    generator: { verdict: 'unjudged' },
  });
});

test('a run without thresholds fails, unless it was only to be measured', async () => {
  expect(judgeRun(await measured())).toMatchObject({
    verdict: 'failed',
    reason: 'no threshold was set: say what is good enough with `expect(run).toMeet({ … })`',
  });
  expect(judgeRun(await measured({}, { unjudged: true }))).toMatchObject({ verdict: 'measured' });
});

test('a failed check fails a run that said nothing of it', async () => {
  const scenario: Scenario<unknown> = async ({ request, check, iteration }) => {
    await request.get('/a');
    check('is even', iteration % 2 === 0);
  };
  const { verdict, reason, thresholds } = judgeRun(ask(await measured({ scenario }), passing));
  expect({ verdict, reason }).toEqual({
    verdict: 'failed',
    reason: 'check "is even" rate 50.0 % (limit 100%): 50 of 100 did not hold',
  });
  expect(thresholds[0]).toMatchObject({ scope: 'check "is even"', verdict: 'failed', actual: 0.5 }); // worst first
});

test('how many checks may fail can be said, of one or of all', async () => {
  const scenario: Scenario<unknown> = async ({ request, check }) => {
    await request.get('/a');
    check('never', false);
  };
  const one = ask(await measured({ scenario }), { rate: '< 100%' }, { scope: { kind: 'check', name: 'never' } });
  expect(judgeRun(one).verdict).toBe('passed');
  expect(judgeRun(ask(await measured({ scenario }), { checks: '>= 0%' })).verdict).toBe('passed');
});

test('a scenario that throws fails a run that said nothing of it', async () => {
  const scenario: Scenario<unknown> = async ({ request, iteration }) => {
    await request.get('/a');
    if (iteration === 7) throw new Error('oops');
  };
  const { verdict, reason } = judgeRun(ask(await measured({ scenario }), passing));
  expect({ verdict, reason }).toEqual({
    verdict: 'failed',
    reason: "1 error of the scenario's own (none allowed): 1 × Error: oops, at 0:00",
  });
  expect(judgeRun(ask(await measured({ scenario }), { exceptions: '< 5' })).verdict).toBe('passed');
});

test('a run without a request fails', async () => {
  expect(judgeRun(ask(await measured({ scenario: () => undefined }), { iterations: '> 0' }))).toMatchObject({
    verdict: 'failed',
    reason: 'no request came to an end, so nothing was measured',
  });
});

test('a run that was stopped early fails and says why; an interrupted one is incomplete', async () => {
  const hopeless = await measured({ shouldAbort: () => '`abortOn` was met: errorRate > 50%' });
  expect(judgeRun(ask(hopeless, passing))).toMatchObject({
    verdict: 'failed',
    reason: 'the run was stopped early: `abortOn` was met: errorRate > 50%',
  });
  const interrupted = ask(await measured(), passing);
  interrupted.segments.push(segment({ stopped: 'interrupted' }));
  expect(judgeRun(interrupted)).toMatchObject({
    verdict: 'incomplete',
    reason: 'the run was interrupted before its end',
  });
});

test('iterations cut off by the graceful stop fail a run, unless it says how many requests may stay unfinished', async () => {
  const hanging = async () =>
    measured({ profile: users(1).for('1s'), answer: (_, atMs) => (atMs > 500 ? 'never' : { afterMs: 100 }) });
  expect(judgeRun(ask(await hanging(), passing))).toMatchObject({
    verdict: 'failed',
    reason: expect.stringMatching(
      /^the run was stopped early: iterations were still under way at the end of the graceful stop; missed besides: p95/,
    ),
  });
  expect(judgeRun(ask(await hanging(), { unfinished: '<= 1' })).verdict).toBe('passed');
  expect(judgeRun(ask(await hanging(), { unfinished: '<= 1', max: '< 30s' })).verdict).toBe('failed'); // it waited longer
});

test('books that do not balance make a run invalid', async () => {
  const run = ask(await measured(), passing);
  run.accounting.push('run: 5 started, but 4 ok');
  expect(judgeRun(run)).toMatchObject({
    verdict: 'invalid',
    reason: 'the accounting does not add up: run: 5 started, but 4 ok',
  });
});

const seconds = (count: number, second: Omit<GeneratorSecond, 'second'>): GeneratorSecond[] =>
  Array.from({ length: count }, (_, at) => ({ second: at, ...second }));

const health = [
  { say: 'too short', series: seconds(2, { elu: 1 }), verdict: 'unjudged' },
  { say: 'at ease', series: seconds(10, { elu: 0.3 }), verdict: 'healthy' },
  { say: 'close to its limit', series: seconds(10, { elu: 0.7 }), verdict: 'suspect' },
  { say: 'just below the limit', series: seconds(10, { elu: 0.849 }), verdict: 'suspect' },
  { say: 'at the limit', series: seconds(10, { elu: 0.85 }), verdict: 'saturated' },
  {
    say: 'busy in one second of ten',
    series: [...seconds(9, { elu: 0.2 }), { second: 9, elu: 0.95 }],
    verdict: 'healthy',
  },
  {
    say: 'busy in two of ten',
    series: [...seconds(8, { elu: 0.2 }), { second: 8, elu: 0.9 }, { second: 9, elu: 0.95 }],
    verdict: 'saturated',
  },
  {
    say: 'busy in the warm-up only',
    series: [{ second: -1, elu: 1 }, ...seconds(5, { elu: 0.2 })],
    verdict: 'healthy',
  },
  {
    say: 'kept from the CPU for a fifth of the time',
    series: seconds(10, { elu: 0.2, waitPercent: 20 }),
    verdict: 'noisy',
  },
  { say: 'kept from it for longer', series: seconds(10, { elu: 0.2, waitPercent: 20.1 }), verdict: 'saturated' },
  { say: 'kept from the CPU', series: seconds(10, { elu: 0.2, waitPercent: 6 }), verdict: 'noisy' },
  { say: 'on a machine under pressure', series: seconds(10, { elu: 0.2, psiPercent: 21 }), verdict: 'noisy' },
  { say: 'throttled', series: seconds(10, { elu: 0.2, throttled: 1 }), verdict: 'noisy' },
  { say: 'that nobody could watch', series: seconds(10, {}), verdict: 'unjudged' },
] as const;
for (const { say, series, verdict } of health) {
  test(`a generator ${say} is ${verdict}`, async () => {
    const run = await measured();
    run.segments.splice(0, 1, segment({ generator: series }));
    expect(judgeGenerator(run).verdict).toBe(verdict);
  });
}

test('of several generators the worst one counts', async () => {
  const run = await measured();
  run.segments.splice(
    0,
    1,
    segment({ generator: seconds(5, { elu: 0.1 }) }),
    segment({ index: 1, generator: seconds(5, { elu: 0.9 }) }),
  );
  expect(judgeGenerator(run)).toMatchObject({ verdict: 'saturated', eluMean: 0.5 });
});

test('a saturated generator makes a run invalid, neither passed nor failed, unless it is to be only noted', async () => {
  const saturated = async (whenSaturated: 'invalid' | 'warn') => {
    const run = ask(await measured({}, { whenSaturated }), { p95: '< 1ms' });
    run.segments.splice(0, 1, segment({ generator: seconds(5, { elu: 0.97 }) }));
    return judgeRun(run);
  };
  expect(await saturated('invalid')).toMatchObject({
    verdict: 'invalid',
    reason: expect.stringMatching(
      /^the load generator was the bottleneck: its event loop was 97.0 % busy: .*; missed besides: p95 100 ms \(limit < 1ms\)$/,
    ),
  });
  expect(await saturated('warn')).toMatchObject({ verdict: 'failed', generator: { verdict: 'saturated' } });
});

test('arrivals too late make the generator saturated, judged at the percentile of which their number can speak', async () => {
  const lags = async (count: number, oneIn: number, lagMs: number) => {
    const run = await measured();
    for (let n = 0; n < count; n++) run.lag.recordMs(n % oneIn === 0 ? lagMs : 0.5);
    return judgeGenerator(run);
  };
  expect((await lags(2_000, 50, 40)).verdict).toBe('saturated'); // above 10 ms and a quarter of the response p99
  expect((await lags(2_000, 50, 12)).verdict).toBe('suspect'); // a quarter of 101 ms is allowed
  expect((await lags(300, 8, 235)).verdict).toBe('saturated'); // a scenario that blocks, at 90/s
  expect((await lags(300, 50, 235)).verdict).toBe('unjudged'); // six late ones of 400 are luck
});

test('who was late is told whether its own code blocked, or the machine was busy', async () => {
  const reasonAt = async (second: Omit<GeneratorSecond, 'second'>) => {
    const run = await measured();
    for (let n = 0; n < 2_000; n++) run.lag.recordMs(n % 50 === 0 ? 40 : 0.5);
    run.segments.splice(0, 1, segment({ generator: seconds(5, second) }));
    return judgeGenerator(run).reason;
  };
  expect(await reasonAt({ elu: 0.1, ranPercent: 5, waitPercent: 12 })).toMatch(
    /waited for a CPU 12\.0 % of the time and ran 5\.0 %: its machine was busy with other things; give it one of its own$/,
  );
  expect(await reasonAt({ elu: 0.31, ranPercent: 30, waitPercent: 1 })).toMatch(
    /its own code blocked its event loop, up to 31\.0 % of a second: look for work in the scenario/,
  );
  expect(await reasonAt({ elu: 0.8, ranPercent: 80, waitPercent: 1 })).toMatch(
    /add cores or shards, or lower the rate$/,
  );
  expect(await reasonAt({ elu: 0.1 })).toMatch(/its own code blocked its event loop, or its machine was busy with/);
});

test('the worst verdict: failed, invalid, incomplete, acceptable, passed, measured', () => {
  expect(worstVerdict(['passed', 'acceptable'])).toBe('acceptable');
  expect(worstVerdict(['acceptable', 'failed', 'passed'])).toBe('failed');
  expect(worstVerdict(['failed', 'invalid'])).toBe('failed');
  expect(worstVerdict(['invalid', 'incomplete', 'passed'])).toBe('invalid');
  expect(worstVerdict(['measured', 'passed'])).toBe('passed');
  expect(worstVerdict(['measured', 'measured'])).toBe('measured');
  expect(worstVerdict([])).toBe('passed');
});

test('missed thresholds are a table that names the slowest endpoint, the main error, and what was called instead', async () => {
  const run = await measured({
    profile: users(1).iterations(4),
    scenario: async ({ request, iteration }) =>
      request.get(['/quick', '/quick', '/broken', '/slow'][iteration - 1] ?? '/'),
    answer: (url) => ({ afterMs: url === '/slow' ? 312 : 10, status: url === '/broken' ? 503 : 200 }),
  });
  ask(run, { p95: '< 100ms', successRate: '100%', requests: '4', mean: { target: '< 10ms', acceptable: '< 200ms' } });
  ask(run, { p95: '< 1s' }, { scope: { kind: 'endpoint', name: 'GET /slwo' } });
  const table = describeThresholds(
    run,
    run.thresholds.map((threshold) => judgeThreshold(run, threshold)),
  );
  expect(table).toBe(
    [
      '  ✗  run        p95          expected < 100ms                      received 312 ms (GET /slow 312 ms, 100 % of its time waiting for the first byte)',
      '  ✗  run        successRate  expected 100%                         received 75.0 % (1 × HTTP 503 on GET /broken, at 0:00)',
      '  ✓  run        requests     expected 4                            received 4',
      '  ≈  run        mean         expected < 10ms (acceptable < 200ms)  received 111 ms (GET /slow 312 ms, 100 % of its time waiting for the first byte)',
      '  ✗  GET /slwo  p95          expected < 1s                         received no data (called were GET /quick, GET /broken, GET /slow)',
    ].join('\n'),
  );
});
