import { expect } from '@playwright/test';
import fc from 'fast-check';
import { sampleRun } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun, atMost, type SampleRequest } from '../../testing/recorded-run.ts';
import { seededRandom, standardNormal } from '../random.ts';
import type { ResourceSample } from '../measure/resource-series.ts';
import { emptyRunWindow, type RunData } from '../measure/run-data.ts';
import { durationMsOfRun, type RunEvent } from '../measure/summary.ts';
import { runEvents } from './events.ts';
import { judgeRun } from './judge.ts';

const eventsOf = (run: RunData): RunEvent[] => runEvents(run, judgeRun(run));

interface Load {
  readonly seconds?: number;
  readonly perSecond?: number;
  /** Milliseconds of a request, by its second. */
  readonly ms?: (second: number, random: () => number) => number;
  readonly status?: (second: number, n: number) => number | undefined;
  readonly model?: 'open' | 'closed';
  /** When the n-th began. */
  readonly atMs?: (n: number) => number;
  readonly seed?: number;
}

function loadOf({
  seconds = 30,
  perSecond = 100,
  ms = () => 10,
  status = () => 200,
  seed = 1,
  atMs = (n) => (n * 1_000) / perSecond,
}: Load): SampleRequest[] {
  const random = seededRandom(seed);
  return Array.from({ length: seconds * perSecond }, (_, n) => {
    const second = Math.floor(n / perSecond);
    return { path: '/mid', atMs: atMs(n), ms: ms(second, random), status: status(second, n) };
  });
}

function runOf(load: Load, change: (run: RunData) => void = () => undefined): RunData {
  const { seconds = 30, model = 'open' } = load;
  const run = recordRun({
    plan: { model, plannedMs: seconds * 1_000 },
    segment: { durationMs: seconds * 1_000 },
    requests: loadOf(load),
  });
  change(run);
  return run;
}

const server = (samples: readonly Partial<ResourceSample>[], more: object = {}) => ({
  ...{ name: 'server', pid: 7, cores: 4 },
  samples: samples.map((sample, n) => ({ atMs: n * 1_000, rssMb: 100, phase: 'load' as const, ...sample })),
  ...more,
});
const cpu = (percents: readonly number[]) => server(percents.map((cpuPercent) => ({ cpuPercent })));

