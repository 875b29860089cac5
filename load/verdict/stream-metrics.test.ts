import { expect } from '@playwright/test';
import fc from 'fast-check';
import { anyRunData } from '../../testing/any-run-data.ts';
import { test } from '../../testing/plain-test.ts';
import { addRunData, emptyEndpoint, emptyRunData, type RunData } from '../measure/run-data.ts';
import { emptySocketBook, type SocketBook } from '../measure/socket-book.ts';
import { emptyStreamBook, emptyStreamWindow, type StreamBook } from '../measure/stream-book.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import type { Scope, TimeWindow } from '../measure/threshold.ts';
import { describeThresholds } from './describe.ts';
import { impliedLimits } from './implied-limits.ts';
import { judgeThreshold } from './judge.ts';
import { missedWords } from './judged-threshold.ts';
import { missedPromises } from './missed-promises.ts';
import { observed } from './observed.ts';
import { parseLimits, wholeRun } from './parse-limits.ts';

interface RowMade {
  readonly stream?: StreamBook;
  readonly socket?: SocketBook;
  readonly timing?: Readonly<Record<string, readonly number[]>>;
  readonly once?: true;
}

/** A run of 10 s whose rows are these. */
function runOf(rows: Readonly<Record<string, RowMade>>, once = false): RunData {
  const run = emptyRunData({
    ...{ index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'warn', plannedMs: 10_000 },
    ...(once && { once: true }),
  });
  run.segments.push({ startedAtEpochMs: 0, durationMs: 10_000 } as RunData['segments'][number]);
  for (const [name, { stream, socket, timing = {} }] of Object.entries(rows)) {
    const row = emptyEndpoint();
    Object.assign(row.counts, { scheduled: 10, started: 10, ok: 10 });
    row.windows.set(0, { ok: 10, failed: 0, sumMs: 0, latency: emptyStreamWindow().gap });
    const told = Object.entries(timing).map(([each, times]) => [each, histogram(times)] as const);
    run.endpoints.set(
      name,
      Object.assign(
        row,
        stream && { stream },
        socket && { socket },
        told.length > 0 && { serverTiming: new Map(told) },
      ),
    );
    Object.assign(run.counts, { scheduled: run.counts.scheduled + 10, started: 10, ok: run.counts.ok + 10 });
  }
  run.iterations.started = 10;
  return run;
}

function histogram(times: readonly number[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const ms of times) all.recordMs(ms);
  return all;
}

type Times = Partial<Record<'firstEvent' | 'gap' | 'duration' | 'timeToFirstToken' | 'interTokenLatency', number[]>>;

function streams({ firstEvent = [], gap = [], duration = [], ...tokens }: Times, counts: object = {}): StreamBook {
  const book = emptyStreamBook();
  for (const ms of firstEvent) book.firstEvent.recordMs(ms);
  for (const ms of gap) book.gap.recordMs(ms);
  for (const ms of duration) book.duration.recordMs(ms);
  for (const ms of tokens.timeToFirstToken ?? []) book.timeToFirstToken.recordMs(ms);
  for (const ms of tokens.interTokenLatency ?? []) book.interTokenLatency.recordMs(ms);
  return Object.assign(book, counts);
}

const sockets = (counts: object): SocketBook => Object.assign(emptySocketBook(), counts);

const chat = streams(
  {
    firstEvent: [200, 220],
    gap: [50, 60, 1_000],
    duration: [700],
    timeToFirstToken: [210],
    interTokenLatency: [51],
  },
  { streams: 3, events: 30, tokens: 20, cut: 1, stalled: 2, empty: 3, reconnects: 4 },
);
chat.timePerOutputToken.recordMs(52);
for (const count of [10, 11, 1_234]) chat.eventsPerStream.recordMs(count);
chat.tokensPerStream.recordMs(20);
const feed = streams({ firstEvent: [240], gap: [70] }, { streams: 1, events: 10 });
feed.eventsPerStream.recordMs(10);

const made = runOf({
  'POST /chat': { stream: chat, timing: { db: [5, 7], 'a.b': [1] } },
  'GET /feed': { stream: feed },
  'GET /ws': { socket: sockets({ opened: 2, sent: 20, received: 30, abnormalCloses: 5 }) },
  'GET /': {},
});

