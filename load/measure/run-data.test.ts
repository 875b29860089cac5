import { expect } from '@playwright/test';
import fc from 'fast-check';
import { anyResource, anySegment, anyThreshold, seen } from '../../testing/any-run-data.ts';
import { expectSame } from '../../testing/expect-same.ts';
import { test } from '../../testing/plain-test.ts';
import { emptyTally } from './counts.ts';
import type { HttpSample } from './samples/http.ts';
import type { Sample } from './samples/sample.ts';
import type { NetworkData } from './network.ts';
import { NetworkBook } from './network-book.ts';
import { encodeRun, type RunPayload } from './payload.ts';
import { decodeRun } from './decode-run.ts';
import { type MeasuredIteration, Recorder } from './recorder.ts';
import {
  addRunData,
  emptyEndpoint,
  emptyRunData,
  emptyRunWindow,
  type RunWindow,
  type EndpointData,
  overall,
  type RunData,
  type RunPlan,
} from './run-data.ts';
import type { Threshold } from './threshold.ts';
import { noteUncounted } from './uncounted.ts';
import type { UserBook } from './user-book.ts';

/** All moments are quarters of a millisecond, so that sums are exact in whatever order. */
const quarterMs = (most: number) => fc.nat(most * 4).map((quarters) => quarters / 4);
const count = fc.nat(100);

/** A request from when it is called; all in milliseconds. */
const anyRequest = fc.record({
  afterMs: quarterMs(2_000),
  path: fc.constantFrom('/a', '/b', '/c'),
  isMeasured: fc.constantFrom(false, false, true),
  tags: fc.option(fc.record({ tenant: fc.constantFrom('a', 'b'), paid: fc.boolean() }), { nil: undefined }),
  outcome: fc.constantFrom<200 | 404 | 503 | 'timeout' | 'reset'>(200, 200, 404, 503, 'timeout', 'reset'),
  /** Cut off: told when the run was stopped; lost: never told. */
  end: fc.constantFrom('in time', 'in time', 'in time', 'cut off', 'lost'),
  sentAfterMs: quarterMs(20),
  receivingMs: fc.option(quarterMs(20), { nil: undefined }),
  setUp: fc.option(fc.record({ dnsMs: quarterMs(3), connectMs: quarterMs(3), tlsMs: quarterMs(3) }), {
    nil: undefined,
  }),
  ms: quarterMs(1_500),
  bytesSent: count,
  bytesReceived: count,
  again: fc.option(fc.record({ staleConnections: count, waits: count, waitedMs: quarterMs(100) }), { nil: undefined }),
});
type AnyRequest = typeof anyRequest extends fc.Arbitrary<infer Value> ? Value : never;

const anyIteration = fc.record({
  part: fc.nat(2),
  warmUp: fc.constantFrom(false, false, false, true),
  dropped: fc.constantFrom(false, false, false, true),
  dueMs: quarterMs(5_000),
  lateMs: quarterMs(40),
  requests: fc.array(anyRequest, { maxLength: 4 }),
  lastsMs: quarterMs(3_000),
  end: fc.constantFrom('ok', 'ok', 'throws', 'throws what a request threw', 'never'),
  checks: fc.array(fc.record({ name: fc.constantFrom('even', 'odd'), passed: fc.boolean() }), { maxLength: 2 }),
  groupMs: fc.option(quarterMs(1_000), { nil: undefined }),
  metric: fc.record({ by: count, level: count, lucky: fc.boolean(), value: count }),
  beside: fc.boolean(),
  mishap: fc.constantFrom('none', 'none', 'watch', 'books'),
});
type AnyIteration = typeof anyIteration extends fc.Arbitrary<infer Value> ? Value : never;

const anyStory = fc.record({
  model: fc.constantFrom('open', 'closed'),
  iterations: fc.array(anyIteration, { minLength: 1, maxLength: 8 }),
  /** The sooner of the two is that of a run with fine windows. */
  stoppedAtMs: fc.constantFrom(3_500, 7_000),
});
type AnyStory = typeof anyStory extends fc.Arbitrary<infer Value> ? Value : never;

/** Something that happens, to the recorder of its part. */
interface Deed {
  readonly atMs: number;
  readonly part: number;
  readonly happens: (recorder: Recorder) => void;
}

const warmUpMs = 1_000;

