import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { engines, type Engine } from '../domain/engines/engine.ts';
import { readScrape } from '../domain/engines/scrape.ts';
import { snapshotFrom } from '../domain/engines/snapshot-from.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import { FakeEngine } from './engine.ts';
import type { ScenarioName } from './scenarios.ts';
import { defaultFlags, tuningOf, blend } from './tuning.ts';

function play(engine: Engine, scenario: ScenarioName, seed = 1) {
  let nowMs = Date.UTC(2026, 0, 1);
  const parts = { engine, scenario, seed, model: 'a "b"', speed: 1, warmUpS: 60, nowMs: () => nowMs };
  const fake = new FakeEngine(parts);
  const scrape = () => readScrape(fake.page(), nowMs);
  return {
    fake,
    /** The snapshot of so many seconds from now. */
    after: (seconds: number): Snapshot => {
      const previous = scrape();
      nowMs += seconds * 1_000;
      return snapshotFrom({ engine, previous, current: scrape() });
    },
  };
}

/** Which figures make each scenario what it is; `null` where the engine has no such number. */
const rows: {
  engine: Engine;
  scenario: ScenarioName;
  shows: Partial<Record<keyof Snapshot, [number, number] | null>>;
}[] = [
  {
    engine: 'vllm',
    scenario: 'healthy',
    shows: { waiting: [0, 0], preemptions: [0, 0], failed: [0, 0], requests_per_s: [2, 3] },
  },
  {
    engine: 'vllm',
    scenario: 'kv_exhaustion',
    shows: { kv_usage: [0.9, 1], preemptions: [20, 1_000], waiting: [20, 1_000] },
  },
  {
    engine: 'vllm',
    scenario: 'queue_buildup',
    shows: { kv_usage: [0.1, 0.5], preemptions: [0, 0], waiting: [20, 1_000] },
  },
  { engine: 'vllm', scenario: 'slow_prefill', shows: { kv_usage: [0.2, 0.85], waiting: [0, 0], preemptions: [0, 0] } },
  { engine: 'vllm', scenario: 'errors', shows: { failed: [3, 30] } },
  { engine: 'vllm', scenario: 'idle', shows: { running: [0, 0], done: [0, 0], generation_tokens_per_s: [0, 0] } },
  { engine: 'sglang', scenario: 'healthy', shows: { waiting: [0, 0], failed: [0, 0], prefix_hit_ratio: [0.35, 0.42] } },
  { engine: 'sglang', scenario: 'kv_exhaustion', shows: { kv_usage: [0.9, 1], preemptions: [20, 1_000] } },
  { engine: 'sglang', scenario: 'queue_buildup', shows: { kv_usage: [0.1, 0.5], waiting: [20, 1_000] } },
  { engine: 'tgi', scenario: 'healthy', shows: { waiting: [0, 2], failed: [0, 0], preemptions: null, ttft_s: null } },
  { engine: 'tgi', scenario: 'kv_exhaustion', shows: { kv_usage: [0.9, 1], waiting: [20, 128], overloaded: [5, 400] } },
  { engine: 'tgi', scenario: 'errors', shows: { failed: [3, 30], overloaded: [0, 0] } },
];
for (const { engine, scenario, shows } of rows) {
  test(`${engine} in ${scenario} shows ${JSON.stringify(shows)}`, () => {
    const snapshot = play(engine, scenario).after(60);
    for (const [field, range] of Object.entries(shows)) {
      const value = snapshot[field as keyof Snapshot];
      if (range === null) {
        expect(value, field).toBeNull();
        continue;
      }
      expect(value, field).toBeGreaterThanOrEqual(range[0]);
      expect(value, field).toBeLessThanOrEqual(range[1]);
    }
  });
}

test('slow prompts delay the first token although nobody queues', () => {
  const { ttft_s, queue_s } = play('vllm', 'slow_prefill').after(60);
  expect(ttft_s?.p95).toBeGreaterThan(1);
  expect(queue_s?.p95).toBeLessThan(0.5);
});

for (const engine of engines) {
  test(`${engine}: the same seed plays the same, another one does not`, () => {
    const once = play(engine, 'kv_exhaustion');
    const again = play(engine, 'kv_exhaustion');
    expect(once.after(20)).toEqual(again.after(20));
    expect(once.fake.page()).toBe(again.fake.page());
    expect(play(engine, 'kv_exhaustion', 2).after(20)).not.toEqual(play(engine, 'kv_exhaustion').after(20));
  });
}

test('what is covered is what the engine exports', () => {
  const absent = (engine: Engine) => play(engine, 'errors').after(30).coverage.absent;
  const speculation = ['spec_drafted', 'spec_accepted'];
  expect(absent('vllm')).toEqual(['overloaded', ...speculation]); // with no draft, nothing about drafts
  expect(absent('sglang')).toEqual([...speculation, 'inference_s']);
  expect(absent('tgi')).toEqual([
    'preemptions',
    'prefix_hits',
    'prefix_queries',
    ...speculation,
    'ttft_s',
    'prefill_s',
    'prefix_hit_ratio',
  ]);
});

