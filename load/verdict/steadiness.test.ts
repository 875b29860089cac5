import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyEndpoint, emptyEndpointWindow, emptyRunData, emptyRunWindow, type RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { users } from '../profile/users.ts';
import { seededRandom } from '../random.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import { steadinessOf } from './steadiness.ts';

/** Standard normal, by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A run whose second `s` has so many requests, all of one latency. */
function runOf(
  seconds: number,
  { p50Ms, completed = () => 10 }: { p50Ms: (s: number) => number; completed?: (s: number) => number },
): RunData {
  const run = emptyRunData({
    index: 0,
    profile: 'p',
    model: 'open',
    warmUpMs: 0,
    whenSaturated: 'invalid',
    steady: { fromMs: 0, toMs: seconds * 1_000 },
  });
  const endpoint = emptyEndpoint();
  run.endpoints.set('GET /', endpoint);
  for (let second = 0; second < seconds; second += 1) {
    const window = emptyEndpointWindow();
    const count = completed(second);
    for (let n = 0; n < count; n += 1) window.latency.record(p50Ms(second));
    window.ok = count;
    endpoint.windows.set(second, window);
    run.windows.set(second, { ...emptyRunWindow(), completed: count });
  }
  run.segments.push({
    runId: 'r',
    index: 0,
    of: 1,
    startedAtEpochMs: 0,
    durationMs: seconds * 1_000,
    generator: [],
    pid: 1,
  });
  return run;
}

/** How many of 200 runs are not called steady. */
function flagged(make: (random: () => number) => RunData): number {
  let count = 0;
  for (let seed = 1; seed <= 200; seed += 1) {
    const found = steadinessOf(make(seededRandom(seed)));
    if (found?.verdict !== 'steady') count += 1;
  }
  return count;
}

/** Of the median of a second, as a share of it. */
const noise = 0.05;
const noisy = (random: () => number, level: (s: number) => number) => {
  const values = new Map<number, number>();
  return (s: number) => {
    const known = values.get(s) ?? level(s) * Math.max(0.2, 1 + noise * normal(random));
    values.set(s, known);
    return known;
  };
};