function requestOf(
  { path, outcome, sentAfterMs, receivingMs, setUp, ms, again, ...bytes }: AnyRequest,
  calledAtMs: number,
): Sample {
  const status = typeof outcome === 'number' ? outcome : undefined;
  const { bytesSent, bytesReceived, tags, isMeasured } = bytes;
  const http: HttpSample = {
    kind: 'http',
    ...(tags !== undefined && { tags }),
    method: 'GET',
    url: `http://server${path}`,
    name: undefined,
    calledAtMs,
    sentAtMs: calledAtMs + Math.min(ms, sentAfterMs),
    endedAtMs: calledAtMs + ms,
    status,
    failure:
      typeof outcome === 'string' ? { kind: outcome, code: undefined, message: `it was a ${outcome}` } : undefined,
    bytesSent,
    bytesReceived,
    dnsMs: setUp?.dnsMs,
    connectMs: setUp?.connectMs,
    tlsMs: setUp?.tlsMs,
    waitingMs: undefined,
    receivingMs,
    ...(again !== undefined && { again }),
    details: () => ({ requestHeaders: {}, requestBody: undefined, responseHeaders: {}, responseBody: undefined }),
  };
  return isMeasured ? { ...http, kind: 'measured', name: `query ${path}` } : http;
}

/** What becomes of one iteration, with an iteration object of its own for each recorder that is told of it. */
function deedsOf(given: AnyIteration, id: number, { model, stoppedAtMs }: AnyStory): Deed[] {
  const { part, warmUp, requests, mishap } = given;
  const dueMs = given.dueMs * (warmUp ? 0.125 : 1) + (warmUp ? 0 : warmUpMs);
  if (dueMs + given.lateMs >= stoppedAtMs) return [];
  const at = (atMs: number, happens: Deed['happens']): Deed => ({ atMs, part, happens });
  const due = at(dueMs, (recorder) => recorder.arrivalDue(dueMs, warmUp));
  if (model === 'open' && given.dropped) return [due, at(dueMs, (recorder) => recorder.dropped(dueMs, warmUp))];
  const iteration: MeasuredIteration = { warmUp, dueMs };
  const startMs = dueMs + given.lateMs;
  const endMs = startMs + given.lastsMs;
  const { by, level, lucky, value } = given.metric;
  return [
    ...(model === 'open' ? [due] : []),
    at(startMs, (recorder) => {
      recorder.userCount(1, startMs);
      recorder.iterationStarted(iteration, startMs);
    }),
    ...requests.flatMap((request) => {
      const calledAtMs = startMs + request.afterMs;
      if (calledAtMs >= stoppedAtMs) return [];
      const measured = requestOf(request, calledAtMs);
      const isLate = request.end === 'cut off' || measured.endedAtMs >= stoppedAtMs;
      return [
        at(calledAtMs, (recorder) => recorder.requestStarted(iteration, calledAtMs)),
        ...(request.end === 'lost'
          ? []
          : [
              at(isLate ? stoppedAtMs + 1 : measured.endedAtMs, (recorder) =>
                recorder.requestEnded(measured, iteration),
              ),
            ]),
      ];
    }),
    at(startMs, ({ data }) => {
      data.metrics.count('bought', by);
      data.metrics.gauge('stock', level, startMs + id / 1_000); // no two at one moment
      data.metrics.rate('lucky', lucky);
      data.metrics.trend('basket', value);
      if (given.beside) noteUncounted(data.uncounted, { method: 'GET', url: 'http://server/beside', by: '`fetch`' });
      tellNetwork(data.network, given);
      tellUsers(data.users, given);
    }),
    at(startMs, (recorder) => {
      for (const { name, passed } of given.checks) recorder.check(name, passed, warmUp);
      if (given.groupMs !== undefined)
        recorder.groupEnded(recorder.groupStarted('visit', warmUp), given.groupMs, id % 2 === 0 ? 'ok' : 'failed');
      if (mishap === 'watch') recorder.watchFailed(`watch ${id}`, new Error('no word'));
      if (mishap === 'books') recorder.bookFailed(new Error(`no page ${id}`));
    }),
    ...(given.end === 'never' || endMs >= stoppedAtMs
      ? []
      : [
          at(endMs, (recorder) => {
            const failure = new Error('a mistake');
            const ofRequest = given.end !== 'throws';
            recorder.iterationEnded(iteration, given.end === 'ok' ? 'ok' : { failure, ofRequest }, endMs);
            recorder.userCount(-1, endMs);
          }),
        ]),
  ];
}