test('an engine that speculates says how much of it was right', () => {
  const { spec_drafted, spec_accepted, coverage } = play('vllm', 'poor_speculation').after(60);
  expect(coverage.absent).toEqual(['overloaded']);
  expect(Number(spec_drafted)).toBeGreaterThan(10_000);
  expect(Number(spec_accepted) / Number(spec_drafted)).toBeCloseTo(0.1, 3);
});

for (const engine of engines) {
  test(`${engine}: work is counted while it is done, and none when there is none`, () => {
    const { after, fake } = play(engine, 'healthy');
    expect(after(1).progress).toBeGreaterThan(0);
    fake.change('idle');
    after(1);
    expect(after(1).progress).toBe(0); // though some show no counter before it has counted
    fake.enter({ promptTokens: 100, goalTokens: 5_000 });
    expect(after(2)).toMatchObject({ running: 1, done: 0 });
    expect(after(2).progress).toBeGreaterThan(0);
  });
}

test('a queue that SGLang shows by priority, too, counts once', () => {
  const { fake, after } = play('sglang', 'queue_buildup');
  const { running, waiting } = after(10);
  expect({ running, waiting }).toEqual({ running: fake.levels().running, waiting: fake.levels().waiting });
  expect(waiting).toBeGreaterThan(20);
});

test('a process that starts anew every 20 s shows as a counter reset', () => {
  const { after } = play('vllm', 'counter_reset');
  expect([5, 20, 5].map((seconds) => after(seconds).baseline)).toEqual(['counter_reset', 'counter_reset', null]);
});

test('twice the cache ends the preemptions that too little caused, and taking it back brings them on again', () => {
  const { fake, after } = play('vllm', 'kv_exhaustion');
  const before = after(30);
  fake.roll({ changes: { '--kv-cache-dtype': 'fp8' }, stage: 100 });
  after(60);
  const changed = after(30);
  expect(changed).toMatchObject({ preemptions: 0, baseline: null });
  expect(Number(changed.requests_per_s)).toBeGreaterThan(Number(before.requests_per_s) * 1.1);
  expect(Number(changed.ttft_s?.p95)).toBeLessThan(Number(before.ttft_s?.p95) / 10);
  fake.rollBack({ '--kv-cache-dtype': 'auto' });
  expect(fake.flags['--kv-cache-dtype']).toBe('auto');
  after(60);
  expect(Number(after(30).preemptions)).toBeGreaterThan(20);
});

test('a stage changes its share of the fleet, and the next rollout begins where the last one ended', () => {
  const { fake } = play('vllm', 'healthy');
  const { kvTokens } = fake.levels();
  fake.roll({ changes: { '--kv-cache-dtype': 'fp8' }, stage: 10 });
  expect(fake.levels().kvTokens).toBeCloseTo(kvTokens * 1.1, 6);
  fake.roll({ changes: { '--kv-cache-dtype': 'fp8' }, stage: 100 });
  expect(fake.levels().kvTokens).toBeCloseTo(kvTokens * 2, 6);
  fake.roll({ changes: { '--max-num-seqs': 8 }, stage: 50 });
  expect(fake.levels().kvTokens).toBeCloseTo(kvTokens * 2, 6);
});

test('time that nobody asked about is caught up by an hour at most', () => {
  const { after } = play('vllm', 'healthy');
  const { done } = after(86_400);
  expect(done).toBeGreaterThan(2.5 * 3_600 * 0.9);
  expect(done).toBeLessThan(2.5 * 3_600 * 1.1);
});

const tunings: [Engine, Record<string, string | number>, object][] = [
  ['vllm', {}, { kvTokens: 48_000, maxRunning: 256, maxConcurrent: Infinity, reserve: 0, prefillTokensPerS: 20_000 }],
  ['vllm', { '--gpu-memory-utilization': 0.95 }, { kvTokens: 64_000 }],
  ['vllm', { '--kv-cache-dtype': 'fp8_e4m3', '--max-num-seqs': 8 }, { kvTokens: 96_000, maxRunning: 8 }],
  ['vllm', { '--gpu-memory-utilization': 0.1 }, { kvTokens: 2_000 }], // less than the weights need
  ['sglang', { '--schedule-conservativeness': 1.3 }, { reserve: 0.7 }],
  ['tgi', { '--max-concurrent-requests': 9 }, { maxConcurrent: 9, reserve: 1 }],
];
for (const [engine, flags, expected] of tunings) {
  test(`${engine} with ${JSON.stringify(flags)} is tuned to ${JSON.stringify(expected)}`, () => {
    expect(Object.entries(tuningOf(engine, flags))).toEqual(
      expect.arrayContaining(Object.entries(expected).map(([key, value]) => [key, closeTo(value)])),
    );
  });
}

function closeTo(value: unknown): unknown {
  return typeof value === 'number' && Number.isFinite(value) ? expect.closeTo(value, 6) : value;
}

test('no part of the way is the beginning, and all of it the end', () => {
  const [from, to] = [
    tuningOf('tgi', {}),
    tuningOf('tgi', { '--kv-cache-dtype': 'fp8_e4m3fn', '--max-batch-size': 10 }),
  ];
  expect(blend(from, to, 0)).toEqual(from);
  expect(blend(from, to, 1)).toEqual(to);
  expect(defaultFlags.tgi['--max-batch-size']).toBe(256);
});
