import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, type SampleParts, type SampleRequest } from '../../testing/recorded-run.ts';
import { emptyEndpoint, emptyRunData, type RunData } from '../measure/run-data.ts';
import type { Comparison, Scope, Threshold, TimeWindow } from '../measure/threshold.ts';
import { describeThreshold } from './judged-threshold.ts';
import { judgeRun, judgeThreshold } from './judge.ts';

type More = { readonly scope?: Scope; readonly window?: TimeWindow; readonly acceptable?: Threshold['acceptable'] };

function limit(text: string, { acceptable, ...more }: More = {}): Threshold {
  const [metric = '', comparison, value] = text.split(' ');
  const target = {
    comparison: comparison as Comparison,
    value: Number(value),
    text: `${comparison ?? ''} ${value ?? ''}`,
  };
  return { scope: { kind: 'run' }, ...more, metric, target, ...(acceptable && { acceptable }) };
}

const of = (name: string): More => ({ scope: { kind: 'endpoint', name } });
const every: More = { window: { kind: 'every', lengthMs: 10_000, text: 'every 10s' } };

type Answer = Partial<SampleRequest>;

/** Ten a second of `/mid` and one of `/calm` for half a minute. */
function halfMinute(answer: (second: number, n: number) => Answer): RunData {
  const requests = Array.from({ length: 300 }, (_, n) => {
    const atMs = n * 100;
    return { path: '/mid', ms: 10, atMs, ...answer(Math.floor(n / 10), n) };
  });
  const calm = Array.from({ length: 30 }, (_, second) => ({ path: '/calm', ms: 5, atMs: second * 1_000 }));
  const parts: SampleParts = { segment: { durationMs: 30_000 }, requests: [...requests, ...calm] };
  return recordRun(parts);
}

const burst = halfMinute((second, n) => (second < 8 || second >= 12 ? {} : { status: n % 4 === 0 ? undefined : 503 }));
const steady = halfMinute((_, n) => (n % 2 === 0 ? { status: 500 } : {}));
const rare = halfMinute((second, n) => (n % 10 === 0 && second % 9 === 0 ? { status: 500 } : {}));
const slow = halfMinute((second) => (second >= 20 ? { ms: 300 } : {}));
const unlike = halfMinute((second) => (second % 3 === 0 ? { ms: 300 } : {}));

/** The errors of `burst`, told apart by three bodies: none of them is as frequent as the resets. */
const sayings = { ...burst, errors: new Map(burst.errors) };
for (const [key, group] of burst.errors)
  if (group.kind === 'HTTP 503') {
    sayings.errors.delete(key);
    for (const body of ['db locked', 'out of memory', 'no backend', 'try later'])
      sayings.errors.set(`${key} ${body}`, { ...group, count: group.count / 4, body, shape: `GET /mid: ${body}` });
  }

const withCpu = (run: RunData, percents: readonly number[]): RunData => ({
  ...run,
  resources: [
    {
      ...{ name: 'server', pid: 7, cores: 4 },
      samples: percents.map((cpuPercent, at) => ({ atMs: at * 1_000, rssMb: 100, cpuPercent, phase: 'load' as const })),
    },
  ],
});