function tellNetwork(network: NetworkData, { part, metric: { by } }: AnyIteration): void {
  const book = new NetworkBook(network, () => true);
  book.connected('a:80', `10.0.0.${part}`).countRequest();
  book.addressKnown('a:80', '10.0.0.9');
  if (by % 2 === 0) book.connectFailed('b:443', '10.0.0.1');
  if (by % 3 === 0) book.lookupFailed('b', new Error('getaddrinfo EAI_AGAIN b'));
}

function tellUsers({ setUp, tearDown }: UserBook, { metric: { by, level } }: AnyIteration): void {
  for (const [counts, ms] of [
    [setUp, by],
    [tearDown, level],
  ] as const) {
    counts.begun += 1;
    if (ms % 3 === 0) counts.failed += 1;
    else counts.ms.recordMs(ms);
  }
}

const planOf = (model: 'open' | 'closed'): RunPlan => ({
  index: 0,
  profile: 'any',
  model,
  warmUpMs,
  apdexMs: 200,
  whenSaturated: 'warn',
});

/** The story as so many generators tell it; of one, the whole of it. */
function told(story: AnyStory, parts: number): RunData[] {
  const { model, iterations, stoppedAtMs } = story;
  const recorders = Array.from({ length: parts }, () => new Recorder({ plan: planOf(model) }));
  for (const recorder of recorders) recorder.begin(warmUpMs);
  const seconds = Array.from({ length: 8 }, (_, at) => at * 1_000);
  const deeds = [
    ...seconds.flatMap((atMs) =>
      recorders.map((_, part): Deed => ({ atMs, part, happens: (recorder) => recorder.tick(atMs) })),
    ),
    ...recorders.map((_, part): Deed => ({
      atMs: stoppedAtMs,
      part,
      happens: (recorder) => recorder.stop(stoppedAtMs),
    })),
    ...iterations.flatMap((iteration, id) => deedsOf(iteration, id, story)),
  ].sort((a, b) => a.atMs - b.atMs);
  for (const { part, happens } of deeds) {
    const recorder = recorders[part % parts];
    if (recorder !== undefined) happens(recorder);
  }
  return recorders.map((recorder) => {
    recorder.finish(stoppedAtMs);
    return recorder.data;
  });
}

const overTheWire = (run: RunData) => decodeRun(JSON.parse(JSON.stringify(encodeRun(run))) as RunPayload);

function merged(parts: readonly RunData[], plan: RunPlan): RunData {
  const all = emptyRunData(plan);
  for (const part of parts) addRunData(all, overTheWire(part));
  return all;
}

/**
 * What is listed compares in any order. Of requests that are kept for a reader, which ones is luck; how slow the slowest
 * are is not. A generator that met an endpoint in its warm-up only forgets it: that part is in no number.
 */
function compared(run: RunData): unknown {
  const anyOrder = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();
  const { segments, resources, accounting, exemplars } = run;
  const endpoints = [...run.endpoints].map(([name, endpoint]) => {
    return [name, { ...endpoint, windows: new Map([...endpoint.windows].filter(([second]) => second >= 0)) }] as const;
  });
  return seen({
    ...run,
    endpoints: new Map(endpoints),
    segments: anyOrder(segments),
    resources: anyOrder(resources),
    accounting: anyOrder(accounting),
    exemplars: anyOrder(exemplars.list().map(({ why, kind, serviceMs }) => (why === 'slow' ? serviceMs : kind))),
  });
}

/** Levels at once: each generator knows its own peaks only, and they are added. */
function withAddedPeaks(whole: RunData, parts: readonly RunData[]): RunData {
  const added = <Window extends RunWindow>(of: (run: RunData) => ReadonlyMap<number, Window>) => {
    const sum = (at: number, level: 'inFlight' | 'users') =>
      parts.reduce((all, part) => all + (of(part).get(at)?.[level] ?? 0), 0);
    return new Map(
      [...of(whole)].map(([at, window]) => [at, { ...window, inFlight: sum(at, 'inFlight'), users: sum(at, 'users') }]),
    );
  };
  return { ...whole, windows: added(({ windows }) => windows), fine: added(({ fine }) => fine) };
}

