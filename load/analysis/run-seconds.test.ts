import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { Recorder } from '../measure/recorder.ts';
import type { Model } from '../measure/run-data.ts';
import { judgeStep, defaultObjective } from './load-step.ts';
import { recoveryWindows } from './recovery-windows.ts';
import { timeToRecovery } from './recovery.ts';
import { stepOfRun } from './step-of-run.ts';

/** A run of `perSecond` requests each second, each as slow as its second says; `undefined` never answers. */
function record(
  latenciesMs: readonly (number | undefined)[],
  { model = 'open', perSecond = 20, failing = false }: { model?: Model; perSecond?: number; failing?: boolean } = {},
) {
  const recorder = new Recorder({ plan: { index: 0, profile: 'test', model, warmUpMs: 0, whenSaturated: 'invalid' } });
  recorder.begin(0);
  latenciesMs.forEach((latencyMs, second) => {
    for (let at = 0; at < perSecond; at += 1) {
      const dueMs = second * 1_000 + (at * 1_000) / perSecond;
      const iteration = { warmUp: false, dueMs, requested: false };
      if (model === 'open') recorder.arrivalDue(dueMs, false);
      recorder.iterationStarted(iteration, dueMs);
      recorder.requestStarted(iteration, dueMs);
      if (latencyMs === undefined) continue;
      recorder.requestEnded(
        {
          kind: 'http',
          method: 'GET',
          url: 'http://127.0.0.1/a',
          calledAtMs: dueMs,
          sentAtMs: dueMs,
          endedAtMs: dueMs + latencyMs,
          bytesSent: 1,
          bytesReceived: 1,
          status: failing ? 500 : 200,
          name: undefined,
          failure: undefined,
          dnsMs: undefined,
          connectMs: undefined,
          tlsMs: undefined,
          waitingMs: latencyMs,
          receivingMs: 0,
          details: () => ({ requestBody: undefined, responseBody: undefined, requestHeaders: {}, responseHeaders: {} }),
        },
        iteration,
      );
      recorder.iterationEnded(iteration, 'ok');
    }
  });
  recorder.finish();
  return recorder.data;
}

test('a recorded run becomes windows by intended start, unanswered requests as failed ones', () => {
  const windows = recoveryWindows(record([10, 40, undefined, 10]), { fromMs: 0, toMs: 4_000 });
  expect(
    windows.map(({ p95Ms, requests, failed }) => [
      p95Ms === undefined ? undefined : Math.round(p95Ms),
      requests,
      failed,
    ]),
  ).toEqual([
    [10, 20, 0],
    [40, 20, 0],
    [undefined, 20, 20],
    [10, 20, 0],
  ]);
});

test('a stall in a recorded run is found and timed', () => {
  const quiet = new Array<number>(10).fill(10);
  const data = record([...quiet, 900, 900, 900, ...quiet]);
  const recovery = timeToRecovery({
    baseline: recoveryWindows(data, { fromMs: 0, toMs: 10_000 }),
    after: recoveryWindows(data, { fromMs: 10_000, toMs: 23_000 }),
  });
  expect(recovery).toMatchObject({ kind: 'recovered', afterMs: 3_000, resolutionMs: 1_000 });
});

test('windows of two seconds hold twice the requests, and a rest is left out', () => {
  const windows = recoveryWindows(record([10, 10, 10, 10, 10]), { fromMs: 0, toMs: 5_000, windowS: 2 });
  expect(windows.map(({ requests }) => requests)).toEqual([40, 40]);
});

test('seconds outside the run are windows without requests', () => {
  expect(recoveryWindows(record([10]), { fromMs: 5_000, toMs: 6_000 })).toEqual([
    { requests: 0, failed: 0, inFlight: 0 },
  ]);
});

const objective = { ...defaultObjective, p95: '100ms' } as const;
const steps = [
  { title: 'a healthy run', data: record([10, 10, 10, 10]), outcome: { kind: 'sustained' } },
  { title: 'a closed one', data: record([10, 10, 10, 10], { model: 'closed' }), outcome: { kind: 'sustained' } },
  { title: 'a slow one', data: record([200, 200, 200, 200]), outcome: { kind: 'broken', by: ['latency'] } },
  { title: 'one whose backlog grows', data: record([10, 20, 30, 40]), outcome: { kind: 'broken', by: ['backlog'] } },
  {
    title: 'one that fails',
    data: record([10, 10], { failing: true }),
    outcome: { kind: 'broken', by: ['errors'], silent: true },
  },
  {
    title: 'one that never answers',
    data: record([undefined, undefined]),
    outcome: { kind: 'broken', by: ['latency', 'backlog'], silent: true },
  },
];
for (const { title, data, outcome } of steps) {
  test(`as a step, ${title} is ${JSON.stringify(outcome)}`, () => {
    expect(judgeStep(stepOfRun(data, { level: 20 }), objective)).toEqual(outcome);
  });
}

test('a step that fails with a saturated generator is void', () => {
  const step = stepOfRun(record([10, 10], { failing: true }), { level: 20, generatorBound: 'event loop 95 % busy' });
  expect(judgeStep(step, objective)).toEqual({ kind: 'generator-bound', reason: 'event loop 95 % busy' });
});
