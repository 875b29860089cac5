import { expect, test } from '@playwright/test';
import { emptyEndpoint, emptyRunData, type RunData } from '../measure/run-data.ts';
import { holdAFortiori } from './a-fortiori.ts';
import { judgeRun } from './judge.ts';
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
