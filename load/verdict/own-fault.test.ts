import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import { emptyEndpoint, emptyRunData, type RunData } from '../measure/run-data.ts';
import type { Scope, TimeWindow } from '../measure/threshold.ts';
import { holdAFortiori } from './a-fortiori.ts';
import { judgeRun, judgeThreshold } from './judge.ts';
import { receivedText } from './judged-threshold.ts';
import { ownDelay } from './own-delay.ts';
import { ownShortage } from './own-shortage.ts';
import { parseLimits } from './parse-limits.ts';

interface Sent {
  readonly lagMs?: number;
  readonly waitMs?: number;
  readonly serviceMs?: number;
}

/** A run of 10 s and 100 requests, of which the first so many were late, waited or were served slowly. */
function runOf({
  model = 'open' as const,
  bad = 0,
  lagMs = 0,
  waitMs = 0,
  serviceMs = 5,
}: Sent & { model?: 'open' | 'closed'; bad?: number }): RunData {
  const run = emptyRunData({ index: 0, profile: 'p', model, warmUpMs: 0, whenSaturated: 'invalid' });
  const endpoint = emptyEndpoint();
  run.endpoints.set('GET /', endpoint);
  for (let n = 0; n < 100; n++) {
    const isBad = n < bad;
    const [lag, wait, service] = isBad ? [lagMs, waitMs, serviceMs] : [0.5, 0.1, 5];
    endpoint.service.recordMs(service);
    if (model === 'open') {
      run.lag.recordMs(lag);
      endpoint.response.recordMs(lag + wait + service);
    }
  }
  for (const counts of [run.counts, endpoint.counts]) Object.assign(counts, { scheduled: 100, started: 100, ok: 100 });
  run.iterations.started = 100;
  run.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 10_000, generator: [], pid: 1 });
  return run;
}

function ask(run: RunData, limits: object): RunData {
  const { model } = run.plan;
  run.thresholds.push(...parseLimits(limits, { scope: { kind: 'run' }, model, apdexGiven: false }));
  return run;
}

const delays: { say: string; sent: Sent & { bad: number }; limit: object; own: boolean }[] = [
  { say: 'only late', sent: { bad: 8, lagMs: 235 }, limit: { p95: '< 100ms' }, own: true },
  { say: 'only late, by its maximum', sent: { bad: 1, lagMs: 235 }, limit: { max: '< 100ms' }, own: true },
  { say: 'only late, on the whole', sent: { bad: 50, lagMs: 235 }, limit: { mean: '< 50ms' }, own: true },
  { say: 'served slowly', sent: { bad: 8, serviceMs: 235 }, limit: { p95: '< 100ms' }, own: false },
  {
    say: 'late and served slowly',
    sent: { bad: 8, lagMs: 235, serviceMs: 235 },
    limit: { p95: '< 100ms' },
    own: false,
  },
  { say: 'kept waiting for a connection', sent: { bad: 8, waitMs: 235 }, limit: { p95: '< 100ms' }, own: false },
  {
    say: 'served slowly by the service limit',
    sent: { bad: 8, lagMs: 235, serviceMs: 150 },
    limit: { serviceTime: { p95: '< 100ms' } },
    own: false,
  },
];
for (const { say, sent, limit, own } of delays) {
  test(`requests that were ${say} miss ${JSON.stringify(limit)} through ${own ? 'the generator' : 'the server'}`, () => {
    const run = ask(runOf(sent), limit);
    expect(run.thresholds.map((threshold) => ownDelay(run, threshold) !== undefined)).toEqual([own]);
    const verdict = judgeRun(run).verdict;
    expect(verdict).toBe(own ? 'invalid' : 'failed');
  });
}

const wholeRun: Scope = { kind: 'run' };

const untold: { say: string; limit: object; scope?: Scope; change?: (run: RunData) => object; window?: TimeWindow }[] =
  [
    {
      say: 'of a closed run',
      limit: { p95: '< 100ms' },
      change: ({ plan }) => ({ plan: { ...plan, model: 'closed' } }),
    },
    {
      say: 'of a part of the time',
      limit: { p95: '< 100ms' },
      window: { kind: 'every', lengthMs: 1_000, text: 'each' },
    },
    {
      say: 'of a run whose lag nobody knows',
      limit: { p95: '< 100ms' },
      change: () => ({ lag: new LatencyHistogram() }),
    },
    {
      say: 'of an endpoint that nobody called',
      limit: { p95: '< 100ms' },
      scope: { kind: 'endpoint', name: 'GET /b' },
    },
    { say: 'that is a lower one', limit: { p95: '> 500ms' } },
    { say: 'of the deviation', limit: { stdev: '< 1ms' } },
    { say: 'of a count', limit: { requests: '< 1' } },
    {
      say: 'of a check',
      limit: { rate: '< 1%' },
      scope: { kind: 'check', name: 'fine' },
      change: () => ({ checks: new Map([['fine', { passed: 1, failed: 1 }]]) }),
    },
  ];