const rates: readonly {
  readonly say: string;
  readonly seconds: number;
  readonly level: (s: number) => number;
  readonly atLeast?: number;
  readonly atMost?: number;
}[] = [
  { say: '150 windows of noise', seconds: 150, level: () => 50, atMost: 3 },
  { say: '60 windows of noise', seconds: 60, level: () => 50, atMost: 3 },
  { say: '20 windows of noise', seconds: 20, level: () => 50, atMost: 3 },
  {
    say: 'a warm-up with a time constant of 10 s',
    seconds: 150,
    level: (s) => 50 * (1 + Math.exp(-s / 10)),
    atLeast: 198,
  },
  {
    say: 'a warm-up with a time constant of 30 s',
    seconds: 150,
    level: (s) => 50 * (1 + Math.exp(-s / 30)),
    atLeast: 198,
  },
  { say: 'a rise by a third', seconds: 150, level: (s) => 50 * (1 + s / 450), atLeast: 198 },
  { say: 'a fall by a third', seconds: 150, level: (s) => 75 * (1 - s / 450), atLeast: 198 },
  { say: 'a step by a third halfway', seconds: 150, level: (s) => (s < 75 ? 50 : 67), atLeast: 198 },
  { say: 'a step by a third after two thirds', seconds: 150, level: (s) => (s < 100 ? 50 : 67), atLeast: 198 },
  { say: 'a step by a third for the last fifth', seconds: 150, level: (s) => (s < 120 ? 50 : 67), atLeast: 198 },
  { say: 'a step by a third for the last tenth', seconds: 150, level: (s) => (s < 135 ? 50 : 67), atLeast: 160 },
];
for (const { say, seconds, level, atLeast, atMost } of rates) {
  test(`of 200 runs with ${say}, ${atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`} are told`, () => {
    const count = flagged((random) => runOf(seconds, { p50Ms: noisy(random, level) }));
    expect(count).toBeGreaterThanOrEqual(atLeast ?? 0);
    expect(count).toBeLessThanOrEqual(atMost ?? 200);
  });
}

test('throughput that comes by chance is steady, however little it is', () => {
  const poisson = (random: () => number, mean: number) => {
    const left = Math.exp(-mean);
    let count = 0;
    for (let product = random(); product > left; product *= random()) count += 1;
    return count;
  };
  for (const mean of [12, 40, 200])
    expect(
      flagged((random) => runOf(60, { p50Ms: () => 20, completed: () => poisson(random, mean) })),
    ).toBeLessThanOrEqual(3);
});

const told: readonly { readonly say: string; readonly run: RunData; readonly found: object | undefined }[] = [
  {
    say: 'one level all along',
    run: runOf(60, { p50Ms: () => 20 }),
    found: { verdict: 'steady', reason: 'p50 held 20.1 ms for 1m' }, // within 0.4 %
  },
  {
    say: 'a beginning that was slower',
    run: runOf(60, { p50Ms: (s) => (s < 10 ? 80 : 20) }),
    found: {
      verdict: 'warming-up',
      reason: 'the first 10s ran at a p50 of 80.3 ms, the rest at 20.1 ms: a `warmUp` longer by that keeps them out',
    },
  },
  {
    say: 'a level that is left halfway',
    run: runOf(60, { p50Ms: (s) => (s < 30 ? 20 : 40) }),
    found: {
      verdict: 'unsteady',
      reason: 'p50 was 20.1 ms until 30s and 40.1 ms afterwards, and had not settled halfway: its percentiles mix both',
    },
  },
  {
    say: 'a level that is left at the end',
    run: runOf(60, { p50Ms: (s) => (s < 55 ? 20 : 40) }),
    found: { verdict: 'unsteady', reason: 'p50 was 20.1 ms and in the last 5s 40.1 ms: its percentiles mix both' },
  },
  {
    say: 'one stall in the middle',
    run: runOf(60, { p50Ms: (s) => (s === 30 ? 900 : 20), completed: (s) => (s === 30 ? 2 : s === 31 ? 18 : 10) }),
    found: { verdict: 'steady', reason: 'p50 held 20.1 ms for 1m' },
  },
  {
    say: 'throughput that swings',
    run: runOf(60, { p50Ms: () => 20, completed: (s) => (s % 2 === 0 ? 60 : 140) }),
    found: { verdict: 'unsteady', reason: 'its throughput swung by 59.3 % from one window to the next' },
  },
  {
    say: 'twice a tenth of a millisecond',
    run: runOf(60, { p50Ms: (s) => (s < 30 ? 0.1 : 0.2) }),
    found: { verdict: 'steady', reason: 'p50 held 0.15 ms for 1m' },
  },
  { say: 'too few seconds', run: runOf(19, { p50Ms: () => 20 }), found: undefined },
  { say: 'too few requests', run: runOf(60, { p50Ms: () => 20, completed: () => 1 }), found: undefined },
  { say: 'no request', run: runOf(60, { p50Ms: () => 20, completed: () => 0 }), found: undefined },
];
for (const { say, run, found } of told) {
  test(`of ${say} it is said: ${JSON.stringify(found)}`, () => {
    expect(steadinessOf(run)).toEqual(found);
  });
}

test('an hour is looked at in 150 windows, and a ramp before the level not at all', () => {
  const run = runOf(3_600, { p50Ms: (s) => (s < 600 ? 600 - s : 20), completed: () => 5 });
  const plan = { ...run.plan, steady: { fromMs: 600_000, toMs: 3_600_000 } };
  expect(steadinessOf({ ...run, plan })).toEqual({ verdict: 'steady', reason: 'p50 held 20.1 ms for 50m' });
});

const lived = [
  { profile: arrivals('20/s').for('60s'), model: 'open' },
  { profile: arrivals('20/s', { distribution: 'poisson' }).for('60s'), model: 'open, by chance' },
  { profile: users(5).for('60s').thinking('100ms'), model: 'closed' },
  { profile: users(5).for('60s'), model: 'closed, without a pause' },
];
for (const { profile, model } of lived) {
  test(`a server that answers alike all along is steady, and its books hold (${model})`, async () => {
    let n = 0;
    const { data } = await liveThrough(profile, undefined, { answer: () => ({ afterMs: 40 + ((n += 7) % 11) }) });
    data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 60_000, generator: [], pid: 1 });
    const steady = { fromMs: 0, toMs: 60_000 };
    const found = steadinessOf({ ...data, plan: { ...data.plan, steady } });
    expect(found?.reason).toMatch(/^p50 held 4\d\.\d ms for 1m$/);
    expect(found?.accounting).toBe(undefined);
  });
}