const rows: readonly { readonly run: RunData; readonly asked: Threshold; readonly says: string }[] = [
  {
    run: burst,
    asked: limit('successRate > 0.99'),
    says: 'success rate 87.9 % (limit > 0.99): 30 × HTTP 503 and 10 × ECONNRESET on GET /mid, from 0:08 to 0:12',
  },
  {
    run: burst,
    asked: limit('successRate > 0.99', of('GET /mid')),
    says: 'GET /mid success rate 86.7 % (limit > 0.99): 30 × HTTP 503 and 10 × ECONNRESET, from 0:08 to 0:12',
  },
  {
    run: burst,
    asked: limit('failed == 0'),
    says: '40 failed requests (limit == 0): 30 × HTTP 503 and 10 × ECONNRESET on GET /mid, from 0:08 to 0:12',
  },
  {
    run: burst,
    asked: limit('errorRate < 0.05', every),
    says: 'error rate 18.2 % from 0:00 to 0:10 (limit < 0.05, every 10s): 20 of 100 on GET /mid, in the whole run mostly HTTP 503',
  },
  {
    run: sayings,
    asked: limit('errorRate < 0.06', every),
    says: 'error rate 18.2 % from 0:00 to 0:10 (limit < 0.06, every 10s): 20 of 100 on GET /mid, in the whole run mostly HTTP 503',
  },
  {
    run: steady,
    asked: limit('errorRate < 0.1'),
    says: 'error rate 45.5 % (limit < 0.1): 150 × HTTP 500 on GET /mid, all the time',
  },
  {
    run: rare,
    asked: limit('failed < 2'),
    says: '4 failed requests (limit < 2): 4 × HTTP 500 on GET /mid, now and then',
  },
  { run: burst, asked: limit('timedOut == 0'), says: '0 timeouts (limit == 0)' },
  {
    run: slow,
    asked: limit('p95 < 100'),
    says: 'p95 300 ms (limit < 100): GET /mid 300 ms, from 0:20 to 0:30, 100 % of its time waiting for the first byte',
  },
  {
    run: slow,
    asked: limit('p95 < 100', of('GET /mid')),
    says: 'GET /mid p95 300 ms (limit < 100): from 0:20 to 0:30, 100 % of its time waiting for the first byte',
  },
  {
    run: slow,
    asked: limit('p95 < 100', { acceptable: { comparison: '<', value: 500, text: '< 500' } }),
    says: 'p95 300 ms (limit < 100, acceptable < 500): GET /mid 300 ms, from 0:20 to 0:30, 100 % of its time waiting for the first byte',
  },
  {
    run: slow,
    asked: limit('max < 100', every),
    says: 'max 301 ms from 0:20 to 0:30 (limit < 100, every 10s): GET /mid 301 ms, 100 % of its time waiting for the first byte',
  },
  {
    run: unlike,
    asked: limit('max < 100'),
    says: 'max 300 ms (limit < 100): GET /mid 300 ms, 67.0 % of the time, 100 % of its time waiting for the first byte',
  },
  { run: slow, asked: limit('p95 < 1000'), says: 'p95 300 ms (limit < 1000)' },
  { run: slow, asked: limit('throughput > 500'), says: 'throughput 11.0/s (limit > 500)' },
  { run: slow, asked: limit('p95 < 1', of('GET /none')), says: 'GET /none p95 no data (limit < 1)' },
];
for (const { run, asked, says } of rows)
  test(`the sentence is: ${says}`, () => expect(describeThreshold(judgeThreshold(run, asked))).toBe(says));

interface Told {
  readonly endpoints: Readonly<Record<string, number>>;
  readonly errors?: readonly (readonly [kind: string, count: number, endpoint?: string])[];
}

/** Without windows and times, as a run of an older version is. */
function timeless({ endpoints, errors = [] }: Told): RunData {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  for (const [name, ms] of Object.entries(endpoints)) {
    const endpoint = emptyEndpoint();
    endpoint.service.recordMs(ms);
    endpoint.phases.waiting.recordMs(ms);
    run.endpoints.set(name, endpoint);
  }
  Object.assign(run.counts, { scheduled: 100, started: 100, ok: 80, failed: 10, timedOut: 6, unfinished: 4 });
  Object.assign(run.iterations, { started: 10, failed: 9 });
  run.exceptions = 13;
  run.idleIterations = 3;
  for (const [kind, count, endpoint = 'GET /a'] of errors)
    run.errors.set(`${kind} ${endpoint}`, { kind, endpoint, count, sample: `${kind} it was` });
  return run;
}

/** Of the bodies with their counts one kind at one endpoint. */
function answering(bodies: Readonly<Record<string, number>>): RunData {
  const run = timeless({ endpoints: { 'GET /a': 1 } });
  for (const [body, count] of Object.entries(bodies))
    run.errors.set(body, { kind: 'HTTP 503', endpoint: 'GET /a', count, body, shape: body, sample: 'any' });
  return run;
}

/** Its own code says this. */
function ofTest(sample: string): RunData {
  const run = timeless({ endpoints: {} });
  run.errors.set(sample, { kind: 'exception', endpoint: `scenario: ${sample}`, count: 25, sample });
  return run;
}

const advice =
  'Error: it ended while its own requests were under way, called at specs/orders.spec.ts:30:84: is an `await` missing?';