for (const { say, limit, scope = wholeRun, change, window } of untold) {
  test(`a limit ${say} never blames the generator`, () => {
    const late = runOf({ bad: 8, lagMs: 235 });
    const run: RunData = { ...late, ...change?.(late) };
    const subject = { scope, model: 'open', apdexGiven: false, ...(window !== undefined && { window }) } as const;
    const thresholds = parseLimits(limit, subject);
    expect(thresholds.map((threshold) => ownDelay(run, threshold))).toEqual([undefined]);
  });
}

const sentences: { limit: object; scope?: Scope; sent?: Sent & { bad: number }; says: string | undefined }[] = [
  {
    limit: { p95: '< 100ms' },
    says: "run p95: without the generator's own lag (p95 235 ms) it would meet < 100ms",
  },
  {
    limit: { p95: { target: '< 1ms', acceptable: '<= 100ms' } },
    says: "run p95: without the generator's own lag (p95 235 ms) it would meet <= 100ms",
  },
  {
    limit: { mean: '< 50ms' },
    sent: { bad: 50, lagMs: 235 },
    says: "run mean: without the generator's own lag (mean 118 ms) it would meet < 50ms",
  },
  {
    limit: { responseTime: { max: '< 100ms' } },
    scope: { kind: 'endpoint', name: 'GET /' },
    says: "GET / responseTime.max: without the generator's own lag (max 235 ms) it would meet < 100ms",
  },
  { limit: { mean: '< 12ms' }, sent: { bad: 50, lagMs: 235, waitMs: 10 }, says: 'run mean: without' }, // 5 + 5.05
  { limit: { mean: '< 10ms' }, sent: { bad: 50, lagMs: 235, waitMs: 10 }, says: undefined },
  { limit: { max: '< 5ms' }, says: undefined }, // what took so long without us
];
for (const { limit, scope = wholeRun, sent = { bad: 8, lagMs: 235 }, says } of sentences) {
  test(`${JSON.stringify(limit)} of ${JSON.stringify(sent)}: ${says ?? 'the server may have been too slow'}`, () => {
    const run = runOf(sent);
    const [threshold] = parseLimits(limit, { scope, model: 'open', apdexGiven: false });
    const said = threshold && ownDelay(run, threshold);
    if (says === undefined) expect(said).toBeUndefined();
    else expect(said?.startsWith(says)).toBe(true);
  });
}

test('several limits that our lag alone missed are told together', () => {
  const run = ask(runOf({ bad: 8, lagMs: 235 }), { p95: '< 100ms', max: '< 200ms' });
  expect(judgeRun(run).reason).toBe(
    "the load generator was late, and the server was not: run p95: without the generator's own lag (p95 235 ms) it would meet < 100ms; run max: without the generator's own lag (max 235 ms) it would meet < 200ms",
  );
});

test('where a saturated generator is only to be noted, its lag excuses nothing', () => {
  const run = ask(runOf({ bad: 8, lagMs: 235 }), { p95: '< 100ms' });
  Object.assign(run.plan, { whenSaturated: 'warn' });
  expect(judgeRun(run)).toMatchObject({
    verdict: 'failed',
    reason: expect.stringMatching(/^p95 240 ms \(limit < 100ms\): GET /),
  });
});

test('a limit that the server missed too keeps the run failed', () => {
  const run = ask(runOf({ bad: 1, lagMs: 235 }), { max: '< 100ms', throughput: '> 500/s' });
  expect(judgeRun(run).verdict).toBe('failed');
});

for (const kind of ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'ECONNREFUSED'] as const) {
  test(`a single ${kind} ${kind === 'ECONNREFUSED' ? 'is the' : 'is not the'} server's`, () => {
    const run = ask(runOf({}), { throughput: '> 1/s' });
    run.errors.set(kind, { kind, endpoint: 'GET /', count: 1, sample: kind });
    const own = kind !== 'ECONNREFUSED';
    expect(ownShortage(run) !== undefined).toBe(own);
    expect(judgeRun(run).verdict === 'invalid').toBe(own);
  });
}

