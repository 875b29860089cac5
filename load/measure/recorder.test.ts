import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { maxEndpoints } from './endpoint-rows.ts';
import { mostNames } from './entry-name.ts';
import { exemplarLimits } from './exemplar.ts';
import type { HttpSample } from './samples/http.ts';
import { type MeasuredIteration, Recorder, type RecorderOptions } from './recorder.ts';
import type { RunPlan } from './run-data.ts';

const closed: RunPlan = { index: 0, profile: 'test', model: 'closed', warmUpMs: 0, whenSaturated: 'invalid' };
const open: RunPlan = { ...closed, model: 'open' };

const answered: HttpSample = {
  kind: 'http',
  method: 'GET',
  url: 'http://server/a',
  name: undefined,
  calledAtMs: 100,
  sentAtMs: 101,
  endedAtMs: 111,
  status: 200,
  bytesSent: 3,
  bytesReceived: 50,
  failure: undefined,
  dnsMs: undefined,
  connectMs: undefined,
  tlsMs: undefined,
  waitingMs: 8,
  receivingMs: 2,
  details: () => ({ requestHeaders: {}, requestBody: undefined, responseHeaders: {}, responseBody: undefined }),
};

/** One iteration of one request each, on a recorder that has begun at 0. */
function record(requests: readonly Partial<HttpSample>[], options: Partial<RecorderOptions> = {}): Recorder {
  const recorder = new Recorder({ plan: closed, ...options });
  recorder.begin(0);
  for (const given of requests) one(recorder, given);
  return recorder;
}

function one(recorder: Recorder, given: Partial<HttpSample>, start: Partial<MeasuredIteration> = {}): void {
  const request = { ...answered, ...given };
  const iteration: MeasuredIteration = { warmUp: false, dueMs: request.calledAtMs, ...start };
  recorder.iterationStarted(iteration, request.calledAtMs);
  recorder.requestStarted(iteration, request.calledAtMs);
  recorder.requestEnded(request, iteration);
  recorder.iterationEnded(iteration, 'ok');
}

const reset = { kind: 'reset', code: 'ECONNRESET', message: 'socket hang up\nCall log: …' } as const;
const late = { kind: 'timeout', code: undefined, message: 'Request timed out after 10ms' } as const;

const outcomes = [
  { name: '200', request: { status: 200 }, outcome: 'ok' },
  { name: '204 without a body', request: { status: 204, bytesReceived: 0 }, outcome: 'ok' },
  { name: '399', request: { status: 399 }, outcome: 'ok' },
  { name: '400', request: { status: 400 }, outcome: 'failed', error: 'HTTP 400' },
  { name: '503', request: { status: 503 }, outcome: 'failed', error: 'HTTP 503' },
  { name: 'a reset', request: { status: undefined, failure: reset }, outcome: 'failed', error: 'ECONNRESET' },
  {
    name: 'a body cut off after 200',
    request: { failure: { ...reset, kind: 'body-cut-off', code: undefined } },
    outcome: 'failed',
    error: 'body-cut-off',
  },
  { name: 'a timeout', request: { status: undefined, failure: late }, outcome: 'timedOut', error: 'timeout' },
] as const;
for (const { name, request, outcome, ...rest } of outcomes) {
  test(`${name} is ${outcome}`, () => {
    const { data } = record([request]);
    const expected = {
      scheduled: 1,
      started: 1,
      ok: 0,
      failed: 0,
      timedOut: 0,
      dropped: 0,
      unfinished: 0,
      [outcome]: 1,
    };
    expect(data.counts).toEqual(expected);
    expect(data.endpoints.get('GET /a')?.counts).toEqual(expected);
    const kinds = [...data.errors.values()].map(({ kind, endpoint }) => [kind, endpoint]);
    expect(kinds).toEqual('error' in rest ? [[rest.error, 'GET /a']] : []);
  });
}

test('`expectStatus` decides what is a success, in both directions', () => {
  const { data } = record([{ status: 404 }, { status: 200 }], { expectStatus: (status) => status === 404 });
  expect(data.counts).toMatchObject({ ok: 1, failed: 1 });
  expect([...data.endpoints.values()].map(({ statuses }) => Object.fromEntries(statuses))).toEqual([
    { 200: 1, 404: 1 },
  ]);
});