type EndpointScope = Extract<Scope, { readonly kind: 'endpoint' }>;
const chatRow: EndpointScope = { kind: 'endpoint', name: 'POST /chat' };
/** What each metric is of the whole run, or of a row. */
const values: readonly { readonly metric: string; readonly is: number | undefined; readonly of?: EndpointScope }[] = [
  { metric: 'firstEvent.max', is: 240 },
  { metric: 'firstEvent.min', is: 200 },
  { metric: 'firstEvent.max', is: 220, of: chatRow },
  { metric: 'gap.min', is: 50 },
  { metric: 'gap.max', is: 1_000 },
  { metric: 'streamDuration.p95', is: 700 },
  { metric: 'timeToFirstToken.mean', is: 210 },
  { metric: 'interTokenLatency.p99', is: 51 },
  { metric: 'timePerOutputToken.p50', is: 52 },
  { metric: 'eventsPerStream.min', is: 10 },
  { metric: 'eventsPerStream.max', is: 1_234 },
  { metric: 'eventsPerStream.p75', is: 11 }, // whole, though a bucket is wider than its value
  { metric: 'eventsPerStream.mean', is: 316.25 },
  { metric: 'tokensPerStream.p50', is: 20 },
  { metric: 'events', is: 40 },
  { metric: 'events', is: 30, of: chatRow },
  { metric: 'eventRate', is: 4 },
  { metric: 'tokens', is: 20 },
  { metric: 'tokenRate', is: 2 },
  { metric: 'tokens', is: undefined, of: { kind: 'endpoint', name: 'GET /feed' } }, // nobody counted them
  { metric: 'cutStreams', is: 1 },
  { metric: 'stalledStreams', is: 2 },
  { metric: 'emptyStreams', is: 3 },
  { metric: 'reconnects', is: 4 },
  { metric: 'messagesSent', is: 20 },
  { metric: 'messagesReceived', is: 30 },
  { metric: 'messageRate', is: 3 },
  { metric: 'abnormalCloses', is: 5 },
  { metric: 'abnormalCloses', is: undefined, of: chatRow },
  { metric: 'events', is: undefined, of: { kind: 'endpoint', name: 'GET /' } },
  { metric: 'serverTiming.db.max', is: 7 },
  { metric: 'serverTiming.a.b.p95', is: 1 }, // a token may have a dot
  { metric: 'serverTiming.cache.p95', is: undefined },
  { metric: 'serverTiming.db.p95', is: undefined, of: { kind: 'endpoint', name: 'GET /feed' } },
];
for (const { metric, is, of } of values) {
  const scope: Scope = of ?? { kind: 'run' };
  const whose = of?.name ?? 'the run';
  const target = { comparison: '<', value: 1, text: '< 1' } as const;
  test(`\`${metric}\` of ${whose} is ${is ?? 'no data'}`, () => {
    expect(observed(made, { scope, metric, target })).toBe(is);
  });

  if (is === undefined) {
    test(`\`${metric}\` of ${whose} fails, whatever its limit`, () => {
      for (const comparison of ['<', '<=', '>', '>=', '=='] as const)
        expect(judgeThreshold(made, { scope, metric, target: { ...target, comparison } }).verdict).toBe('failed');
    });
    continue;
  }
  test(`\`${metric}\` of ${whose} is met at ${is}, and missed beyond it`, () => {
    const verdictAt = (comparison: '<' | '<=' | '>' | '>=', value: number) =>
      judgeThreshold(made, { scope, metric, target: { comparison, value, text: '' } }).verdict;
    expect([verdictAt('<=', is), verdictAt('>=', is)]).toEqual(['passed', 'passed']);
    expect([verdictAt('<', is), verdictAt('>', is)]).toEqual(['failed', 'failed']);
    expect([verdictAt('<=', is - 0.001), verdictAt('>=', is + 0.001)]).toEqual(['failed', 'failed']);
  });
}

const written: readonly { readonly limits: object; readonly reads: readonly string[] }[] = [
  { limits: { firstEvent: { p50: '< 210ms' }, gap: { p99: '< 1s' } }, reads: ['firstEvent.p50', 'gap.p99'] },
  {
    limits: { eventsPerStream: { min: '>= 11', mean: '> 10.5' } },
    reads: ['eventsPerStream.min', 'eventsPerStream.mean'],
  },
  { limits: { events: '>= 10', cutStreams: '0', eventRate: '> 5/s' }, reads: ['events', 'cutStreams', 'eventRate'] },
  { limits: { serverTiming: { db: { p95: '< 50ms' } } }, reads: ['serverTiming.db.p95'] },
  { limits: { serverTiming: { target: { p95: '< 50ms' } } }, reads: ['serverTiming.target.p95'] },
  { limits: { serverTiming: { 'a.b': { max: '< 50ms' } } }, reads: ['serverTiming.a.b.max'] },
];
for (const { limits, reads } of written)
  test(`${JSON.stringify(limits)} is read as ${reads.join(' and ')}`, () => {
    expect(parseLimits(limits, wholeRun(made.plan)).map(({ metric }) => metric)).toEqual(reads);
  });

