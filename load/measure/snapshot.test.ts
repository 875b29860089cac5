import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { HttpSample } from './samples/http.ts';
import { Recorder } from './recorder.ts';
import type { RunData } from './run-data.ts';
import { emptyStreamBook, emptyStreamWindow } from './stream-book.ts';
import { applySnapshot, encodeSnapshot, type LiveSnapshot, snapshotKey } from './snapshot.ts';

const browse = { title: ['shop.spec.ts', 'shoppers browse'], project: 'load' };

function answered(calledAtMs: number, status = 200): HttpSample {
  return {
    kind: 'http',
    method: 'GET',
    url: 'http://server/cart',
    name: undefined,
    calledAtMs,
    sentAtMs: calledAtMs,
    endedAtMs: calledAtMs + 10,
    status,
    bytesSent: 1,
    bytesReceived: 2,
    failure: undefined,
    dnsMs: undefined,
    connectMs: undefined,
    tlsMs: undefined,
    waitingMs: 9,
    receivingMs: 1,
    details: () => ({ requestHeaders: {}, requestBody: undefined, responseHeaders: {}, responseBody: undefined }),
  };
}

function recorder(): Recorder {
  return new Recorder({
    plan: { index: 0, profile: '2 users', model: 'closed', warmUpMs: 0, whenSaturated: 'invalid' },
  });
}

function send(into: Recorder, calledAtMs: number, status = 200): void {
  const iteration = { warmUp: false, dueMs: calledAtMs };
  into.iterationStarted(iteration, calledAtMs);
  into.requestStarted(iteration, calledAtMs);
  into.requestEnded(answered(calledAtMs, status), iteration);
  into.iterationEnded(iteration, 'ok');
}

/** Over the wire: what JSON would lose is lost. */
function wired(snapshot: LiveSnapshot): LiveSnapshot {
  return JSON.parse(JSON.stringify(snapshot)) as LiveSnapshot;
}

function only(runs: Map<string, RunData>): RunData {
  const [run] = runs.values();
  if (run === undefined) throw new Error('no run was made of the snapshot');
  return run;
}

test('a run rebuilt from a snapshot a second has the counts, seconds and errors of the run', () => {
  const source = recorder();
  const runs = new Map<string, RunData>();
  for (let second = 0; second < 5; second++) {
    send(source, second * 1_000 + 100);
    send(source, second * 1_000 + 200, second === 3 ? 503 : 200);
    source.check('is quick', second !== 2, false);
    applySnapshot(runs, wired(encodeSnapshot(source.data, second - 1, browse)));
  }
  const rebuilt = only(runs);
  expect(runs.size).toBe(1);
  expect(rebuilt.counts).toEqual(source.data.counts);
  expect(rebuilt.checks).toEqual(source.data.checks);
  expect(rebuilt.errors).toEqual(source.data.errors);
  expect(rebuilt.windows).toEqual(source.data.windows);
  const [mine, theirs] = [rebuilt.endpoints.get('GET /cart'), source.data.endpoints.get('GET /cart')];
  expect(mine?.windows).toEqual(theirs?.windows);
  expect(mine?.statuses).toEqual(
    new Map([
      ['200', 9],
      ['503', 1],
    ]),
  );
});

test('only the seconds asked for are sent', () => {
  const source = recorder();
  for (let second = 0; second < 100; second++) send(source, second * 1_000);
  const seconds = Array.from({ length: 100 }, (_, second) => second);
  const generator = seconds.map((second) => ({ second }));
  source.data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 1, generator, pid: 1 });
  const samples = seconds.map((second) => ({ atMs: second * 1_000, rssMb: 1, phase: 'load' as const }));
  source.data.resources.push({ name: 'server', pid: 2, cores: 2, samples });
  const snapshot = encodeSnapshot(source.data, 98, browse);
  expect(snapshot.segments[0]?.generator.map(({ second }) => second)).toEqual([98, 99]);
  expect(snapshot.resources[0]?.samples.map(({ atMs }) => atMs)).toEqual([98_000, 99_000]);
  expect(snapshot.iterations).toEqual({ started: 100, failed: 0, unfinished: 0 });
  expect(snapshot.endpoints[0]?.counts).toMatchObject({ started: 100, ok: 100, failed: 0 });
  expect(snapshot.windows.map(([second]) => second)).toEqual([98, 99]);
  expect(snapshot.endpoints[0]?.windows.map(([second]) => second)).toEqual([98, 99]);
  expect(snapshot.sinceSecond).toBe(98);
  expect(encodeSnapshot(source.data, Number.NEGATIVE_INFINITY, browse).windows).toHaveLength(100);
});

test('a snapshot applied twice counts once, and a lost one is made good by the next', () => {
  const source = recorder();
  const runs = new Map<string, RunData>();
  send(source, 100);
  const early = wired(encodeSnapshot(source.data, -1, browse));
  applySnapshot(runs, early);
  applySnapshot(runs, early);
  expect(only(runs).windows.get(0)?.completed).toBe(1);
  send(source, 200);
  send(source, 1_100);
  applySnapshot(runs, wired(encodeSnapshot(source.data, 0, browse)));
  expect(only(runs).windows.get(0)?.completed).toBe(2);
  expect(only(runs).counts.ok).toBe(3);
});