for (const { status, before, outcome } of [
  { status: 404, before: 404, outcome: 'ok' },
  { status: 404, before: 200, outcome: 'failed' },
  { status: 500, before: 404, outcome: 'failed' },
  { status: 200, before: 404, outcome: 'ok' },
  { status: 404, before: undefined, outcome: 'failed' },
  { status: undefined, before: undefined, outcome: 'failed' },
]) {
  test(`${status ?? 'no status'} where it was ${before ?? 'not said'} before is ${outcome}`, () => {
    const recorder = record([]);
    one(recorder, { status }, { statusBefore: before });
    expect(recorder.data.counts).toMatchObject({ ok: 0, failed: 0, [outcome]: 1 });
  });
}

test('an `expectStatus` that throws loses no request and fails as the scenario would', () => {
  const recorder = record([{}, {}], {
    expectStatus: () => {
      throw new Error('oops');
    },
  });
  recorder.finish();
  expect(recorder.data.counts).toMatchObject({ started: 2, failed: 2 });
  expect(recorder.data.exceptions).toBe(2);
  expect(recorder.data.errors.get('exception expectStatus: Error: oops')).toMatchObject({ count: 2 });
  expect(recorder.data.accounting).toEqual([]);
});

for (const [say, rule] of [
  ['a text', () => 'yes'],
  ['a promise', async () => false],
] as const) {
  test(`an \`expectStatus\` that gives ${say} is an error of the scenario's, and no success`, () => {
    const { data } = record([{}], { expectStatus: rule as unknown as (status: number) => boolean });
    expect([data.counts.ok, data.counts.failed, data.exceptions]).toEqual([0, 1, 1]);
    expect([...data.errors.values()].map(({ sample }) => sample).join()).toContain('it must say `true` or `false`');
  });
}

test('service time runs from the first byte sent, a timeout from the call: never below the limit it hit', () => {
  const { data } = record([
    {},
    { url: 'http://server/t', status: undefined, failure: late, sentAtMs: 109, endedAtMs: 110 },
    { url: 'http://server/refused', status: undefined, failure: reset, sentAtMs: undefined, endedAtMs: 102 },
  ]);
  const times = (name: string) => {
    const { service, failures } = data.endpoints.get(name) ?? {};
    return [service?.stats()?.max, failures?.stats()?.max];
  };
  expect([times('GET /a'), times('GET /t'), times('GET /refused')]).toEqual([
    [10, undefined],
    [10, undefined],
    [undefined, 2], // it failed quickly, which improves no percentile
  ]);
});

test('in an open model response time runs from the intended start, and the request belongs to its second', () => {
  const recorder = new Recorder({ plan: open });
  recorder.begin(0);
  recorder.arrivalDue(900, false);
  one(recorder, { calledAtMs: 1_100, sentAtMs: 1_101, endedAtMs: 2_111 }, { dueMs: 900 });
  recorder.finish();
  const { endpoints, lag, windows, accounting } = recorder.data;
  expect(lag.stats()?.max).toBe(200);
  expect(endpoints.get('GET /a')?.response.stats()?.max).toBe(1_211);
  expect(endpoints.get('GET /a')?.service.stats()?.max).toBe(1_010);
  expect([...(endpoints.get('GET /a')?.windows.keys() ?? [])]).toEqual([0]);
  expect([...windows].map(([second, { scheduled, completed }]) => [second, scheduled, completed])).toEqual([
    [0, 1, 0],
    [1, 0, 0],
    [2, 0, 1],
  ]);
  expect(accounting).toEqual([]);
});

test('a closed run has neither response times nor lag', () => {
  const { data } = record([{}]);
  expect(data.lag.count).toBe(0);
  expect(data.endpoints.get('GET /a')?.response.count).toBe(0);
});

test('warm-up is in no number, and in windows before 0 even when it ends later', () => {
  const recorder = new Recorder({ plan: { ...closed, warmUpMs: 1_000 } });
  recorder.begin(1_000);
  one(recorder, { calledAtMs: 500, sentAtMs: 500, endedAtMs: 600 }, { warmUp: true });
  one(recorder, { calledAtMs: 1_200, sentAtMs: 1_200, endedAtMs: 1_300 }, { warmUp: true });
  one(recorder, { calledAtMs: 1_250, sentAtMs: 1_250, endedAtMs: 1_350 });
  const { counts, endpoints, windows, iterations } = recorder.data;
  expect([counts.started, iterations.started]).toEqual([1, 1]);
  expect([...(endpoints.get('GET /a')?.windows ?? [])].map(([second, { ok }]) => [second, ok])).toEqual([
    [-1, 2],
    [0, 1],
  ]);
  expect([windows.get(-1)?.completed, windows.get(0)?.completed]).toEqual([2, 1]);
  expect(recorder.lastEndMs).toBe(1_350);
});