test('segments merged are in every field the run that one generator would have recorded', () => {
  const lists = fc.record({
    segments: fc.array(anySegment, { minLength: 3, maxLength: 3 }),
    resources: fc.array(anyResource, { minLength: 3, maxLength: 3 }),
    threshold: anyThreshold,
  });
  fc.assert(
    fc.property(anyStory, lists, (story, { segments, resources, threshold }) => {
      const parts = told(story, 3);
      parts.forEach((part, at) => {
        part.segments.push(...segments.slice(at, at + 1));
        part.resources.push(...resources.slice(at, at + 1));
        part.thresholds.push(threshold);
      });
      for (const whole of told(story, 1)) {
        whole.segments.push(...segments);
        whole.resources.push(...resources);
        whole.thresholds.push(threshold); // the same in each segment, asked once
        expectSame(compared(merged(parts, whole.plan)), compared(withAddedPeaks(whole, parts)));
      }
    }),
    { numRuns: 50 },
  );
});

const wholes = fc.sample(anyStory, { numRuns: 50, seed: 1 }).flatMap((story) => told(story, 1));
const kinds: readonly { readonly what: string; readonly empty: object; readonly all: readonly object[] }[] = [
  { what: 'run', empty: emptyRunData(planOf('open')), all: wholes },
  { what: 'count', empty: emptyTally(), all: wholes.map(({ counts }) => counts) },
  {
    what: 'count of iterations',
    empty: emptyRunData(planOf('open')).iterations,
    all: wholes.map(({ iterations }) => iterations),
  },
  { what: 'count of the Apdex', empty: emptyRunData(planOf('open')).apdex, all: wholes.map(({ apdex }) => apdex) },
  { what: 'second', empty: emptyRunWindow(), all: wholes.flatMap(({ windows }) => [...windows.values()]) },
  { what: 'endpoint', empty: emptyEndpoint(), all: wholes.flatMap(({ endpoints }) => [...endpoints.values()]) },
  {
    what: 'set-up of users',
    empty: emptyRunData(planOf('open')).users.setUp,
    all: wholes.map(({ users }) => users.setUp),
  },
  {
    what: 'tear-down of users',
    empty: emptyRunData(planOf('open')).users.tearDown,
    all: wholes.map(({ users }) => users.tearDown),
  },
  { what: 'network', empty: emptyRunData(planOf('open')).network, all: wholes.map(({ network }) => network) },
  {
    what: 'phase',
    empty: emptyEndpoint().phases,
    all: wholes.flatMap(({ endpoints }) => [...endpoints.values()].map(({ phases }) => phases)),
  },
];
/** The test above hands them in itself. */
const handedIn = ['plan', 'segments', 'resources', 'thresholds', 'probes'];
for (const { what, empty, all } of kinds)
  for (const [field, nothing] of Object.entries(empty) as [string, unknown][])
    if (!handedIn.includes(field))
      test(`the stories that are told above fill the ${what} \`${field}\``, () => {
        const asText = (value: unknown) => JSON.stringify(seen(value));
        expect(all.map((each) => asText(Reflect.get(each, field)))).not.toEqual(all.map(() => asText(nothing)));
      });

test('of all endpoints together, what is asked of each', () => {
  const run = emptyRunData(planOf('open'));
  for (const [name, ms] of [
    ['GET /a', 1],
    ['GET /b', 2],
  ] as const) {
    const endpoint = emptyEndpoint();
    endpoint.service.recordMs(ms);
    endpoint.response.recordMs(10 * ms);
    endpoint.failures.recordMs(100 * ms);
    endpoint.phases.waiting.recordMs(1_000 * ms);
    run.endpoints.set(name, endpoint);
  }
  const times = ['service', 'response', 'failures', ({ phases }: EndpointData) => phases.waiting] as const;
  const bounds = times.map((time) => {
    const { count, min, max } = overall(run, time).stats() ?? {};
    return [count, min, max];
  });
  expect(bounds).toEqual([1, 10, 100, 1_000].map((ms) => [2, ms, 2 * ms]));
});

test('thresholds of segments are asked once each', () => {
  const into = emptyRunData(planOf('open'));
  const threshold = (text: string): Threshold => ({
    scope: { kind: 'run' },
    metric: 'p95',
    target: { comparison: '<', value: 50, text },
  });
  for (const texts of [['< 50ms', '< 1s'], ['< 1s', '< 2s'], ['< 50ms']]) {
    const from = emptyRunData(planOf('open'));
    from.thresholds.push(...texts.map(threshold));
    addRunData(into, from);
  }
  expect(into.thresholds.map(({ target }) => target.text)).toEqual(['< 50ms', '< 1s', '< 2s']);
});
