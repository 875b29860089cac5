import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { addAgain, noteLookupFailure } from './network.ts';
import { emptyEndpoint, emptyRunData, type RunData, type SegmentData } from './run-data.ts';
import { durationMsOfRun, figuresOf } from './summary.ts';

const startedAtEpochMs = Date.UTC(2026, 0, 1);

function segment(given: Partial<SegmentData>): SegmentData {
  return { runId: 'r', index: 0, of: 1, startedAtEpochMs, durationMs: 1_000, generator: [], pid: 1, ...given };
}

function runOf(segments: readonly Partial<SegmentData>[], model: 'open' | 'closed' = 'open'): RunData {
  const run = emptyRunData({ index: 0, profile: '5/s for 2s', model, warmUpMs: 0, whenSaturated: 'invalid' });
  run.segments.push(...segments.map(segment));
  return run;
}

const lengths = [
  { say: 'no segment', segments: [], ms: 0 },
  { say: 'one segment', segments: [{ durationMs: 1_234 }], ms: 1_234 },
  {
    say: 'two that began one after the other',
    segments: [{ durationMs: 3_000 }, { startedAtEpochMs: startedAtEpochMs + 500, durationMs: 1_000 }],
    ms: 3_000,
  },
  {
    say: 'two of which the later ends last',
    segments: [{ startedAtEpochMs: startedAtEpochMs + 500, durationMs: 3_000 }, { durationMs: 1_000 }],
    ms: 3_500,
  },
];
for (const { say, segments, ms } of lengths)
  test(`a run of ${say} is ${ms} ms long`, () => expect(durationMsOfRun(runOf(segments))).toBe(ms));

test('a run that never began has no figure that it did not measure', () => {
  expect(figuresOf(runOf([]))).toEqual({
    profile: '5/s for 2s',
    model: 'open',
    startedAt: '1970-01-01T00:00:00.000Z',
    durationMs: 0,
    requests: { scheduled: 0, started: 0, ok: 0, failed: 0, timedOut: 0, dropped: 0, unfinished: 0 },
    iterations: { started: 0, failed: 0 },
    checks: { passed: 0, failed: 0 },
    endpoints: [],
    errors: [],
    resources: [],
  });
});

test('the figures of a run, to a microsecond, and those of each endpoint', () => {
  const run = runOf([{ durationMs: 3_000 }, { startedAtEpochMs: startedAtEpochMs - 1, durationMs: 2_000.00049 }]);
  const endpoint = emptyEndpoint();
  const counts = { scheduled: 11, started: 10, ok: 7, failed: 2, timedOut: 1, dropped: 1, unfinished: 0 };
  Object.assign(run.counts, counts);
  Object.assign(endpoint.counts, counts);
  Object.assign(run.iterations, { started: 10, failed: 3 });
  for (let n = 0; n < 7; n++) {
    endpoint.service.recordMs(10);
    endpoint.response.recordMs(20);
    run.lag.recordMs(1);
  }
  endpoint.failures.recordMs(5);
  endpoint.statuses.set('200', 7).set('503', 2);
  run.endpoints.set('GET /a', endpoint);
  run.checks.set('one', { passed: 3, failed: 1 }).set('two', { passed: 4, failed: 0 });
  run.errors.set('a', { kind: 'timeout', endpoint: 'GET /a', count: 1, sample: 'late' });
  run.errors.set('b', { kind: 'HTTP 503', endpoint: 'GET /a', count: 2, sample: 'busy' });
  const stats = (ms: number, count: number) => ({
    ...{ count, min: ms, mean: ms, p50: ms, p90: ms, p95: ms, p99: ms, p999: ms, max: ms, stdev: 0 },
  });
  const rates = { successRate: 0.7, throughputPerSec: 2.333 };
  expect(figuresOf(run)).toEqual({
    profile: '5/s for 2s',
    model: 'open',
    startedAt: '2025-12-31T23:59:59.999Z',
    durationMs: 3_001,
    requests: counts,
    iterations: { started: 10, failed: 3 },
    checks: { passed: 7, failed: 1 },
    ...rates,
    serviceMs: stats(10, 7),
    responseMs: stats(20, 7),
    failureMs: stats(5, 1),
    lagMs: stats(1, 7),
    endpoints: [
      {
        name: 'GET /a',
        requests: counts,
        ...rates,
        serviceMs: stats(10, 7),
        responseMs: stats(20, 7),
        failureMs: stats(5, 1),
        statuses: { 200: 7, 503: 2 },
      },
    ],
    errors: [
      { kind: 'HTTP 503', count: 2, endpoint: 'GET /a', sample: 'busy' },
      { kind: 'timeout', count: 1, endpoint: 'GET /a', sample: 'late' },
    ],
    resources: [],
  });
});

test('a length that took no time has no throughput, nor has one in which nothing came to an end', () => {
  const instant = runOf([{ durationMs: 0 }]);
  Object.assign(instant.counts, { scheduled: 1, started: 1, ok: 1 });
  expect(figuresOf(instant)).not.toHaveProperty('throughputPerSec');
  const cutOff = runOf([{}]);
  Object.assign(cutOff.counts, { scheduled: 1, started: 1, unfinished: 1 });
  expect(figuresOf(cutOff)).toMatchObject({ successRate: 0 });
  expect(figuresOf(cutOff)).not.toHaveProperty('throughputPerSec');
});

const networks: readonly {
  readonly say: string;
  readonly tell: (network: RunData['network']) => void;
  readonly told: object;
}[] = [
  {
    say: 'of requests that were sent once more',
    tell: (network) => addAgain(network, { staleConnections: 2, waits: 0, waitedMs: 0 }),
    told: { staleConnections: 2, peers: [] },
  },
  {
    say: 'of an answer that was waited out, to a microsecond',
    tell: (network) => addAgain(network, { staleConnections: 0, waits: 1, waitedMs: 5.0004 }),
    told: { staleConnections: 0, retryAfter: { waits: 1, waitedMs: 5 }, peers: [] },
  },
  {
    say: 'of a name that was not found',
    tell: (network) => noteLookupFailure(network, { name: 'a', sample: 'no' }),
    told: { staleConnections: 0, lookupFailures: [{ host: 'a', count: 1, sample: 'no' }], peers: [] },
  },
];
for (const { say, tell, told } of networks)
  test(`a network ${say} tells nothing else`, () => {
    const run = runOf([{}]);
    tell(run.network);
    expect(figuresOf(run).network).toEqual(told);
  });