test('a request that is cut off is filed by its age in its row, and once the books are closed what it says is ignored', () => {
  const recorder = new Recorder({ plan: open });
  recorder.begin(0);
  recorder.arrivalDue(answered.calledAtMs, false);
  one(recorder, {});
  const iteration: MeasuredIteration = { warmUp: false, dueMs: 200 };
  recorder.arrivalDue(200, false);
  recorder.iterationStarted(iteration, 210);
  recorder.requestStarted(iteration, 210);
  recorder.stop(1_200);
  const cutOff = { ...answered, url: 'http://server/slow', calledAtMs: 210, sentAtMs: 215, endedAtMs: 1_234 };
  recorder.requestEnded(cutOff, iteration);
  recorder.finish();
  recorder.requestEnded(cutOff, iteration);
  const { counts, endpoints, errors, accounting } = recorder.data;
  expect(counts).toMatchObject({ scheduled: 2, started: 2, ok: 1, unfinished: 1 });
  const row = endpoints.get('GET /slow');
  expect([row?.counts.unfinished, row?.service.stats()?.max, row?.response.stats()?.max]).toEqual([1, 990, 1_000]);
  expect([...errors]).toEqual([
    [
      'unfinished GET /slow',
      {
        ...{ kind: 'unfinished', endpoint: 'GET /slow', count: 1, sample: 'no answer until the run was over' },
        ...{ fromMs: 200, toMs: 200 },
      },
    ],
  ]);
  expect(accounting).toEqual([]);
});

test('what is under way at the end is unfinished, and what it says later is ignored', () => {
  const recorder = record([{}]);
  const iteration: MeasuredIteration = { warmUp: false, dueMs: 200 };
  recorder.iterationStarted(iteration, 200);
  recorder.requestStarted(iteration, 200);
  recorder.finish();
  recorder.requestEnded({ ...answered, calledAtMs: 200 }, iteration);
  recorder.requestStarted(iteration, 300);
  recorder.iterationEnded(iteration, 'ok');
  recorder.check('late', false, false);
  recorder.groupEnded(recorder.groupStarted('late', false), 1, 'ok');
  const { counts, iterations, checks, groups, accounting } = recorder.data;
  expect(counts).toMatchObject({ scheduled: 2, started: 2, ok: 1, unfinished: 1 });
  expect(iterations).toEqual({ started: 2, failed: 0, unfinished: 1 });
  expect([checks.size, groups.size, accounting]).toEqual([0, 0, []]);
});

test('books that do not balance are told of', () => {
  const recorder = new Recorder({ plan: open });
  recorder.begin(0);
  recorder.arrivalDue(0, false); // neither started nor dropped
  recorder.finish();
  expect(recorder.data.accounting).toEqual(['run: 1 arrivals were due, but 0 started + 0 dropped']);
});

test('dropped arrivals are scheduled, not started', () => {
  const recorder = new Recorder({ plan: open });
  recorder.begin(0);
  recorder.arrivalDue(0, false);
  recorder.dropped(0, false);
  recorder.arrivalDue(-5, true);
  recorder.dropped(-5, true); // warm-up
  recorder.finish();
  expect(recorder.data.counts).toMatchObject({ scheduled: 1, started: 0, dropped: 1 });
  expect([...recorder.data.windows].map(([second, { dropped }]) => [second, dropped])).toEqual([
    [0, 1],
    [-1, 1],
  ]);
  expect(recorder.data.accounting).toEqual([]);
});

test('phases that took place are kept, bytes add up', () => {
  const { data } = record([{ dnsMs: 1, connectMs: 2, tlsMs: 3 }, {}]);
  const endpoint = data.endpoints.get('GET /a');
  const phases = Object.entries(endpoint?.phases ?? {}).map(([name, histogram]) => [
    name,
    histogram.count,
    histogram.stats()?.max,
  ]);
  expect(phases).toEqual([
    ['dns', 1, 1],
    ['connect', 1, 2],
    ['tls', 1, 3],
    ['waiting', 2, 8],
    ['receiving', 2, 2],
    ['running', 0, undefined],
  ]);
  expect([endpoint?.bytesSent, endpoint?.bytesReceived]).toEqual([6, 100]);
});