const proofs: {
  limits: object;
  sent?: Sent & { model?: 'open' | 'closed'; bad?: number };
  change?: (run: RunData) => void;
  holds: boolean;
}[] = [
  { limits: { throughput: '> 5/s', successRate: '> 99%', dropped: '0', p95: '< 100ms' }, holds: true },
  { limits: { serviceTime: { p95: '< 100ms' } }, holds: false },
  { limits: { p95: '> 1ms' }, holds: false },
  { limits: { throughput: '< 50/s' }, holds: false },
  { limits: { p95: '< 100ms' }, change: (run) => (run.counts.dropped = 1), holds: false },
  { limits: { p95: '< 100ms' }, change: (run) => (run.counts.started = 200), holds: false },
  { limits: { p95: '< 100ms' }, sent: { bad: 1, lagMs: 501 }, holds: false },
  { limits: { throughput: '> 5/s', successRate: '100%' }, sent: { model: 'closed' }, holds: true },
  { limits: { throughput: '> 5/s', p95: '< 100ms' }, sent: { model: 'closed' }, holds: false },
  { limits: { successRate: '100%' }, sent: { model: 'closed' }, holds: false },
];
for (const { limits, sent = {}, change, holds } of proofs) {
  const how = `${sent.model ?? 'open'}${sent.lagMs === undefined ? '' : ', far behind'}${change === undefined ? '' : `, ${String(change)}`}`;
  test(`a saturated generator that met ${JSON.stringify(limits)} (${how}) ${holds ? 'has proven it' : 'proves nothing'}`, () => {
    const run = ask(runOf(sent), limits);
    change?.(run);
    expect(holdAFortiori(run, run.thresholds)).toBe(holds);
  });
}

test('a saturated generator is told beside what holds all the more for it', () => {
  const run = ask(runOf({}), { throughput: '> 5/s', successRate: '> 99%', dropped: '0', p95: '< 100ms' });
  const generator = Array.from({ length: 5 }, (_, second) => ({ second, elu: 0.97 }));
  run.segments.splice(0, 1, ...run.segments.map((segment) => ({ ...segment, generator })));
  expect(judgeRun(run)).toMatchObject({
    verdict: 'passed',
    reason: expect.stringMatching(
      /^all 4 thresholds met, though the load generator was the bottleneck, which can only have made these numbers worse: its event loop was 97\.0 % busy: /,
    ),
  });
});

test('a shortage of our own leads, with what was missed besides', () => {
  const run = ask(runOf({ bad: 8, serviceMs: 235 }), { p95: '< 100ms', mean: '< 1ms', max: '< 1s' });
  run.errors.set('a', { kind: 'EMFILE', endpoint: 'GET /', count: 1_000, sample: 'x' });
  run.errors.set('b', { kind: 'ENOMEM', endpoint: 'GET /', count: 600, sample: 'x' });
  run.errors.set('c', { kind: 'ENOMEM', endpoint: 'GET /b', count: 500, sample: 'x' });
  expect(judgeRun(run)).toMatchObject({
    verdict: 'invalid',
    reason:
      "the load generator's machine ran out of memory (1,100 × ENOMEM): lower `maxInFlight`, or send from a larger machine; missed besides: p95 235 ms (limit < 100ms), and 1 more",
  });
});

test('several reasons why the books do not balance are all told', () => {
  const run = ask(runOf({}), { p95: '< 1s' });
  run.accounting.push('one', 'two');
  expect(judgeRun(run).reason).toBe('the accounting does not add up: one; two');
});

const answerless: readonly { readonly limit: object; readonly scope?: Scope; readonly got: string }[] = [
  { limit: { p95: '< 10s' }, got: 'no data' },
  { limit: { serviceTime: { max: '< 10s' } }, got: 'no data' },
  { limit: { p95: '< 10s' }, scope: { kind: 'endpoint', name: 'GET /' }, got: 'no data' },
  { limit: { p95: '< 10s' }, scope: { kind: 'endpoint', name: 'GET /good' }, got: '7.00 ms' },
  { limit: { lag: { max: '< 10s' } }, got: '0.5 ms' }, // ours, whatever was answered
  { limit: { requests: '> 1' }, got: '100' },
];
for (const { limit, scope = wholeRun, got } of answerless) {
  test(`where nothing was answered well, ${JSON.stringify(limit)} of ${JSON.stringify(scope)} gets ${got}`, () => {
    const run = runOf({});
    const good = emptyEndpoint();
    good.response.recordMs(7);
    Object.assign(good.counts, { scheduled: 1, started: 1, ok: 1 });
    run.endpoints.set('GET /good', good);
    for (const counts of [run.counts, run.endpoints.get('GET /')?.counts])
      Object.assign(counts ?? {}, { ok: 0, timedOut: 100 });
    const [threshold] = parseLimits(limit, { scope, model: 'open', apdexGiven: false });
    expect(threshold && receivedText(judgeThreshold(run, threshold))).toBe(got);
  });
}