const three = timeless({ endpoints: { 'GET /a': 10, 'GET /b': 40, 'GET /c': 20 } });
const many = timeless({
  endpoints: { 'GET /a': 1 },
  errors: [
    ['HTTP 500', 2],
    ['timeout', 3, 'GET /b'],
    ['exception', 9, 'scenario: exception it was'],
    ['exception', 4, 'watch: oops'],
    ['unfinished', 1, 'GET /c'],
    ['ECONNRESET', 4],
    ['tls', 1],
  ],
});
const culprits: readonly { readonly run: RunData; readonly asked: Threshold; readonly culprit: object | undefined }[] =
  [
    {
      run: three,
      asked: limit('p95 < 5'),
      culprit: { name: 'GET /b', words: 'GET /b 40.0 ms, 100 % of its time waiting for the first byte' },
    },
    {
      run: three,
      asked: limit('serviceTime.max < 5'),
      culprit: { name: 'GET /b', words: 'GET /b 40.0 ms, 100 % of its time waiting for the first byte' },
    },
    { run: three, asked: limit('phases.waiting.p95 < 5'), culprit: { name: 'GET /b', words: 'GET /b 40.0 ms' } },
    { run: three, asked: limit('failed == 0'), culprit: undefined },
    {
      run: many,
      asked: limit('failed == 0'),
      culprit: { name: 'GET /a', words: '4 × ECONNRESET, 2 × HTTP 500 and 1 other on GET /a, 4 more elsewhere' },
    },
    {
      run: answering({ 'db locked': 6 }),
      asked: limit('failed == 0'),
      culprit: { name: 'GET /a', words: '6 × HTTP 503 "db locked" on GET /a' },
    },
    {
      run: answering({ 'db locked': 6, 'queue full': 5 }),
      asked: limit('failed == 0'),
      culprit: { name: 'GET /a', words: '11 × HTTP 503 (mostly "db locked") on GET /a' },
    },
    {
      run: answering({ 'db locked': 5, 'queue full': 5 }),
      asked: limit('failed == 0'),
      culprit: { name: 'GET /a', words: '10 × HTTP 503 on GET /a' },
    },
    {
      run: ofTest(advice),
      asked: limit('exceptions == 0'),
      culprit: { name: 'scenario', words: `25 × ${advice}` },
    },
    { run: many, asked: limit('timedOut == 0'), culprit: { name: 'GET /b', words: '3 timeouts on GET /b' } },
    {
      run: many,
      asked: limit('unfinished == 0'),
      culprit: { name: 'GET /c', words: '1 cut off at the end on GET /c' },
    },
    {
      run: many,
      asked: limit('exceptions == 0'),
      culprit: { name: 'scenario', words: '9 × exception it was, 4 more elsewhere' },
    },
    {
      run: many,
      asked: limit('iterationsFailed == 0'),
      culprit: { name: 'scenario', words: '9 × exception it was, 4 more elsewhere' },
    },
    {
      run: many,
      asked: limit('idleIterations == 0'),
      culprit: {
        name: 'scenario',
        words: 'ended without a request; requests of a context belong to the user that made it',
      },
    },
  ];
for (const { run, asked, culprit } of culprits)
  test(`a missed ${asked.metric} of a run without times is of ${JSON.stringify(culprit)}`, () => {
    expect(judgeThreshold(run, asked).culprit).toEqual(culprit);
  });

test('names and words of strangers stay what they are: one line', () => {
  const hostile = 'GET /\u001b[31m\n::error::x';
  const run = timeless({ endpoints: { [hostile]: 9 }, errors: [['timeout', 3, hostile]] });
  const { words = '' } = judgeThreshold(run, limit('timedOut == 0')).culprit ?? {};
  expect(words).toBe('3 timeouts on GET / : :error::x');
});

test('what a watched process did meanwhile is told of the time of the trouble', () => {
  const cpu = (percent: number) =>
    Array.from({ length: 30 }, (_, second) => (second >= 9 && second <= 12 ? percent : 30));
  const told = (run: RunData) => judgeRun({ ...run, thresholds: [limit('successRate > 0.99')] }).reason;
  expect(told(withCpu(burst, cpu(100)))).toMatch(/from 0:08 to 0:12; the server's CPU was 100 %$/);
  expect(told(withCpu(burst, cpu(80)))).toMatch(/from 0:08 to 0:12$/);
});