const refused: readonly { readonly limits: object; readonly says: string; readonly window?: true }[] = [
  { limits: { gap: '< 1s' }, says: '`gap` is no metric of a run' },
  { limits: { gap: { p98: '< 1s' } }, says: '`gap.p98` is no metric of a run' },
  { limits: { eventsPerStream: { min: '11' } }, says: '`eventsPerStream.min` must be a limit such as `> 0.9`' },
  { limits: { eventsPerStream: { stdev: '< 1' } }, says: '`eventsPerStream.stdev` is no metric of a run' },
  { limits: { serverTiming: { db: '< 1s' } }, says: '`serverTiming.db` is no metric of a run' },
  { limits: { serverTiming: { p95: '< 1s' } }, says: '`serverTiming.p95` is no metric of a run' },
  { limits: { serverTiming: { db: {} } }, says: '`serverTiming.db` has no limit' },
  { limits: { eventRate: '> 5' }, says: '`eventRate` must be a limit such as `> 495/s`' },
  { limits: { gap: { mean: '< 1s' } }, window: true, says: '`gap.mean` is not kept by time; of `gap` percentiles' },
  { limits: { timeToFirstToken: { p50: '< 1s' } }, window: true, says: '`timeToFirstToken.p50` is not kept by time' },
  { limits: { cutStreams: '0' }, window: true, says: '`cutStreams` is not kept by time' },
  { limits: { eventsPerStream: { min: '> 1' } }, window: true, says: '`eventsPerStream.min` is not kept by time' },
  {
    limits: { serverTiming: { db: { p95: '< 1s' } } },
    window: true,
    says: '`serverTiming.db.p95` is not kept by time',
  },
];
const lateOn: TimeWindow = { kind: 'between', fromMs: 5_000, toMs: undefined, text: 'after 5s' };
for (const { limits, says, window } of refused)
  test(`refuses ${JSON.stringify(limits)}${window ? ' of a part of the time' : ''}: ${says}`, () => {
    const whole = wholeRun(made.plan);
    expect(() => parseLimits(limits, window ? { ...whole, window: lateOn } : whole)).toThrow(says);
  });

const nothing: readonly {
  readonly limits: object;
  readonly of?: string;
  readonly run?: RunData;
  readonly says: string;
}[] = [
  { limits: { events: '0' }, run: runOf({ 'GET /': {} }), says: 'no data (nothing was a stream)' },
  { limits: { gap: { p50: '< 1s' } }, of: 'GET /', says: 'no data (nothing was a stream)' },
  { limits: { timeToFirstToken: { p50: '< 1s' } }, of: 'GET /feed', says: 'no data (no token was counted)' },
  { limits: { tokens: '0' }, run: runOf({ 'GET /': {} }), says: 'no data (nothing was a stream)' },
  { limits: { messageRate: '< 1/s' }, run: runOf({ 'GET /': {} }), says: 'no data (no WebSocket was opened)' },
  { limits: { serverTiming: { bd: { p50: '< 1s' } } }, says: 'no data (told were db, a.b)' },
  { limits: { serverTiming: { db: { p50: '< 1s' } } }, of: 'GET /', says: 'no data (no answer told a Server-Timing)' },
  { limits: { events: '0' }, of: 'GET /x', says: 'no data (called were POST /chat, GET /feed, GET /ws, GET /)' },
];
for (const { limits, of, run = made, says } of nothing)
  test(`${JSON.stringify(limits)} of ${of ?? 'a run'} without: ${says}`, () => {
    const subject = of === undefined ? {} : { scope: { kind: 'endpoint', name: of } as const };
    const judged = parseLimits(limits, { ...wholeRun(run.plan), ...subject }).map((each) => judgeThreshold(run, each));
    expect(judged.map(({ verdict }) => verdict)).toEqual(['failed']);
    expect(describeThresholds(run, judged)).toContain(says);
  });