test('endpoints beyond the limit share one row, and nothing is lost', () => {
  const names = Array.from({ length: maxEndpoints + 100 }, (_, at) => ({ name: `route ${at}` }));
  const { data } = record([...names, ...names]);
  expect(data.endpoints.size).toBe(maxEndpoints + 1);
  expect(data.endpoints.get('(other endpoints)')?.counts.ok).toBe(200);
  expect(data.endpoints.get('route 0')?.counts.ok).toBe(2);
});

test('errors are grouped by kind, endpoint and what they say, with the first line of the first message', () => {
  const says = (body: string) => ({ status: 500, bodyHead: () => body });
  const { data } = record([
    { status: undefined, failure: reset },
    { status: undefined, failure: { ...reset, message: 'another 1' } },
    { status: undefined, failure: { ...reset, message: 'another 2' } },
    { status: 500 },
    says('order 1: db locked'),
    says('order 2: db locked'),
    says('out of memory'),
  ]);
  expect([...data.errors.values()].map(({ kind, count, sample, body }) => [kind, count, sample, body])).toEqual([
    ['ECONNRESET', 1, 'socket hang up', undefined],
    ['ECONNRESET', 2, 'another 1', undefined],
    ['HTTP 500', 1, 'GET http://server/a answered 500', undefined],
    ['HTTP 500', 2, 'GET http://server/a answered 500', 'order 1: db locked'],
    ['HTTP 500', 1, 'GET http://server/a answered 500', 'out of memory'],
  ]);
  expect(Object.fromEntries(data.windows.get(0)?.errors ?? [])).toEqual({ ECONNRESET: 3, 'HTTP 500': 4 });
});

test('the body of a good answer is never read, and that of a bad one not where bodies are not kept', () => {
  let read = 0;
  const bodyHead = () => `${(read += 1)}: locked`;
  record([{ bodyHead }]);
  expect(read).toBe(0);
  const { data } = record([{ status: 500, bodyHead }], { keepBodies: false });
  expect([read, [...data.errors.values()].map(({ body }) => body)]).toEqual([0, [undefined]]);
  record([{ status: 500, bodyHead }]);
  expect(read).toBe(1);
});

