import { expect } from '@playwright/test';
import fc from 'fast-check';
import { anyRunData, seen } from '../../testing/any-run-data.ts';
import { expectSame } from '../../testing/expect-same.ts';
import { test } from '../../testing/plain-test.ts';
import { iterations } from '../profile/iterations.ts';
import { arrivals } from '../profile/arrivals.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import { decodeHistogram } from './open-histogram.ts';
import { encodeRun, payloadAttachment, type RunPayload } from './payload.ts';
import { decodeRun } from './decode-run.ts';
import { addRunData, emptyEndpoint, emptyRunData, type RunData } from './run-data.ts';
import { figuresOf } from './summary.ts';

/** A run with something in every corner. */
async function richRun(share = { index: 0, of: 1 }): Promise<RunData> {
  const { data, end } = await liveThrough(
    arrivals('20/s').for('3s'),
    async ({ request, check, group, metrics, iteration }) => {
      await group('visit', async () => request.get(iteration % 3 === 0 ? '/slow' : '/quick'));
      check('even', iteration % 2 === 0);
      metrics.counter('bought', 2);
      metrics.gauge('stock', 100 - iteration);
      metrics.rate('lucky', iteration % 5 === 0);
      metrics.trend('basket', iteration * 1.5);
      if (iteration % 10 === 0) throw new Error('tenth');
    },
    {
      share,
      warmUpMs: 1_000,
      answer: (url, atMs) => ({ afterMs: url === '/slow' ? 40 : 3, status: atMs > 3_000 ? 503 : 200 }),
    },
  );
  data.segments.push({
    runId: 'test',
    ...share,
    startedAtEpochMs: end.startedAtEpochMs,
    durationMs: end.endedAtMs - end.beganAtMs,
    generator: [{ second: 0, elu: 0.5, cpuPercent: 40 }],
    pid: 1,
  });
  data.uncounted.set('GET /beside by `fetch`', 4);
  data.idleIterations += 3;
  data.thresholds.push({
    scope: { kind: 'run' },
    metric: 'p95',
    target: { comparison: '<', value: 50, text: '< 50ms' },
  });
  return data;
}

/** All of a run's numbers, in no particular order. */
function bare(run: RunData): unknown {
  const { windows, endpoints, ...rest } = encodeRun(run);
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
  return {
    ...rest,
    segments: [...rest.segments].sort((a, b) => a.index - b.index),
    errors: [...rest.errors].sort((a, b) => a.endpoint.localeCompare(b.endpoint)),
    metrics: Object.fromEntries(Object.entries(rest.metrics).sort()),
    exemplars: rest.exemplars.length,
    runWindows: [...run.windows]
      .sort(([a], [b]) => a - b)
      .map(([second, { errors, ...window }]) => [second, window, [...errors]]),
    endpointWindows: [...run.endpoints]
      .map(([name, data]) => [
        name,
        [...data.windows]
          .sort(([a], [b]) => a - b)
          .map(([second, { ok, failed, latency }]) => [second, ok, failed, latency.encode()]),
      ])
      .sort(),
    endpoints: endpoints.map((endpoint) => ({ ...endpoint, windows: '' })).sort(byName),
    packed: windows.length > 0,
  };
}

const overTheWire = (run: RunData) => decodeRun(JSON.parse(JSON.stringify(encodeRun(run))) as RunPayload);

test('a run is the same after the wire, in every number and every verdict on it', async () => {
  const run = await richRun();
  const read = overTheWire(run);
  expect(bare(read)).toEqual(bare(run));
  expect(figuresOf(read)).toEqual(figuresOf(run));
  expect(encodeRun(overTheWire(read))).toEqual(encodeRun(read));
});

test('whatever a run holds, each field of it survives the wire, and is sent on as it came', () => {
  fc.assert(
    fc.property(anyRunData, (run) => {
      const read = overTheWire(run);
      expectSame(seen(read), seen(run));
      expectSame(encodeRun(read), encodeRun(run));
    }),
    { numRuns: 40 },
  );
});