const bySecond = emptyStreamBook();
Object.assign(bySecond, { streams: 5, events: 60, tokens: 10 });
for (const [second, events, gap] of [
  [-1, 100, 9],
  [0, 10, 50],
  [5, 20, 60],
  [6, 30, 1_000],
] as const) {
  const window = Object.assign(emptyStreamWindow(), { events, tokens: 2 });
  window.gap.record(gap);
  bySecond.windows.set(second, window);
}
const socketBySecond = Object.assign(emptySocketBook(), { opened: 1 });
socketBySecond.windows.set(6, { sent: 5, received: 10, open: 1 });
const inTime = runOf({ a: { stream: bySecond }, b: { socket: socketBySecond } });
const whole: TimeWindow = { kind: 'between', fromMs: 0, toMs: undefined, text: '' };
const windowed: readonly { readonly metric: string; readonly window: TimeWindow; readonly is: number | undefined }[] = [
  { metric: 'events', window: whole, is: 60 }, // what came in the warm-up is in none
  { metric: 'events', window: lateOn, is: 50 },
  { metric: 'eventRate', window: lateOn, is: 10 },
  { metric: 'tokens', window: lateOn, is: 4 },
  { metric: 'messagesReceived', window: lateOn, is: 10 },
  { metric: 'messageRate', window: lateOn, is: 2 },
  { metric: 'gap.max', window: lateOn, is: 1_000 },
  { metric: 'gap.p50', window: lateOn, is: 60 },
  { metric: 'firstEvent.p50', window: lateOn, is: undefined },
  { metric: 'gap.max', window: { kind: 'between', fromMs: 1_000, toMs: 4_000, text: '' }, is: undefined },
  { metric: 'events', window: { kind: 'between', fromMs: 1_000, toMs: 4_000, text: '' }, is: 0 },
];
for (const { metric, window, is } of windowed)
  test(`\`${metric}\` ${window.text} is ${is ?? 'no data'}`, () => {
    const target = { comparison: '<', value: 1, text: '< 1' } as const;
    const value = observed(inTime, { scope: { kind: 'run' }, metric, window, target });
    if (is === undefined) expect(value).toBeUndefined();
    else expect(Math.abs((value ?? NaN) - is)).toBeLessThanOrEqual(0.004 * is);
  });

test('of windows of five seconds the one with the fewest events is the worst', () => {
  const every: TimeWindow = { kind: 'every', lengthMs: 5_000, text: 'every 5s' };
  const [threshold] = parseLimits({ events: '>= 50' }, { ...wholeRun(inTime.plan), window: every });
  expect(threshold && judgeThreshold(inTime, threshold)).toMatchObject({
    verdict: 'failed',
    actual: 10,
    at: { fromMs: 0, toMs: 5_000 },
  });
});

const implied: readonly { readonly rows: Readonly<Record<string, RowMade>>; readonly is: readonly string[] }[] = [
  { rows: { 'GET /': {} }, is: [] },
  { rows: { 'GET /none': { socket: emptySocketBook() } }, is: [] },
  { rows: { 'GET /': {}, 'GET /ws': { socket: sockets({ opened: 1 }) } }, is: ['run'] },
  { rows: { 'GET /early': { socket: sockets({ abnormalCloses: 1 }) } }, is: ['run'] }, // opened in the warm-up
  { rows: { 'GET /events': { stream: chat } }, is: [] }, // its failures are requests
];
for (const { rows, is } of implied)
  test(`no abnormal close is implied of ${JSON.stringify(Object.keys(rows))}: ${is.join() || 'of none'}`, () => {
    const found = impliedLimits(runOf(rows)).filter(({ metric }) => metric === 'abnormalCloses');
    expect(found.map(({ scope }) => scope.kind)).toEqual(is);
  });

test('where one endpoint may close abnormally, the others that have sockets may not', () => {
  const run = runOf({
    'GET /': {},
    'GET /a': { socket: sockets({ opened: 1, abnormalCloses: 2 }) },
    'GET /b': { socket: sockets({ opened: 1 }) },
  });
  run.thresholds.push(
    ...parseLimits({ abnormalCloses: '<= 2' }, { ...wholeRun(run.plan), scope: { kind: 'endpoint', name: 'GET /a' } }),
  );
  const found = impliedLimits(run).filter(({ metric }) => metric === 'abnormalCloses');
  expect(found.map(({ scope }) => scope)).toEqual([{ kind: 'endpoint', name: 'GET /b' }]);
});

const told: readonly { readonly limits: object; readonly says: string }[] = [
  { limits: { cutStreams: '0' }, says: '1 cut stream (limit 0)' },
  { limits: { stalledStreams: '< 2' }, says: '2 stalled streams (limit < 2)' },
  { limits: { abnormalCloses: '0' }, says: '5 abnormal closes (limit 0)' },
  { limits: { firstEvent: { max: '< 200ms' } }, says: 'firstEvent.max 240 ms (limit < 200ms)' },
  { limits: { eventsPerStream: { min: '>= 11' } }, says: 'eventsPerStream.min 10 (limit >= 11)' },
];
for (const { limits, says } of told)
  test(`${JSON.stringify(limits)} is missed in words: ${says}`, () => {
    const [judged] = parseLimits(limits, wholeRun(made.plan)).map((each) => judgeThreshold(made, each));
    expect(judged && missedWords(judged)).toBe(says);
  });