test('a second of an endpoint that is told again is read anew only where it has changed', () => {
  const source = recorder();
  const runs = new Map<string, RunData>();
  const told = (second: number) => only(runs).endpoints.get('GET /cart')?.windows.get(second);
  send(source, 100);
  send(source, 1_100);
  applySnapshot(runs, wired(encodeSnapshot(source.data, -1, browse)));
  const before = [told(0), told(1)];
  send(source, 1_200);
  applySnapshot(runs, wired(encodeSnapshot(source.data, -1, browse)));
  expect(told(0)).toBe(before[0]);
  expect(told(1)).not.toBe(before[1]);
  expect([told(0), told(1)].map((window) => [window?.ok, window?.latency.count])).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

test('streams are told second by second, with their counts as they stand', () => {
  const source = recorder();
  const runs = new Map<string, RunData>();
  send(source, 100);
  const book = emptyStreamBook();
  Object.assign(source.data.endpoints.get('GET /cart') ?? {}, { stream: book });
  const told = () => only(runs).endpoints.get('GET /cart')?.stream;
  for (let second = 0; second < 4; second++) {
    const window = emptyStreamWindow();
    window.events = 2;
    window.tokens = second;
    window.firstEvent.record(200);
    window.gap.record(50);
    book.windows.set(second, window);
    Object.assign(book, { streams: second + 1, events: 2 * (second + 1), tokens: book.tokens + second, cut: 1 });
    const snapshot = wired(encodeSnapshot(source.data, second - 1, browse));
    expect(snapshot.endpoints[0]?.stream?.windows.length).toBe(second === 0 ? 1 : 2);
    applySnapshot(runs, snapshot);
  }
  expect(told()?.windows).toEqual(book.windows);
  expect(told()).toMatchObject({ streams: 4, events: 8, tokens: 6, cut: 1, stalled: 0 });
});

test('runs of different tests, loads and segments are kept apart', () => {
  const runs = new Map<string, RunData>();
  const { data } = recorder();
  const segment = { runId: 'r', of: 2, startedAtEpochMs: 0, durationMs: 1, generator: [], pid: 1 };
  applySnapshot(runs, encodeSnapshot(data, 0, browse));
  applySnapshot(runs, encodeSnapshot(data, 0, { ...browse, project: 'stress' }));
  applySnapshot(runs, encodeSnapshot({ ...data, plan: { ...data.plan, index: 1 } }, 0, browse));
  applySnapshot(runs, encodeSnapshot({ ...data, segments: [{ ...segment, index: 1 }] }, 0, browse));
  expect(runs.size).toBe(4);
});

test('tails of the generator and of processes are appended', () => {
  const runs = new Map<string, RunData>();
  const { data } = recorder();
  const segment = { runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 1, pid: 1 };
  const server = { name: 'server', pid: 2, cores: 2 };
  for (const second of [0, 1, 2]) {
    data.segments[0] = {
      ...segment,
      generator: [0, 1, 2].slice(0, second + 1).map((each) => ({ second: each, elu: each / 10 })),
    };
    data.resources[0] = {
      ...server,
      samples: [0, 1, 2].slice(0, second + 1).map((each) => ({ atMs: each * 1_000, rssMb: 50 + each, phase: 'load' })),
    };
    applySnapshot(runs, wired(encodeSnapshot(data, second, browse)));
  }
  expect(only(runs).segments[0]?.generator.map(({ elu }) => elu)).toEqual([0, 0.1, 0.2]);
  expect(only(runs).resources[0]?.samples.map(({ rssMb }) => rssMb)).toEqual([50, 51, 52]);
});

test('a snapshot that was overtaken is put in its place', () => {
  const runs = new Map<string, RunData>();
  for (const second of [2, 3, 1]) {
    const { data } = recorder();
    const generator = [{ second }];
    data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 1, generator, pid: 1 });
    data.resources.push({
      ...{ name: 'server', pid: 2, cores: 2 },
      samples: [{ atMs: second * 1_000, rssMb: second, phase: 'load' }],
    });
    applySnapshot(runs, encodeSnapshot(data, 0, browse));
  }
  expect(only(runs).segments[0]?.generator.map(({ second }) => second)).toEqual([1, 2, 3]);
  expect(only(runs).resources[0]?.samples.map(({ rssMb }) => rssMb)).toEqual([1, 2, 3]);
});

test('a run is known by its project, test, load and segment', () => {
  const { data } = recorder();
  const segment = { runId: 'r', of: 2, startedAtEpochMs: 0, durationMs: 1, generator: [], pid: 1 };
  const named = { ...data, plan: { ...data.plan, name: 'two', index: 1 }, segments: [{ ...segment, index: 1 }] };
  expect([data, named].map((run) => snapshotKey(encodeSnapshot(run, 0, browse)))).toEqual([
    '["load",["shop.spec.ts","shoppers browse"],0,"",0]',
    '["load",["shop.spec.ts","shoppers browse"],1,"two",1]',
  ]);
});

test('a snapshot of another schema is refused', () => {
  const snapshot = {
    ...encodeSnapshot(recorder().data, 0, browse),
    schema: 'playload.snapshot/0',
  } as unknown as LiveSnapshot;
  expect(() => applySnapshot(new Map(), snapshot)).toThrow('a snapshot of schema `playload.snapshot/0` cannot be read');
});
