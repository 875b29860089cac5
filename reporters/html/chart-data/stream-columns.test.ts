import { expect } from '@playwright/test';
import { emptyEndpoint, emptyRunData, emptyRunWindow, type RunData } from '../../../load/measure/run-data.ts';
import { emptySocketBook } from '../../../load/measure/socket-book.ts';
import { emptyStreamBook, emptyStreamWindow } from '../../../load/measure/stream-book.ts';
import type { Threshold } from '../../../load/measure/threshold.ts';
import { extrasRun } from '../../../testing/extras-run.ts';
import { sampleRun } from '../../../testing/page-run.ts';
import { test } from '../../../testing/plain-test.ts';
import { chartDataOf } from './chart-data.ts';

interface Second {
  readonly second: number;
  readonly events?: number;
  readonly tokens?: number;
  readonly firstEvent?: readonly number[];
  readonly gap?: readonly number[];
}

/** A run so many seconds long, each of whose rows has these seconds. */
function streamsOf(rows: readonly (readonly Second[])[], lastsMs: number, warmUpSeconds = 0): RunData {
  const run = emptyRunData({
    index: 0,
    profile: 'x',
    model: 'open',
    warmUpMs: warmUpSeconds * 1_000,
    whenSaturated: 'warn',
  });
  for (let second = -warmUpSeconds; second < lastsMs / 1_000; second++) run.windows.set(second, emptyRunWindow());
  run.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: lastsMs, generator: [], pid: 1 });
  rows.forEach((seconds, row) => {
    const stream = emptyStreamBook();
    for (const { second, events = 0, tokens = 0, firstEvent = [], gap = [] } of seconds) {
      const window = { ...emptyStreamWindow(), events, tokens };
      for (const ms of firstEvent) window.firstEvent.record(ms);
      for (const ms of gap) window.gap.record(ms);
      stream.windows.set(second, window);
      stream.events += events;
      stream.tokens += tokens;
    }
    run.endpoints.set(`GET /${row}`, { ...emptyEndpoint(), stream });
  });
  return run;
}

const near = (ms: number): unknown => expect.closeTo(ms, 0);

const cases = [
  {
    name: 'events of a second are its rate',
    run: streamsOf(
      [
        [
          { second: 0, events: 7 },
          { second: 2, events: 3 },
        ],
      ],
      3_000,
    ),
    expected: { eventsPerSec: [7, 0, 3] },
  },
  {
    name: 'rows are added',
    run: streamsOf([[{ second: 0, events: 7, tokens: 2 }], [{ second: 0, events: 1, tokens: 1 }]], 1_000),
    expected: { eventsPerSec: [8], tokensPerSec: [3] },
  },
  {
    name: 'the warm-up is a gap: nothing was counted in it',
    run: streamsOf([[{ second: 0, events: 7 }]], 2_000, 2),
    expected: { eventsPerSec: [null, null, 7, 0] },
  },
  {
    name: 'a last second that is cut has the rate of its part',
    run: streamsOf(
      [
        [
          { second: 0, events: 7 },
          { second: 1, events: 4 },
        ],
      ],
      1_500,
    ),
    expected: { eventsPerSec: [7, 8] },
  },
  {
    name: 'percentiles are of all rows together, and a second without any is a gap',
    run: streamsOf([[{ second: 0, firstEvent: [100, 100], gap: [50] }], [{ second: 0, firstEvent: [900] }]], 2_000),
    expected: {
      firstEvent: { p50: [near(100), null], p99: [expect.closeTo(900, -1), null], counts: [3, 0] },
      gap: { p50: [near(50), null], counts: [1, 0] },
    },
  },
];
for (const { name, run, expected } of cases) {
  test(name, () => {
    expect(chartDataOf(run).streams).toMatchObject(expected);
  });
}

test('without a token there is no column of them', () => {
  expect(chartDataOf(streamsOf([[{ second: 0, events: 1 }]], 1_000)).streams).not.toHaveProperty('tokensPerSec');
});