test('a thousand different messages are bounded, and their count is kept', () => {
  const recorder = record([]);
  for (let n = 0; n < 1_000; n++) {
    const iteration: MeasuredIteration = { warmUp: false, dueMs: 0 };
    recorder.iterationStarted(iteration, 0);
    recorder.iterationEnded(iteration, { failure: new Error(`order ${n} is lost`), ofRequest: false });
  }
  const { errors, exceptions, iterations } = recorder.data;
  expect([exceptions, iterations.failed]).toEqual([1_000, 1_000]);
  expect(errors.size).toBeLessThanOrEqual(201);
  expect([...errors.values()].reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
});

test('apdex counts satisfied up to T, tolerating up to 4T, and failures as frustrated', () => {
  const { data } = record(
    [
      { sentAtMs: 0, endedAtMs: 100 },
      { sentAtMs: 0, endedAtMs: 101 },
      { sentAtMs: 0, endedAtMs: 400 },
      { sentAtMs: 0, endedAtMs: 401 },
      { sentAtMs: 0, endedAtMs: 50, status: 500 },
    ].map((given) => ({ ...given, calledAtMs: 0 })),
    { plan: { ...closed, apdexMs: 100 } },
  );
  expect(data.apdex).toEqual({ satisfied: 1, tolerating: 2, frustrated: 2 });
});

test('the slowest few and the first few failures are kept, with secrets masked and bodies cut', () => {
  const details = () => ({
    requestHeaders: { authorization: 'Bearer abc', cookie: 'sid=1', accept: '*/*' },
    requestBody: 'x'.repeat(5_000),
    responseHeaders: { 'set-cookie': 'sid=2', 'content-type': 'text/plain' },
    responseBody: 'short',
  });
  const url = 'http://ada:secret@server/a?api_key=k&page=2';
  const { data } = record([
    ...Array.from({ length: 20 }, (_, at) => ({ url, details, endedAtMs: 110 + at })),
    ...Array.from({ length: 20 }, () => ({ url, details, status: 500 })),
  ]);
  const kept = data.exemplars.list();
  expect(kept.filter(({ why }) => why === 'slow').map(({ serviceMs }) => serviceMs)).toEqual([28, 27, 26, 25, 24]);
  expect(kept.filter(({ why }) => why === 'failed')).toHaveLength(exemplarLimits.perFailure);
  expect(kept[0]).toMatchObject({
    endpoint: 'GET /a',
    url: 'http://***@server/a?api_key=***&page=2',
    status: 200,
    phases: { waiting: 8, receiving: 2 },
    requestHeaders: { authorization: '***', cookie: '***', accept: '*/*' },
    requestBody: `${'x'.repeat(4_096)}… (904 more characters)`,
    responseHeaders: { 'set-cookie': '***', 'content-type': 'text/plain' },
    responseBody: 'short',
  });
  expect(JSON.stringify(kept)).not.toMatch(/Bearer|sid=|ada|secret/);
  expect([...data.errors.values()].map(({ sample }) => sample)).toEqual([
    'GET http://***@server/a?api_key=***&page=2 answered 500',
  ]);
});

test('what is not kept is not even looked at', () => {
  let looked = 0;
  const details = () => {
    looked += 1;
    return answered.details();
  };
  record(Array.from({ length: 1_000 }, () => ({ details, endedAtMs: 111 })));
  expect(looked).toBe(exemplarLimits.slowest);
});

test('the measured part begins at its zero and is over once the run is stopped', () => {
  const recorder = new Recorder({ plan: closed });
  recorder.begin(1_000);
  expect([recorder.lastEndMs, recorder.stopped]).toEqual([1_000, false]);
  expect([999, 1_000, 5_000].map((nowMs) => recorder.isMeasured(nowMs))).toEqual([false, true, true]);
  recorder.stop(5_000);
  expect([recorder.stopped, recorder.isMeasured(2_000)]).toEqual([true, false]);
});

test('the last end is that of the request that ends last, whatever ended after it was filed', () => {
  const { lastEndMs } = record([{ endedAtMs: 300 }, { endedAtMs: 200 }]);
  expect(lastEndMs).toBe(300);
});

test('it is quiet once no request of the measured part is under way', async () => {
  const recorder = record([{}]);
  await recorder.quiet(); // it is
  const [one, two, warm] = [false, false, true].map((warmUp): MeasuredIteration => ({ warmUp, dueMs: 100 }));
  for (const iteration of [one, two, warm]) if (iteration !== undefined) recorder.requestStarted(iteration, 100);
  expect(recorder.inFlight).toBe(3);
  const seen: string[] = [];
  const quiet = recorder.quiet().then(() => seen.push('quiet'));
  for (const [name, iteration] of Object.entries({ warm, one, two })) {
    if (iteration !== undefined) recorder.requestEnded(answered, iteration);
    seen.push(name);
    await new Promise((resolve) => setImmediate(resolve)); // whatever was to follow has
  }
  await quiet;
  expect([seen, recorder.inFlight]).toEqual([['warm', 'one', 'two', 'quiet'], 0]);
});

test('moments are told from the begin of the measured part', () => {
  const recorder = new Recorder({ plan: closed });
  recorder.begin(3_000);
  one(recorder, { calledAtMs: 500, endedAtMs: 600 }, { warmUp: true });
  one(recorder, { calledAtMs: 3_100, sentAtMs: 3_100, endedAtMs: 3_200 });
  one(recorder, { calledAtMs: 4_200, sentAtMs: 4_200, endedAtMs: 4_250, status: 500 });
  expect(recorder.data.exemplars.list().map(({ atMs }) => atMs)).toEqual([100, 1_200]);
  expect([...recorder.data.windows].map(([second, { errors }]) => [second, errors.size])).toEqual([
    [-3, 0],
    [0, 0],
    [1, 1],
  ]);
});

test('a timeout is told as one, whatever code its maker gave it', () => {
  const { data } = record([{ status: undefined, failure: { ...late, code: 'ETIMEDOUT' } }]);
  expect([...data.errors.values()].map(({ kind }) => kind)).toEqual(['timeout']);
});

const levels = ({ data }: Recorder) =>
  [...data.windows].map(([second, { users, inFlight }]) => ({ second, users, inFlight }));

test('levels are the highest of each second, and last through seconds in which nothing begins', () => {
  const recorder = new Recorder({ plan: closed });
  recorder.begin(0);
  for (const change of [1, 1, -1] as const) recorder.userCount(change, 100);
  const iteration: MeasuredIteration = { warmUp: false, dueMs: 400 };
  recorder.requestStarted(iteration, 400);
  recorder.tick(2_500);
  recorder.tick(900); // late: those seconds were seen
  recorder.userCount(1, 2_600);
  recorder.requestEnded({ ...answered, calledAtMs: 400, endedAtMs: 2_700 }, iteration);
  recorder.tick(3_000);
  recorder.userCount(-1, 5_500);
  expect(levels(recorder)).toEqual([
    { second: 0, users: 2, inFlight: 1 },
    { second: 1, users: 1, inFlight: 1 },
    { second: 2, users: 2, inFlight: 1 },
    { second: 3, users: 2, inFlight: 0 },
    { second: 5, users: 2, inFlight: 0 }, // they were there until then
  ]);
});

test('the most requests at once are those of their second, whatever comes after them', () => {
  const recorder = record([]);
  const [first, second, third] = [0, 1, 2].map((): MeasuredIteration => ({ warmUp: false, dueMs: 0 }));
  if (first === undefined || second === undefined || third === undefined) throw new Error('there are three');
  recorder.requestStarted(first, 100);
  recorder.requestStarted(second, 101);
  recorder.requestEnded(answered, first);
  recorder.requestEnded(answered, second);
  recorder.requestStarted(third, 200);
  expect(levels(recorder)).toEqual([{ second: 0, users: 0, inFlight: 2 }]);
});

test('a closed run schedules what it starts, the warm-up in seconds of its own', () => {
  const recorder = record([{}]);
  one(recorder, { calledAtMs: 200 }, { warmUp: true });
  expect([...recorder.data.windows].map(([second, { scheduled }]) => [second, scheduled])).toEqual([
    [0, 1],
    [-1, 1],
  ]);
});

test('a run has a window for each second until its end, and beyond it only those in which something happened', () => {
  const recorder = new Recorder({ plan: closed });
  recorder.begin(1_000);
  one(recorder, { calledAtMs: 1_100, sentAtMs: 1_100, endedAtMs: 5_100 });
  recorder.tick(6_000);
  recorder.finish(3_001);
  expect(levels(recorder).map(({ second }) => second)).toEqual([0, 4, 1, 2]);
  const beyond = new Recorder({ plan: open });
  beyond.begin(0);
  beyond.arrivalDue(5_000, false);
  beyond.dropped(5_000, false);
  one(beyond, { calledAtMs: 7_100, endedAtMs: 9_100, status: 500 });
  beyond.finish(1_000);
  expect(levels(beyond).map(({ second }) => second)).toEqual([5, 7, 9, 0]);
  const late = record([{ calledAtMs: 5_100, endedAtMs: 5_200 }]);
  late.finish(1_000);
  expect(levels(late).map(({ second }) => second)).toEqual([5, 0]);
  const other = record([{}]);
  other.finish(3_000);
  expect(levels(other).map(({ second }) => second)).toEqual([0, 1, 2]);
});

test('lag is never below nothing, and an open run counts no arrival twice', () => {
  const recorder = new Recorder({ plan: open });
  recorder.begin(0);
  recorder.arrivalDue(500, false);
  recorder.iterationStarted({ warmUp: false, dueMs: 500 }, 499.9); // a clock that went back
  expect(recorder.data.lag.stats()).toMatchObject({ count: 1, max: 0.001 });
  expect(recorder.data.windows.get(0)?.scheduled).toBe(1);
});

const oops = new Error('oops');
const under = { say: 'that left one under way', left: true } as const;
const endings: readonly {
  readonly say: string;
  readonly sends?: Partial<HttpSample>;
  readonly left?: boolean;
  readonly warmUp?: boolean;
  readonly threw?: { readonly failure: unknown; readonly ofRequest: boolean };
  readonly told: {
    readonly idle?: number;
    readonly failed?: number;
    readonly exceptions?: number;
    readonly as?: string;
  };
}[] = [
  { say: 'that sent nothing', told: { idle: 1 } },
  { say: 'that sent one', sends: {}, told: {} },
  { say: 'of the warm-up that sent nothing', warmUp: true, told: {} },
  {
    ...under,
    told: {
      failed: 1,
      exceptions: 1,
      as: 'Error: it ended while its own requests were under way: is an `await` missing?',
    },
  },
  {
    say: 'that threw',
    threw: { failure: oops, ofRequest: false },
    told: { failed: 1, exceptions: 1, as: 'Error: oops' },
  },
  {
    say: 'that threw a text',
    threw: { failure: 'no', ofRequest: false },
    told: { failed: 1, exceptions: 1, as: 'no' },
  },
  { say: 'of the warm-up that threw', warmUp: true, threw: { failure: oops, ofRequest: false }, told: {} },
  {
    say: 'that threw what its failed request threw',
    sends: { status: undefined, failure: reset },
    threw: { failure: oops, ofRequest: true },
    told: { failed: 1 }, // it is counted as a request
  },
  {
    say: 'that threw beside its failed request',
    sends: { status: undefined, failure: reset },
    threw: { failure: oops, ofRequest: false },
    told: { failed: 1, exceptions: 1, as: 'Error: oops' },
  },
  {
    say: 'that threw of a request that went well',
    sends: {},
    threw: { failure: oops, ofRequest: true },
    told: { failed: 1, exceptions: 1, as: 'Error: oops' },
  },
];
for (const { say, sends, left = false, warmUp = false, threw, told } of endings)
  test(`an iteration ${say} is told as ${JSON.stringify(told)}`, () => {
    const recorder = record([]);
    const iteration: MeasuredIteration = { warmUp, dueMs: 100 };
    recorder.iterationStarted(iteration, 100);
    if (sends !== undefined || left) recorder.requestStarted(iteration, 100);
    if (sends !== undefined) recorder.requestEnded({ ...answered, ...sends }, iteration);
    recorder.iterationEnded(iteration, threw ?? 'ok');
    const { idleIterations, iterations, exceptions, errors } = recorder.data;
    const { idle = 0, failed = 0, exceptions: thrown = 0, as } = told;
    expect([iteration.isOver, idleIterations, exceptions]).toEqual([true, idle, thrown]);
    expect(iterations).toEqual({ started: warmUp ? 0 : 1, failed, unfinished: 0 });
    const ofScenario = [...errors].filter(([, { kind }]) => kind === 'exception');
    expect(ofScenario).toEqual(
      as === undefined
        ? []
        : [
            [
              `exception scenario: ${as}`,
              {
                ...{ kind: 'exception', endpoint: `scenario: ${as}`, shape: `scenario: ${as}`, count: 1, sample: as },
                ...{ fromMs: 100, toMs: 100 },
              },
            ],
          ],
    );
  });

test('requests that were let go are told with the place of the first call that is known', () => {
  const recorder = record([]);
  const site = (place: string) => ({ describe: () => place });
  for (const callSites of [undefined, new Set([site('shop.ts:7'), site('shop.ts:9')]), undefined]) {
    const iteration: MeasuredIteration = { warmUp: false, dueMs: 0, ...(callSites && { callSites }) };
    recorder.iterationStarted(iteration, 0);
    recorder.requestStarted(iteration, 0);
    recorder.iterationEnded(iteration, 'ok');
  }
  expect([...recorder.data.errors.values()].map(({ sample, count }) => [sample, count])).toEqual([
    ['Error: it ended while its own requests were under way: is an `await` missing?', 1],
    ['Error: it ended while its own requests were under way, called at shop.ts:7: is an `await` missing?', 2],
  ]);
});

test('what comes too late is told once of each', () => {
  const recorder = record([]);
  for (const what of ['a check', 'a request', 'a check'] as const) recorder.cameTooLate(what);
  expect(recorder.data.accounting).toEqual([
    'run: a check came when it was over: is an `await` missing?',
    'run: a request came when it was over: is an `await` missing?',
  ]);
});

test('what looks on and fails is told once of each, as an error of the scenario', () => {
  const recorder = record([]);
  for (const where of ['watch a', 'watch b', 'watch a']) recorder.watchFailed(where, new TypeError('no word'));
  expect(recorder.data.exceptions).toBe(2);
  expect([...recorder.data.errors.keys()]).toEqual([
    'exception watch a: TypeError: no word',
    'exception watch b: TypeError: no word',
  ]);
});

test('requests that could not be filed are told once of each reason, of two hundred', () => {
  const recorder = record([]);
  for (const thrown of [oops, oops, 'no page']) recorder.bookFailed(thrown);
  expect(recorder.data.accounting).toEqual([
    'a request could not be filed: oops',
    'a request could not be filed: no page',
  ]);
  for (let n = 0; n < 300; n++) recorder.bookFailed(new Error(`page ${n}`));
  expect(recorder.data.accounting).toHaveLength(200);
});

test('a run whose requests and latencies differ in number says so', () => {
  const recorder = record([{}, {}]);
  recorder.data.counts.started += 1;
  recorder.data.endpoints.get('GET /a')?.service.recordMs(1);
  recorder.data.endpoints.get('GET /a')?.failures.recordMs(1);
  Object.assign(recorder.data.endpoints.get('GET /a')?.counts ?? {}, { ok: 1 });
  recorder.finish();
  expect(recorder.data.accounting).toEqual([
    'run: 2 scheduled, but 3 started + 0 dropped',
    'run: 3 started, but 2 ok + 0 failed + 0 timed out + 0 unfinished',
    'GET /a: 2 started, but 1 ok + 0 failed + 0 timed out + 0 unfinished',
    'run: 3 requests are over, but 4 latencies were recorded',
  ]);
});

test('a row that was seen in the warm-up alone is none', () => {
  const recorder = record([{}]);
  one(recorder, { url: 'http://server/warm' }, { warmUp: true });
  recorder.finish();
  expect([...recorder.data.endpoints.keys()]).toEqual(['GET /a']);
  expect(recorder.origins).toEqual(['http://server']);
});

test('checks and groups beyond the bound are counted together, and those of the warm-up not at all', () => {
  const recorder = record([]);
  for (let n = 0; n < mostNames + 3; n++) {
    recorder.check(`check ${n}`, n % 2 === 0, false);
    recorder.groupEnded(recorder.groupStarted(`group ${n}`, false), n + 1, 'ok');
  }
  recorder.check('check 0', true, true);
  recorder.groupEnded(recorder.groupStarted('group 0', true), 9, 'ok');
  const { checks, groups } = recorder.data;
  expect([checks.size, checks.get('check 0'), checks.get('(other checks)')]).toEqual([
    mostNames + 1,
    { passed: 1, failed: 0 },
    { passed: 2, failed: 1 },
  ]);
  expect([groups.size, groups.get('group 0')?.durations.count, groups.get('(other groups)')?.durations.count]).toEqual([
    mostNames + 1,
    1,
    3,
  ]);
});

test('errors beyond the bound are counted by kind, those that are known stay apart', () => {
  const { data } = record(
    [...Array.from({ length: 201 }, (_, n) => `row ${n}`), 'row 0', 'row 202'].map((name) => ({ name, status: 500 })),
  );
  const counted = [...data.errors.values()].map(({ endpoint, count }) => [endpoint, count]);
  expect(counted).toHaveLength(201);
  expect([counted[0], counted.at(-2), counted.at(-1)]).toEqual([
    ['row 0', 2],
    ['row 199', 1],
    ['(other endpoints)', 2],
  ]);
});

test('bodies are left out where the spec says so', () => {
  const details = () => ({ requestHeaders: {}, requestBody: 'a', responseHeaders: {}, responseBody: 'b' });
  const bodies = (keepBodies: boolean) =>
    record([{ details }], { keepBodies })
      .data.exemplars.list()
      .map((kept) => ('measured' in kept ? [] : [kept.requestBody, kept.responseBody]));
  expect([bodies(true), bodies(false)]).toEqual([[['a', 'b']], [[undefined, undefined]]]);
});

test('what a request did beside is added up, and filed at the addresses it went to', () => {
  let filed = 0;
  const again = { staleConnections: 1, waits: 2, waitedMs: 300 };
  const fileAtPeers = () => void (filed += 1);
  const recorder = record([{ again, fileAtPeers }, { again }, {}]);
  one(recorder, { again, fileAtPeers }, { warmUp: true });
  expect(recorder.data.network).toMatchObject({ staleConnections: 2, retryAfter: { waits: 4, waitedMs: 600 } });
  expect(filed).toBe(1);
});

test('a timeout frustrates, a run without a T has no Apdex', () => {
  const given = [{ status: undefined, failure: late }];
  const { data } = record(given, { plan: { ...closed, apdexMs: 100 } });
  expect(data.apdex).toEqual({ satisfied: 0, tolerating: 0, frustrated: 1 });
  expect(record([...given, {}]).data.apdex).toEqual({ satisfied: 0, tolerating: 0, frustrated: 0 });
});
