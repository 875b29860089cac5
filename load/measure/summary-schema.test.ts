import { expect } from '@playwright/test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { test } from '../../testing/plain-test.ts';
import { emptyTally } from './counts.ts';
import { decodeHistogram } from './open-histogram.ts';
import { addAgain } from './network.ts';
import { NetworkBook } from './network-book.ts';
import {
  figuresOf,
  type FindingSummary,
  readableSummarySchemas,
  type RunSummary,
  type Summary,
  summarySchema,
} from './summary.ts';
import { emptyEndpoint, emptyRunData, type RunData, type RunPlan } from './run-data.ts';
import schema from './summary.schema.json' with { type: 'json' };

const validate = compile();

function compile(): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** What is wrong, as `/runs/0/verdict must be …`; empty for a summary that keeps the contract. */
function problemsOf(summary: unknown): string[] {
  validate(summary);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

const plan: RunPlan = { index: 0, profile: '500/s for 1s', model: 'open', warmUpMs: 0, whenSaturated: 'invalid' };
const segment = { runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 1_000, generator: [], pid: 1 };

function measuredRun(): RunData {
  const run = emptyRunData(plan);
  const endpoint = emptyEndpoint();
  const counts = { ...emptyTally(), scheduled: 3, started: 2, ok: 1, timedOut: 1, dropped: 1 };
  run.segments.push(segment);
  Object.assign(run.counts, counts);
  Object.assign(endpoint.counts, counts);
  endpoint.service.recordMs(12.5);
  endpoint.response.add(endpoint.service);
  endpoint.statuses.set('200', 1);
  run.lag.add(decodeHistogram(endpoint.service.encode()));
  run.endpoints.set('GET /', endpoint);
  run.errors.set('timeout GET /', { kind: 'timeout', endpoint: 'GET /', count: 1, sample: 'no answer in 50 ms' });
  run.resources.push({ name: 'server', pid: 7, cores: 2, samples: [{ atMs: 0, rssMb: 61.5, phase: 'load' }] });
  run.tags.set('tenant=a', endpoint);
  run.groups.set('visit', { started: 3, failed: 1, durations: endpoint.service });
  run.groups.set('hung', { started: 1, failed: 0, durations: emptyEndpoint().service });
  tellNetwork(run);
  return run;
}

function tellNetwork({ network }: RunData): void {
  const book = new NetworkBook(network, () => true);
  book.addressKnown('api.test:80', '10.0.0.2');
  book.connected('api.test:80', '10.0.0.1').countRequest();
  book.lookupFailed('api.test', new Error('getaddrinfo EAI_AGAIN api.test'));
  book.traceparentInvalid('none');
  addAgain(network, { staleConnections: 2, waits: 1, waitedMs: 1_000.0004 });
}

function summaryOf(run: RunData, changes: Partial<RunSummary> = {}): Summary {
  return {
    schema: summarySchema,
    verdict: 'passed',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 61_234,
    segments: { expected: 1, present: [1] },
    environment: { node: 'v20.20.0', os: 'Linux', cpu: 'any', cores: 2 },
    runs: [
      {
        id: '0a1b2c3d4e',
        title: ['load.spec.ts', 'health'],
        file: 'specs/load.spec.ts',
        line: 12,
        project: 'load',
        tags: [],
        verdict: 'passed',
        reason: 'its threshold is met',
        thresholds: [{ metric: 'p95', scope: 'run', expected: '< 100ms', actual: 12.5, verdict: 'passed' }],
        generator: { verdict: 'unjudged', reason: 'too short' },
        ...figuresOf(run),
        ...changes,
      },
    ],
  };
}

/** As a file has it: what is undefined in memory is absent there. */
function written(summary: Summary): unknown {
  return JSON.parse(JSON.stringify(summary));
}

test('a run with everything measured keeps the contract', () => {
  expect(problemsOf(written(summaryOf(measuredRun())))).toEqual([]);
});

test('so does one whose SLOs and whose steadiness are told', () => {
  const changes: Partial<RunSummary> = {
    steadiness: { verdict: 'warming-up', reason: 'the first 10s ran at a p50 of 80 ms', accounting: 'one too many' },
    slos: [{ name: 'checkout', good: 2, of: 3, share: 0.667, perSec: 2 }],
  };
  expect(problemsOf(written(summaryOf(measuredRun(), changes)))).toEqual([]);
});

test('so does one that was made smaller, of whose limits some were not judged', () => {
  const unjudged = { metric: 'p95', scope: 'run', expected: '< 100ms', verdict: 'measured' } as const;
  for (const reduced of [{ once: true }, { shrunk: { scale: 0.1, stretch: 0.5, countFactor: 0.05 } }] as const) {
    const run = emptyRunData({ ...plan, ...reduced });
    const summary = summaryOf(run, { thresholds: [unjudged] });
    expect(problemsOf(written(summary))).toEqual([]);
    expect(summary.runs[0]).toMatchObject('once' in reduced ? reduced : { shrunk: { scale: 0.1, stretch: 0.5 } });
  }
});

test('a run in which nothing was measured keeps it too, by leaving figures out', () => {
  const summary = summaryOf(emptyRunData(plan));
  expect(problemsOf(written(summary))).toEqual([]);
  expect(summary.runs[0]).not.toHaveProperty('serviceMs');
  expect(summary.runs[0]).not.toHaveProperty('successRate');
});

test('the network of a run has its busiest address first', () => {
  const [run] = summaryOf(measuredRun()).runs;
  expect(run?.network).toEqual({
    staleConnections: 2,
    retryAfter: { waits: 1, waitedMs: 1_000 },
    lookupFailures: [{ host: 'api.test', count: 1, sample: 'getaddrinfo EAI_AGAIN api.test' }],
    invalidTraceparents: { count: 1, sample: 'none' },
    peers: [
      { host: 'api.test:80', address: '10.0.0.1', connections: 1, requests: 1, failedConnects: 0 },
      { host: 'api.test:80', address: '10.0.0.2', connections: 0, requests: 0, failedConnects: 0 },
    ],
  });
  expect(summaryOf(emptyRunData(plan)).runs[0]).not.toHaveProperty('network');
});

const breaches: { readonly what: string; readonly changes: Record<string, unknown>; readonly problem: string }[] = [
  { what: 'null for a figure', changes: { successRate: null }, problem: '/runs/0/successRate must be number' },
  {
    what: 'a verdict nobody knows',
    changes: { verdict: 'ok' },
    problem: '/runs/0/verdict must be equal to one of the allowed values',
  },
  { what: 'a rate in percent', changes: { successRate: 99.5 }, problem: '/runs/0/successRate must be <= 1' },
  { what: 'a field of its own', changes: { extra: 1 }, problem: '/runs/0 must NOT have additional properties' },
  {
    what: 'latencies of no requests',
    changes: { serviceMs: { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0, stdev: 0 } },
    problem: '/runs/0/serviceMs/count must be >= 1',
  },
  {
    what: 'a steadiness nobody knows',
    changes: { steadiness: { verdict: 'calm', reason: 'it was' } },
    problem: '/runs/0/steadiness/verdict must be equal to one of the allowed values',
  },
  {
    what: 'no SLO where some should be',
    changes: { slos: [] },
    problem: '/runs/0/slos must NOT have fewer than 1 items',
  },
  {
    what: 'a share of an SLO in percent',
    changes: { slos: [{ name: 'a', good: 1, of: 1, share: 100, perSec: 1 }] },
    problem: '/runs/0/slos/0/share must be <= 1',
  },
  {
    what: 'a date without time',
    changes: { startedAt: '2026-01-01' },
    problem: '/runs/0/startedAt must match format "date-time"',
  },
];
for (const { what, changes, problem } of breaches) {
  test(`${what} breaks the contract`, () => {
    expect(problemsOf(written(summaryOf(measuredRun(), changes)))).toEqual([problem]);
  });
}

test('the schema of the file is the one it names', () => {
  expect(schema.properties.schema.const).toBe(summarySchema);
  expect(readableSummarySchemas).toEqual(['playload.summary/1', summarySchema]);
});

const finding = {
  id: '0a1b2c3d4f-2',
  kind: 'breaking-point',
  verdict: 'passed',
  sentence: 'sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency',
  figures: { of: 'rate', sustained: 198, failed: 208, limitedBy: 'latency' },
  runs: [0],
  folds: true,
  title: ['stress.spec.ts', 'the list'],
  file: 'specs/stress.spec.ts',
  line: 3,
  project: 'stress',
  tags: ['@stress'],
  table: { columns: [{ name: 'rate', unit: 'perSec' }], rows: [{ rate: 198 }, {}] },
  chart: {
    x: { name: 'arrivals per second', unit: 'perSec' },
    left: { name: 'latency', unit: 'ms' },
    right: { name: 'answered', unit: 'perSec' },
    lines: [
      {
        name: 'p95',
        axis: 'left',
        style: 'line',
        points: [
          [198, 12],
          [208, 90, 80, 110],
        ],
      },
    ],
    marks: [{ on: 'x', at: 198, name: 'sustains 198/s' }],
    spans: [{ from: 198, to: 208, name: 'the bracket' }],
  },
} as const satisfies FindingSummary;

test('a finding keeps the contract', () => {
  expect(problemsOf(written({ ...summaryOf(measuredRun()), findings: [finding] }))).toEqual([]);
});

const badFindings: { readonly what: string; readonly changes: Record<string, unknown>; readonly problem: string }[] = [
  {
    what: 'null in a table',
    changes: { table: { columns: [], rows: [null] } },
    problem: 'table/rows/0 must be object',
  },
  {
    what: 'a kind nobody knows',
    changes: { kind: 'hunch' },
    problem: 'kind must be equal to one of the allowed values',
  },
  { what: 'an empty sentence', changes: { sentence: '' }, problem: 'sentence must NOT have fewer than 1 characters' },
];
for (const { what, changes, problem } of badFindings) {
  test(`a finding with ${what} breaks the contract`, () => {
    const findings = [{ ...finding, ...changes }] as unknown as FindingSummary[];
    expect(problemsOf(written({ ...summaryOf(measuredRun()), findings }))).toEqual([`/findings/0/${problem}`]);
  });
}