test('points of several seconds hold what was merged of them', () => {
  const seconds = Array.from({ length: 1_200 }, (_, second) => ({
    second,
    events: 4,
    firstEvent: [second % 100 === 0 ? 900 : 100],
  }));
  const { axis, streams } = chartDataOf(streamsOf([seconds], 1_200_000));
  expect(axis.stepSec).toBe(5);
  expect(streams?.eventsPerSec[0]).toBe(4);
  expect(streams?.firstEvent.counts.every((count) => count === 5)).toBe(true);
  expect([streams?.firstEvent.p50[0], streams?.firstEvent.p99[0], streams?.firstEvent.p99[1]]).toEqual([
    near(100),
    expect.closeTo(900, -1),
    near(100),
  ]);
});

test('streams that go on when no request begins or ends any more are on the axis', () => {
  const run = streamsOf(
    [
      [
        { second: 0, events: 1 },
        { second: 9, events: 5 },
      ],
    ],
    1_000,
  );
  expect(chartDataOf(run).axis).toMatchObject({ points: 10, endSec: 10 });
  expect(chartDataOf(run).streams?.eventsPerSec.at(-1)).toBe(5);
});

test('a run that is drawn in parts of a second has its events by the second', () => {
  const run = extrasRun({ seconds: 2, warmUpSeconds: 0 });
  const { axis, streams } = chartDataOf(run);
  expect(axis.stepSec).toBeLessThan(1);
  expect(streams?.axis).toMatchObject({ fromSec: 0, stepSec: 1 });
});

test('in a run that goes on the newest second has no rate yet', () => {
  const run = streamsOf(
    [
      [
        { second: 0, events: 7 },
        { second: 1, events: 1 },
      ],
    ],
    2_000,
  );
  expect(chartDataOf(run, { running: true }).streams?.eventsPerSec).toEqual([7, null]);
});

test('limits on the percentiles that are drawn become lines of their own chart', () => {
  const run = streamsOf([[{ second: 0, events: 1, firstEvent: [1] }]], 1_000);
  const target = { comparison: '<', value: 210, text: '< 210ms' } as const;
  const at = (metric: string, scope: Threshold['scope'] = { kind: 'run' }): Threshold => ({ scope, metric, target });
  run.thresholds.push(
    at('firstEvent.p50'),
    at('gap.p99'),
    at('gap.p90'),
    at('firstEvent.p99', { kind: 'endpoint', name: 'GET /0' }),
    at('p50'),
  );
  const { limits, streams } = chartDataOf(run);
  expect(streams?.firstEvent.limits).toEqual([{ metric: 'p50', comparison: '<', ms: 210, kind: 'target' }]);
  expect(streams?.gap.limits).toEqual([{ metric: 'p99', comparison: '<', ms: 210, kind: 'target' }]);
  expect(limits).toEqual([{ metric: 'p50', comparison: '<', ms: 210, kind: 'target' }]);
});

test('sockets of several rows are open together, and of a point the most is kept', () => {
  const run = streamsOf([], 1_200_000);
  for (const [row, open] of [
    ['GET /a', 3],
    ['GET /b', 4],
  ] as const) {
    const socket = emptySocketBook();
    for (let second = 0; second < 1_200; second++)
      socket.windows.set(second, { sent: 2, received: 3, open: second === 7 ? open * 10 : open });
    run.endpoints.set(row, { ...emptyEndpoint(), socket });
  }
  const { sockets } = chartDataOf(run);
  expect(sockets?.open.slice(0, 3)).toEqual([7, 70, 7]);
  expect([sockets?.sentPerSec[0], sockets?.receivedPerSec[0]]).toEqual([4, 6]);
});

test('a run without any of it carries none of it', () => {
  const data = chartDataOf(sampleRun({ seconds: 5 }));
  for (const key of ['streams', 'sockets', 'probes']) expect(data).not.toHaveProperty(key);
});

for (const seconds of [1, 60, 700]) {
  test(`nothing of a run of ${seconds} s with streams, sockets and a page is lost on the wire`, () => {
    const data = chartDataOf(extrasRun({ seconds, perSecond: 4 }));
    expect(JSON.parse(JSON.stringify(data))).toEqual(data); // NaN, Infinity and undefined would differ
    expect(data.streams?.eventsPerSec.length).toBeLessThanOrEqual(600);
  });
}
