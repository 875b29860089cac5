import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { spanBeside, phasesOfStress, recoveryOfRun, type StressSpan } from './recovery-of-run.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { emptyRunData, type RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { liveThrough } from '../../testing/virtual-run.ts';

type Queue = StressSpan & {
  /** Time that the server takes for each request, one after the other. */
  readonly serviceMs: number;
  readonly stressPerSec: number;
};

/** A probe of 25/s for a minute at a queue that a stress fills, and how long the queue really took after the stress. */
async function probed({ fromMs, toMs, serviceMs, stressPerSec }: Queue) {
  let freeAtMs = 0;
  let dueMs = fromMs;
  let lastSlowMs = toMs;
  const { data } = await liveThrough(arrivals('25/s').for('60s'), undefined, {
    answer: (_, calledAtMs) => {
      for (; dueMs < Math.min(calledAtMs, toMs); dueMs += 1_000 / stressPerSec)
        freeAtMs = Math.max(freeAtMs, dueMs) + serviceMs;
      freeAtMs = Math.max(freeAtMs, calledAtMs) + serviceMs;
      const afterMs = freeAtMs - calledAtMs;
      if (afterMs > 1.5 * serviceMs) lastSlowMs = calledAtMs;
      return { afterMs };
    },
  });
  data.segments.push({ ...segment, durationMs: 60_000 });
  return { data, drainMs: Math.max(0, lastSlowMs - toMs) };
}

const segment = { runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, generator: [], pid: 1 };

const queues: (Queue & { readonly drainS: number })[] = [
  { fromMs: 12_000, toMs: 16_000, serviceMs: 10, stressPerSec: 120, drainS: 2.4 },
  { fromMs: 12_437, toMs: 16_437, serviceMs: 10, stressPerSec: 150, drainS: 4 },
  { fromMs: 12_500, toMs: 22_499, serviceMs: 10, stressPerSec: 140, drainS: 8.7 },
  { fromMs: 11_001, toMs: 15_999, serviceMs: 20, stressPerSec: 100, drainS: 15 },
  { fromMs: 12_250, toMs: 16_250, serviceMs: 10, stressPerSec: 20, drainS: 0 },
];
for (const { drainS, ...queue } of queues) {
  test(`a queue that is drained after ${drainS} s has recovered by then, to the window: ${JSON.stringify(queue)}`, async () => {
    const { data, drainMs } = await probed(queue);
    expect(drainMs / 1_000).toBeCloseTo(drainS, 0);
    const recovery = recoveryOfRun(data, { stress: queue, withinMs: 20_000 });
    if (recovery.kind !== 'recovered') throw new Error(JSON.stringify(recovery));
    expect(recovery.afterMs).toBeGreaterThan(drainMs - 100);
    expect(recovery.afterMs).toBeLessThanOrEqual(drainMs + recovery.resolutionMs);
  });
}

test('later than `within` is no recovery, although it was seen', async () => {
  const queue = { fromMs: 12_437, toMs: 16_437, serviceMs: 10, stressPerSec: 150 };
  const { data } = await probed(queue);
  expect(recoveryOfRun(data, { stress: queue, withinMs: 3_000 })).toMatchObject({
    kind: 'not-recovered',
    watchedMs: 3_000,
    baselineP95Ms: expect.closeTo(10, 0),
  });
});

test('a stress that begins too soon leaves no baseline', async () => {
  const queue = { fromMs: 9_900, toMs: 12_000, serviceMs: 10, stressPerSec: 120 };
  const { data } = await probed(queue);
  expect(recoveryOfRun(data, { stress: queue, withinMs: 3_000 })).toEqual({
    kind: 'not-enough-data',
    reason: 'the baseline has 9 windows, 10 are needed',
  });
});

function begun(startedAtEpochMs: number, durationMs: number, plannedMs?: number): RunData {
  const data = emptyRunData({
    index: 0,
    profile: 'p',
    model: 'closed',
    warmUpMs: 0,
    whenSaturated: 'warn',
    ...(plannedMs !== undefined && { plannedMs }),
  });
  data.segments.push({ ...segment, startedAtEpochMs, durationMs });
  return data;
}

const spans = [
  {
    title: 'its profile says the last start, whatever was still under way',
    stress: begun(113_000, 14_200, 10_000),
    span: [13_000, 23_000],
  },
  { title: 'what was stopped before ends there', stress: begun(113_000, 4_200, 10_000), span: [13_000, 17_200] },
];
for (const { title, stress, span } of spans) {
  test(`the span of a stress: ${title}`, () => {
    const { fromMs, toMs } = spanBeside(begun(100_000, 60_000), stress);
    expect([fromMs, toMs]).toEqual(span);
  });
}

test('a stress of several cores lasts from the first of them to the last', () => {
  const stress = begun(113_000, 10_000, 10_000);
  stress.segments.push({ ...segment, index: 1, of: 2, startedAtEpochMs: 113_250, durationMs: 12_000 });
  expect(spanBeside(begun(100_000, 60_000), stress)).toEqual({ fromMs: 13_000, toMs: 23_250 });
});

test('readings get the phases of the stress; those of a warm-up and of what came after the probe are left out', () => {
  const series: ResourceSeries = {
    name: 'server',
    pid: 7,
    cores: 2,
    samples: [-500, 500, 12_000, 12_500, 16_000, 16_500, 30_000, 31_000].map((atMs) => ({
      atMs,
      rssMb: 60,
      phase: 'load',
    })),
  };
  const { samples } = phasesOfStress(series, { fromMs: 12_000, toMs: 16_000, endMs: 30_000 });
  expect(samples.map(({ atMs, phase }) => [atMs, phase])).toEqual([
    [500, 'baseline'],
    [12_000, 'baseline'],
    [12_500, 'load'],
    [16_000, 'load'],
    [16_500, 'after'],
    [30_000, 'after'],
  ]);
});
