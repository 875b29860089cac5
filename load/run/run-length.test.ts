import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { figuresOf } from '../measure/summary.ts';
import type { RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { iterations } from '../profile/iterations.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import { liveThrough, type VirtualRun, type VirtualRunParts } from '../../testing/virtual-run.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';

interface Lived extends VirtualRun {
  readonly tookMs: number;
  readonly perSec: number | undefined;
}

async function lived(profile: Profile, parts: VirtualRunParts = {}): Promise<Lived> {
  const clock = parts.clock ?? new VirtualClock();
  const run = await liveThrough(profile, undefined, { ...parts, clock });
  return { ...run, tookMs: clock.now(), perSec: figuresOf(asSegment(run)).throughputPerSec };
}

function asSegment({ data, end }: VirtualRun): RunData {
  const durationMs = end.endedAtMs - end.beganAtMs;
  data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs, generator: [], pid: 1 });
  return data;
}

const quick = { answer: () => ({ afterMs: 20 }) };
const slow = { answer: () => ({ afterMs: 1_500 }) };

const lengths: readonly { profile: Profile; parts?: VirtualRunParts; ms: number; perSec: number; seconds: number }[] = [
  { profile: arrivals('1/m').for('10s'), ms: 10_000, perSec: 0.1, seconds: 10 },
  { profile: arrivals('1/m').for('3s'), ms: 3_000, perSec: 0.333, seconds: 3 },
  { profile: arrivals('12/m').for('10s'), ms: 10_000, perSec: 0.2, seconds: 10 },
  { profile: arrivals('1/s').for('10s'), ms: 10_000, perSec: 1, seconds: 10 },
  { profile: arrivals('1/s').for('2s'), parts: slow, ms: 2_500, perSec: 0.8, seconds: 3 }, // the last answer is later
  { profile: users(1).for('60s').pacing('10s'), ms: 60_000, perSec: 0.1, seconds: 60 },
  { profile: users(20).for('1s').thinking('5s'), ms: 1_000, perSec: 20, seconds: 1 },
  { profile: iterations(2, { users: 1 }), ms: 40, perSec: 50, seconds: 1 }, // it ends when it is done
  { profile: arrivals('1/s').for('2s').followedBy(arrivals('1/m').for('8s')), ms: 10_000, perSec: 0.3, seconds: 10 },
];
for (const { profile, parts = quick, ms, perSec, seconds } of lengths) {
  test(`${profile.describe()} is ${ms} ms long, ${perSec}/s`, async () => {
    const run = await lived(profile, parts);
    expect(run.end.endedAtMs - run.end.beganAtMs).toBe(ms);
    expect(run.perSec).toBeCloseTo(perSec, 2);
    expect(run.tookMs).toBeGreaterThanOrEqual(ms); // and lasts so long
    expect(run.tookMs).toBeLessThan(ms + 1_001);
    expect([...run.data.windows.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: seconds }, (_, at) => at));
  });
}

test('a run that is stopped early is only as long as it lived', async () => {
  const stop = new AbortController();
  const clock = new VirtualClock();
  void clock.sleepUntil(1_200).then(() => stop.abort());
  const { end } = await lived(arrivals('10/s').for('10s'), { ...quick, clock, signal: stop.signal });
  expect(end.endedAtMs - end.beganAtMs).toBe(1_200);
});

test('an error is filed in the second of its intended start, where its latency is', async () => {
  const { data } = await lived(arrivals('1/s').for('3s'), {
    answer: (_, atMs) => (atMs >= 1_000 && atMs < 2_000 ? { afterMs: 30_000, timesOut: true } : { afterMs: 5 }),
  });
  expect([...data.windows].flatMap(([second, { errors }]) => (errors.size > 0 ? [[second, ...errors]] : []))).toEqual([
    [1, ['timeout', 1]],
  ]);
});

/** A clock whose sleepers wake a little early, as Node's timers do. */
class HastyClock extends VirtualClock {
  readonly #early: () => number;

  constructor(early: () => number) {
    super();
    this.#early = early;
  }

  override sleepUntil(atMs: number, signal?: AbortSignal): Promise<void> {
    return super.sleepUntil(Math.max(this.now(), atMs - this.#early()), signal);
  }
}

test('who thinks for longer than is left goes once, though sleepers wake up to 2 ms early', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        people: fc.integer({ min: 1, max: 20 }),
        pauseMs: fc.integer({ min: 5_000, max: 9_000 }),
        early: fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 1, maxLength: 50 }),
      }),
      async ({ people, pauseMs, early }) => {
        let n = 0;
        const clock = new HastyClock(() => early[n++ % early.length] ?? 0);
        const profile = users(people).for('5s').thinking(`${pauseMs}ms`);
        const { data } = await lived(profile, { answer: () => ({ afterMs: 37 }), clock });
        expect(data.counts.started).toBe(people);
      },
    ),
    { numRuns: 40 },
  );
});