test('what the scenario allowed has no error, and is told by its row', () => {
  const culprits = parseLimits({ cutStreams: '0', abnormalCloses: '0', gap: { max: '< 1s' } }, wholeRun(made.plan)).map(
    (each) => judgeThreshold(made, each).culprit?.words,
  );
  expect(culprits).toEqual(['1 on POST /chat', '5 on GET /ws', 'POST /chat 1.00 s']);
});

const kinds: readonly {
  readonly limits: object;
  readonly kind: string;
  readonly count: number;
  readonly says: string;
}[] = [
  { limits: { cutStreams: '0' }, kind: 'body-cut-off', count: 2, says: '2 × body-cut-off on GET /a' },
  { limits: { stalledStreams: '0' }, kind: 'stalled', count: 2, says: '2 stalled streams on GET /a' },
  { limits: { emptyStreams: '0' }, kind: 'empty', count: 1, says: '1 empty stream on GET /a' },
  { limits: { abnormalCloses: '0' }, kind: 'WebSocket 1006', count: 2, says: '2 × WebSocket 1006 on GET /a' },
  { limits: { stalledStreams: '0' }, kind: 'HTTP 503', count: 2, says: '2 on POST /chat' }, // explains nothing of it
];
for (const { limits, kind, count, says } of kinds)
  test(`${JSON.stringify(limits)} beside ${count} × ${kind} is the fault of ${says}`, () => {
    const errors = new Map([['e', { kind, endpoint: 'GET /a', count, sample: 'x' }]]);
    const run = { ...made, errors };
    const [judged] = parseLimits(limits, wholeRun(run.plan)).map((each) => judgeThreshold(run, each));
    expect(judged?.culprit?.words).toBe(says);
  });

test('played once, what went wrong with streams and sockets is judged, their times and rates are not', () => {
  const run = runOf({ a: { stream: chat, socket: sockets({ opened: 1, abnormalCloses: 1 }) } }, true);
  const limits = {
    ...{ cutStreams: '0', stalledStreams: '0', emptyStreams: '0', abnormalCloses: '0' },
    ...{ reconnects: '0', eventRate: '> 9/s', events: '> 99', gap: { p50: '< 1ms' } },
  };
  const failed = ['failed', 'failed', 'failed', 'failed'];
  const verdicts = parseLimits(limits, wholeRun(run.plan)).map((each) => judgeThreshold(run, each).verdict);
  expect(verdicts).toEqual([...failed, ...failed.map(() => 'measured')]);
});

test('streams that break are errors to a search, their times latency, their amounts an objective', () => {
  expect(missedPromises(made, { cutStreams: '0' })).toEqual(['errors']);
  expect(missedPromises(made, { firstEvent: { p50: '< 1ms' } })).toEqual(['latency']);
  expect(missedPromises(made, { events: '> 999' })).toEqual(['objective']);
});

test('property: what is judged of several parts is what is judged of their sum', () => {
  const metrics = [...new Set(values.map(({ metric }) => metric))];
  fc.assert(
    fc.property(anyRunData, anyRunData, (a, b) => {
      const sum = emptyRunData(made.plan);
      for (const each of [a, b]) for (const row of each.endpoints.values()) row.windows.clear();
      const rows = [a, b].flatMap(({ endpoints }) => [...endpoints.values()]);
      const apart = emptyRunData(made.plan);
      rows.forEach((row, at) => apart.endpoints.set(String(at), row));
      for (const each of [a, b]) addRunData(sum, { ...emptyRunData(made.plan), endpoints: each.endpoints });
      for (const run of [sum, apart])
        run.segments.push({ startedAtEpochMs: 0, durationMs: 1_000 } as RunData['segments'][number]);
      const target = { comparison: '<', value: 1, text: '< 1' } as const;
      for (const metric of metrics) {
        const threshold = { scope: { kind: 'run' }, metric, target } as const;
        const [merged, single] = [observed(sum, threshold), observed(apart, threshold)];
        if (merged === undefined) expect([metric, single]).toEqual([metric, undefined]);
        else expect(single).toBeCloseTo(merged, 6);
      }
    }),
    { numRuns: 40 },
  );
});