const rows: readonly {
  readonly say: string;
  readonly load?: Load;
  readonly change?: (run: RunData) => void;
  readonly events: readonly Partial<RunEvent>[];
}[] = [
  { say: 'nothing', events: [] },
  {
    say: 'errors of four seconds',
    load: { status: (second) => (second >= 8 && second < 12 ? 503 : 200) },
    events: [
      {
        ...{ kind: 'errors', fromMs: 8_000, toMs: 11_990, subject: 'GET /mid' },
        sentence: '400 × HTTP 503 on GET /mid, from 0:08 to 0:12',
      },
    ],
  },
  {
    say: 'errors within a second of a short run',
    load: { seconds: 4, status: (second, n) => (second === 2 && n < 250 ? 503 : 200) },
    events: [
      {
        ...{ kind: 'errors', fromMs: 2_000, toMs: 2_490, subject: 'GET /mid' },
        sentence: '50 × HTTP 503 on GET /mid, from 0:02.0 to 0:02.5',
      },
    ],
  },
  {
    say: 'errors whose words speak of a place and a time',
    load: { status: (second) => (second === 8 ? 503 : 200) },
    change: (run) => {
      for (const [key, group] of run.errors) run.errors.set(key, { ...group, body: 'queue full, at capacity' });
    },
    events: [{ kind: 'errors', sentence: '100 × HTTP 503 "queue full, at capacity" on GET /mid, at 0:08' }],
  },
  {
    say: 'a stall of all its users',
    load: { seconds: 20, model: 'closed', atMs: (n) => n * 10 + (n >= 1_000 ? 3_500 : 0) },
    change: ({ windows }) => {
      for (const second of [10, 11, 12]) windows.set(second, { ...emptyRunWindow(), inFlight: 20 });
    },
    events: [
      {
        ...{ kind: 'latency', fromMs: 10_000, toMs: 13_000 },
        sentence: 'nothing came back, from 0:10 to 0:13, with up to 20 requests in flight',
      },
    ],
  },
  {
    say: 'a pause of all its users',
    load: { seconds: 20, model: 'closed', atMs: (n) => n * 10 + (n >= 1_000 ? 3_500 : 0) },
    change: ({ windows }) => {
      for (const second of [10, 11, 12]) windows.set(second, emptyRunWindow());
    },
    events: [],
  },
  {
    say: 'slow answers that come in volleys',
    load: { seconds: 20, model: 'closed', atMs: (n) => 1_500 * Math.floor(n / 100), ms: () => 1_500 },
    change: ({ windows }) => {
      for (const window of windows.values()) window.inFlight = 100;
    },
    events: [],
  },
  {
    say: 'errors whose body reads like a time',
    load: { status: (second) => (second >= 8 && second < 12 ? 429 : 200) },
    change: (run) => {
      for (const [key, group] of run.errors)
        run.errors.set(key, { ...group, body: 'Too many requests, from your address' });
    },
    events: [
      {
        kind: 'errors',
        sentence: '400 × HTTP 429 "Too many requests, from your address" on GET /mid, from 0:08 to 0:12',
      },
    ],
  },
  {
    say: 'errors that come twice',
    load: { status: (second) => (second === 2 || second === 20 ? 503 : 200) },
    events: [
      { kind: 'errors', fromMs: 2_000, toMs: 3_000, sentence: '100 of 100 requests failed on GET /mid, at 0:02' },
      { kind: 'errors', fromMs: 20_000, toMs: 21_000, sentence: '100 of 100 requests failed on GET /mid, at 0:20' },
    ],
  },
  {
    say: 'a stall of three seconds',
    load: { ms: (second) => (second >= 10 && second < 13 ? 200 : 10) },
    events: [
      {
        ...{ kind: 'latency', fromMs: 10_000, toMs: 13_000, subject: 'GET /mid' },
        sentence: 'p95 rose to 201 ms, usually 10.0 ms, from 0:10 to 0:13', // a bucket is within 0.4 %
      },
    ],
  },
  { say: 'a single second that is twice as slow', load: { ms: (second) => (second === 10 ? 20 : 10) }, events: [] },
  {
    say: 'a single second of a hundred times',
    load: { ms: (second) => (second === 10 ? 1_000 : 10) },
    events: [{ kind: 'latency', fromMs: 10_000, toMs: 11_000 }],
  },
  {
    say: 'a limit that was missed from half time on',
    load: { ms: (second) => (second >= 18 ? 20 : 10) },
    change: (run) => run.thresholds.push(atMost('p95', 15)),
    events: [
      {
        ...{ kind: 'latency', fromMs: 18_000, toMs: 30_000 },
        sentence: 'p95 of GET /mid was beyond its limit (< 15ms), from 0:18 to 0:30',
      },
    ],
  },
  {
    say: 'a process at its limit',
    change: (run) => run.resources.push(cpu([30, 30, 99, 100, 100, 40])),
    events: [
      {
        ...{ kind: 'cpu', fromMs: 1_000, toMs: 4_000, subject: 'server' },
        sentence: "the server's CPU was at its limit, up to 100 %, from 0:01 to 0:04",
      },
    ],
  },
  { say: 'one reading at a limit', change: (run) => run.resources.push(cpu([30, 30, 99, 30])), events: [] },
  { say: 'a process on several cores', change: (run) => run.resources.push(cpu([200, 210, 220, 215])), events: [] },
  {
    say: 'a process on all cores',
    change: (run) => run.resources.push(cpu([390, 391, 392, 393])),
    events: [{ kind: 'cpu' }],
  },
  {
    say: 'a process that was restarted behind its name',
    change: (run) => run.resources.push(server([{ rssMb: 400 }, { rssMb: 410 }, { rssMb: 60 }])),
    events: [
      {
        kind: 'memory',
        fromMs: 2_000,
        subject: 'server',
        sentence: "the server's memory fell from 410 MB to 60.0 MB, at 0:02",
      },
    ],
  },
  {
    say: 'garbage that was collected',
    change: (run) => run.resources.push(server([{ rssMb: 120 }, { rssMb: 90 }])),
    events: [],
  },
  {
    say: 'memory that grew',
    change: (run) => run.resources.push(server([{ rssMb: 100 }, { rssMb: 300 }, { rssMb: 700 }])),
    events: [
      {
        kind: 'memory',
        fromMs: 0,
        toMs: 2_000,
        sentence: "the server's memory rose from 100 MB to 700 MB, until 0:02",
      },
    ],
  },
  {
    say: 'a process that ended',
    change: (run) => run.resources.push(server([{}, {}, {}], { ended: 'exited' })),
    events: [{ kind: 'memory', fromMs: 2_000, sentence: "the server's process ended after 0:02" }],
  },
  {
    say: 'a busy generator',
    change: (run) => {
      const [segment] = run.segments;
      if (segment === undefined) return;
      const generator = Array.from({ length: 30 }, (_, second) => ({
        second,
        elu: second >= 5 && second < 8 ? 0.97 : 0.2,
      }));
      run.segments[0] = { ...segment, generator };
    },
    events: [
      {
        kind: 'generator',
        fromMs: 5_000,
        toMs: 8_000,
        sentence: 'the load generator was up to 97 % busy, from 0:05 to 0:08',
      },
    ],
  },
  {
    say: 'arrivals that were dropped',
    change: (run) => {
      for (const second of [4, 5]) Object.assign(run.windows.get(second) ?? {}, { dropped: 7 });
    },
    events: [{ kind: 'dropped', fromMs: 4_000, toMs: 6_000, sentence: '14 arrivals were dropped, from 0:04 to 0:06' }],
  },
  {
    say: 'an early end',
    change: (run) => {
      run.segments.splice(0, 1, ...run.segments.map((segment) => ({ ...segment, stopped: 'the feeder ran dry' })));
    },
    events: [{ kind: 'stopped', fromMs: 30_000, sentence: 'the run was stopped early: the feeder ran dry' }],
  },
];
for (const { say, load = {}, change, events } of rows)
  test(`a run with ${say} tells ${events.length === 0 ? 'nothing' : events.map(({ kind }) => kind).join(', ')}`, () => {
    const told = eventsOf(runOf(load, change));
    expect(told).toHaveLength(events.length);
    events.forEach((event, at) => expect(told[at]).toMatchObject(event));
  });