test('segments merge to the same run in any order', async () => {
  const segments: RunData[] = [];
  for (const index of [0, 1, 2]) segments.push(await richRun({ index, of: 3 }));
  const merge = (order: readonly number[]) => {
    const merged = emptyRunData(
      segments[0]?.plan ?? { index: 0, profile: '', model: 'open', warmUpMs: 0, whenSaturated: 'warn' },
    );
    for (const at of order) {
      const segment = segments[at];
      if (segment !== undefined) addRunData(merged, overTheWire(segment));
    }
    return merged;
  };
  const merged = merge([0, 1, 2]);
  expect(bare(merge([2, 0, 1]))).toEqual(bare(merged));
  const whole = await richRun();
  expect(merged.counts).toEqual(whole.counts);
  expect(merged.thresholds).toHaveLength(1); // the same in each segment, asked once
  const times = (run: RunData) =>
    [...run.endpoints]
      .map(([name, { service, failures }]) => {
        const all = decodeHistogram(service.encode());
        all.add(failures); // who was told to fail depends on who asked first
        return [name, all.encode()];
      })
      .sort();
  expect(times(merged)).toEqual(times(whole));
});

test('an empty run can be sent too', () => {
  const run = emptyRunData({ index: 0, profile: 'none', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  expect(encodeRun(overTheWire(run))).toEqual(encodeRun(run));
});

test('what was not measured is not sent, not even its name', () => {
  const run = emptyRunData({ index: 0, profile: 'none', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  run.endpoints.set('GET /', emptyEndpoint());
  const payload = encodeRun(run);
  for (const name of ['lag', 'uncounted', 'network']) expect(Object.keys(payload)).not.toContain(name);
  const [endpoint] = payload.endpoints;
  for (const name of ['service', 'response', 'failures']) expect(Object.keys(endpoint ?? {})).not.toContain(name);
  expect(Object.keys(endpoint?.phases ?? { none: 0 })).toEqual([]);
});

test('its attachment is one that the HTML report of Playwright leaves out', () => {
  expect(payloadAttachment).toMatch(/^_/);
});

test('a payload of another schema is refused by name', () => {
  const payload = {
    ...encodeRun(emptyRunData({ index: 0, profile: 'none', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' })),
    schema: 'playload.run/99',
  };
  expect(() => decodeRun(payload as unknown as RunPayload)).toThrow(
    'a run of schema `playload.run/99` cannot be read, `playload.run/5` can: use one version of playload for workers and merge',
  );
});

test('the figures of a small run are exactly these', async () => {
  const { data, end } = await liveThrough(iterations(4, { users: 1 }), undefined, {
    answer: (_, atMs) => ({ afterMs: 100, status: atMs === 300 ? 500 : 200 }),
  });
  data.segments.push({
    runId: 'r',
    index: 0,
    of: 1,
    startedAtEpochMs: end.startedAtEpochMs,
    durationMs: 400,
    generator: [],
    pid: 1,
  });
  const latency = (count: number) => ({
    count,
    min: 100,
    mean: 100,
    p50: 100,
    p90: 100,
    p95: 100,
    p99: 100,
    p999: 100,
    max: 100,
    stdev: 0,
  });
  const requests = { scheduled: 4, started: 4, ok: 3, failed: 1, timedOut: 0, dropped: 0, unfinished: 0 };
  expect(figuresOf(data)).toEqual({
    profile: '4 iterations by 1 user',
    model: 'closed',
    startedAt: '1970-01-01T00:16:40.000Z',
    durationMs: 400,
    requests,
    iterations: { started: 4, failed: 0, durationMs: latency(4) },
    checks: { passed: 0, failed: 0 },
    successRate: 0.75,
    throughputPerSec: 7.5,
    serviceMs: latency(3),
    failureMs: latency(1),
    endpoints: [
      {
        name: 'GET /',
        requests,
        successRate: 0.75,
        throughputPerSec: 7.5,
        serviceMs: latency(3),
        failureMs: latency(1),
        statuses: { 200: 3, 500: 1 },
      },
    ],
    errors: [
      {
        kind: 'HTTP 500',
        count: 1,
        endpoint: 'GET /',
        sample: 'GET http://server/ answered 500',
        fromMs: 300,
        toMs: 300,
      },
    ],
    resources: [],
  });
});

test('of a run without a request nothing is claimed: no rate, no latency', () => {
  const run = emptyRunData({ index: 0, profile: 'none', model: 'open', warmUpMs: 0, whenSaturated: 'warn' });
  const figures = figuresOf(run);
  expect(Object.keys(figures)).not.toEqual(expect.arrayContaining(['successRate']));
  expect(
    ['successRate', 'throughputPerSec', 'serviceMs', 'responseMs', 'lagMs'].filter((key) => key in figures),
  ).toEqual([]);
});
