import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyRunData, type RunData } from '../measure/run-data.ts';
import type { Comparison, Scope, Threshold, TimeWindow } from '../measure/threshold.ts';
import { holdAFortiori } from './a-fortiori.ts';

interface Sent {
  readonly model?: 'open' | 'closed';
  readonly counts?: Partial<RunData['counts']>;
  readonly lagMs?: number | 'none';
  /** Why each segment was stopped. */
  readonly stopped?: readonly (string | undefined)[];
}

/** Ten seconds, ten arrivals of one request each, started 1 ms late; all that was due was sent. */
function runOf({ model = 'open', counts = {}, lagMs = 1, stopped = [undefined] }: Sent = {}): RunData {
  const run = emptyRunData({ index: 0, profile: 'p', model, warmUpMs: 0, whenSaturated: 'invalid' });
  Object.assign(run.counts, { scheduled: 10, started: 10, ok: 10, ...counts });
  run.iterations.started = 10;
  if (lagMs !== 'none') run.lag.recordMs(lagMs);
  stopped.forEach((why, index) =>
    run.segments.push({
      ...{ runId: 'r', index, of: stopped.length, startedAtEpochMs: 0, durationMs: 10_000, generator: [], pid: 1 },
      ...(why !== undefined && { stopped: why }),
    }),
  );
  return run;
}

interface More {
  readonly scope?: Scope;
  readonly window?: TimeWindow;
}

function limit(text: string, more: More = {}): Threshold {
  const [metric = '', comparison, value] = text.split(' ');
  const target = { comparison: comparison as Comparison, value: Number(value), text };
  return { scope: { kind: 'run' }, ...more, metric, target };
}

const endpoint: More = { scope: { kind: 'endpoint', name: 'GET /' } };
const check: More = { scope: { kind: 'check', name: 'even' } };
const metric: More = { scope: { kind: 'metric', name: 'bought' } };
const every: More = { window: { kind: 'every', lengthMs: 1_000, text: 'every 1s' } };

/** Limits of an open run, each alone. */
const alone: readonly (readonly [text: string, holds: boolean, more?: More])[] = [
  ...['throughput', 'requests', 'iterations'].flatMap((name): [string, boolean, More?][] => [
    [`${name} > 5`, true],
    [`${name} >= 5`, true],
    [`${name} < 5`, false], // more might have been sent
    [`${name} > 5`, true, endpoint],
    [`${name} > 5`, false, check],
    [`${name} > 5`, false, metric],
  ]),
  ...['errorRate', 'failed', 'timedOut', 'dropped', 'unfinished', 'iterationsFailed', 'exceptions'].flatMap(
    (name): [string, boolean, More?][] => [
      [`${name} < 5`, true],
      [`${name} <= 5`, true],
      [`${name} == 0`, true], // its best end
      [`${name} == 5`, false],
      [`${name} > 5`, false],
      [`${name} >= 0`, true],
      [`${name} < 5`, false, metric],
    ],
  ),
  ...['successRate', 'checks', 'rate'].flatMap((name): [string, boolean, More?][] => [
    [`${name} > 0.9`, true],
    [`${name} >= 0.9`, true],
    [`${name} == 1`, true], // its best end
    [`${name} == 0.9`, false],
    [`${name} < 1`, false],
    [`${name} > 0.9`, false, metric],
  ]),
  ['rate > 0.9', true, check],
  ...['p95', 'mean', 'max', 'responseTime.p99', 'responseTime.mean', 'responseTime.max'].flatMap(
    (name): [string, boolean, More?][] => [
      [`${name} < 100`, true],
      [`${name} <= 100`, true],
      [`${name} > 100`, false],
      [`${name} == 100`, false],
      [`${name} < 100`, true, endpoint],
      [`${name} < 100`, false, metric],
      [`${name} < 100`, false, check],
    ],
  ),
  ...['min', 'stdev', 'serviceTime.p95', 'phases.waiting.p95', 'apdex', 'p95responseTime.'].map(
    (name): [string, boolean] => [`${name} < 100`, false],
  ),
];
for (const [text, holds, more = {}] of alone) {
  test(`${text} of ${more.scope?.kind ?? 'run'}, met by a late generator, is ${holds ? 'proof' : 'no proof'}`, () => {
    expect(holdAFortiori(runOf(), [limit(text, more)])).toBe(holds);
  });
}

const p95 = [limit('p95 < 100')];
const floor = limit('throughput > 5');
const runs: readonly {
  readonly say: string;
  readonly sent?: Sent;
  readonly limits: readonly Threshold[];
  readonly holds: boolean;
}[] = [
  { say: 'nothing that was asked', limits: [], holds: false },
  { say: 'one limit of two', limits: [...p95, limit('serviceTime.p95 < 100')], holds: false },
  { say: 'two limits of two', limits: [...p95, floor], holds: true },
  {
    say: 'a latency, stopped in one of two segments',
    sent: { stopped: [undefined, 'too slow'] },
    limits: p95,
    holds: false,
  },
  { say: 'a latency, with a drop', sent: { counts: { dropped: 1 } }, limits: p95, holds: false },
  { say: 'a latency, with a request cut off', sent: { counts: { unfinished: 1 } }, limits: p95, holds: false },
  { say: 'a latency, of two requests an arrival', sent: { counts: { started: 20 } }, limits: p95, holds: false },
  { say: 'a latency, a twentieth of the run behind', sent: { lagMs: 500 }, limits: p95, holds: true },
  { say: 'a latency, further behind', sent: { lagMs: 500.001 }, limits: p95, holds: false },
  { say: 'a latency, with no lag known', sent: { lagMs: 'none' }, limits: p95, holds: false },
  { say: 'a latency of a closed model', sent: { model: 'closed' }, limits: p95, holds: false },
  { say: 'a throughput of a closed model', sent: { model: 'closed' }, limits: [floor], holds: true },
  {
    say: 'a throughput and losses of a closed model',
    sent: { model: 'closed' },
    limits: [floor, limit('failed == 0')],
    holds: true,
  },
  {
    say: 'a throughput and a latency of a closed model',
    sent: { model: 'closed' },
    limits: [floor, ...p95],
    holds: false,
  },
  { say: 'losses alone of a closed model', sent: { model: 'closed' }, limits: [limit('failed == 0')], holds: false }, // at what load?
  {
    say: 'a number of requests of a closed model',
    sent: { model: 'closed' },
    limits: [limit('requests > 5')],
    holds: false,
  },
  {
    say: 'a highest throughput of a closed model',
    sent: { model: 'closed' },
    limits: [limit('throughput < 5')],
    holds: false,
  },
  {
    say: 'a throughput of an endpoint of a closed model',
    sent: { model: 'closed' },
    limits: [limit('throughput > 5', endpoint)],
    holds: false,
  },
  {
    say: 'a throughput of windows of a closed model',
    sent: { model: 'closed' },
    limits: [limit('throughput > 5', every)],
    holds: false,
  },
  {
    say: 'a throughput of a closed model that dropped',
    sent: { model: 'closed', counts: { dropped: 1 } },
    limits: [floor],
    holds: true,
  },
];
for (const { say, sent, limits, holds } of runs) {
  test(`a late generator that met ${say} has ${holds ? 'proven it' : 'proven nothing'}`, () => {
    expect(holdAFortiori(runOf(sent), limits)).toBe(holds);
  });
}