const healthy: readonly { readonly say: string; readonly ms: NonNullable<Load['ms']> }[] = [
  { say: 'of a normal spread', ms: (_, random) => Math.max(1, 20 + 3 * standardNormal(random)) },
  { say: 'of a long tail', ms: (_, random) => 10 * Math.exp(standardNormal(random)) },
  { say: 'of exponential times', ms: (_, random) => 1 - 20 * Math.log(1 - random()) },
  { say: 'of two kinds', ms: (_, random) => (random() < 0.06 ? 200 : 10) + random() },
];
for (const { say, ms } of healthy)
  test(`a hundred healthy runs ${say} tell nothing`, () => {
    for (let seed = 1; seed <= 100; seed++)
      expect(eventsOf(runOf({ ms, seed, seconds: 20, perSecond: 60 })), `seed ${seed}`).toEqual([]);
  });

test('events lie within the run, in order, are no more than twenty, and say so in words', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(1_000),
        seconds: fc.integer({ min: 1, max: 40 }),
        bad: fc.array(fc.nat(40), { maxLength: 20 }),
        slow: fc.array(fc.nat(40), { maxLength: 10 }),
        cpu: fc.array(fc.integer({ min: 0, max: 110 }), { maxLength: 60 }),
      }),
      ({ seed, seconds, bad, slow, cpu: percents }) => {
        const run = runOf(
          {
            ...{ seed, seconds, perSecond: 20 },
            status: (second) => (bad.includes(second) ? 500 : 200),
            ms: (second) => (slow.includes(second) ? 900 : 5),
          },
          ({ resources }) => resources.push(cpu(percents)),
        );
        const events = eventsOf(run);
        expect(events.length).toBeLessThanOrEqual(20);
        for (const { fromMs, toMs = fromMs, sentence } of events) {
          expect(fromMs).toBeGreaterThanOrEqual(0);
          expect(toMs).toBeGreaterThanOrEqual(fromMs);
          expect(toMs).toBeLessThanOrEqual(durationMsOfRun(run));
          expect(sentence).toMatch(/^\S.*\S$/);
        }
        expect(events.map(({ fromMs }) => fromMs)).toEqual(events.map(({ fromMs }) => fromMs).sort((a, b) => a - b));
      },
    ),
    { numRuns: 100 },
  );
});

test('the run of the sample page tells of its errors and its stall', () => {
  expect(eventsOf(sampleRun()).map(({ sentence }) => sentence)).toEqual([
    'p95 rose to 1.48 s, usually 23.1 ms, from 0:36 to 0:39, slowest DELETE /api/v1/workflows/:id',
    '9 × HTTP 503 and 4 × ECONNREFUSED (first 127.0.0.1:8002) on GET /api/v1/config, from 0:36 to 0:42',
    '19 × HTTP 503 and 7 × ECONNREFUSED (first 127.0.0.1:8002) on GET /api/v1/health, from 0:36 to 0:42',
    '6 × HTTP 503 and 5 × ECONNREFUSED (first 127.0.0.1:8002) on DELETE /api/v1/workflows/:id, from 0:36 to 0:42',
    '24 arrivals were dropped, from 0:37 to 0:39',
    '4 × ECONNREFUSED (first 127.0.0.1:8002) and 3 × HTTP 503 on POST /api/v1/workflows, from 0:38 to 0:42',
    '4 × HTTP 503 and 4 × ECONNREFUSED (first 127.0.0.1:8002) on GET /api/v1/workflows/:id, from 0:38 to 0:42',
  ]);
});
