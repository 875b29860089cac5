import { expect, test } from '@playwright/test';
import { maxEndpoints } from './endpoint-rows.ts';
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
  expect([...errors.keys()]).toEqual(['unfinished GET /slow']);
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
  recorder.group('late', 1, false);
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

test('errors are grouped by kind and endpoint, with the first line of the first message', () => {
  const { data } = record([
    { status: undefined, failure: reset },
    { status: undefined, failure: { ...reset, message: 'another' } },
    { status: 500 },
  ]);
  expect([...data.errors.values()]).toEqual([
    { kind: 'ECONNRESET', endpoint: 'GET /a', count: 2, sample: 'socket hang up' },
    { kind: 'HTTP 500', endpoint: 'GET /a', count: 1, sample: 'GET http://server/a answered 500' },
  ]);
  expect(Object.fromEntries(data.windows.get(0)?.errors ?? [])).toEqual({ ECONNRESET: 2, 'HTTP 500': 1 });
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
