/** What is a stall, what only looks like one, and what can't be told. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nowMs, repeated, seconds, snapshot } from '../../testing/snapshots.ts';
import { engines } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { analyse } from './analyse.ts';

/** Nothing is counted, and levels stand still. */
const still = {
  ...{ running: 5, waiting: 2, kv_usage: 0.5, done: 0, failed: 0, aborted: 3 },
  ...{ generation_tokens: 0, prompt_tokens: 0, progress: 0 },
};
/** As {@link still}, where the engine counts only what is over. */
const blind = { ...still, progress: null };
const levels = (fields: Partial<Snapshot>, field: 'running' | 'kv_usage', values: readonly number[]) =>
  values.map((value, at) => snapshot((values.length - 1 - at) * 10, { ...fields, [field]: value }));

/** Stretches of snapshots 10 s apart, one after the other, the last one now. */
function course(...stretches: readonly (readonly [seconds: number, fields: Partial<Snapshot>])[]): Snapshot[] {
  const all = stretches.flatMap(([length, fields]) => Array.from({ length: length / 10 }, () => fields));
  return all.map((fields, at) => snapshot((all.length - 1 - at) * 10, fields));
}
const atWork = { ...still, kv_usage: 0.6, done: 2, progress: 900, generation_tokens: 900 };
const atRest = { ...still, running: 0, waiting: 0 };

/** `said`: critical, clear, or why it can't be told. */
const cases: { say: string; snapshots: readonly Snapshot[]; said: string }[] = [
  { say: 'no progress with requests all the time', snapshots: repeated(6, still), said: 'critical' },
  {
    say: 'no progress, and all of them in the queue',
    snapshots: repeated(6, { ...still, running: 0 }),
    said: 'critical',
  },
  {
    say: 'failed and aborted requests, and no progress',
    snapshots: repeated(6, { ...still, failed: 9 }),
    said: 'critical',
  },
  { say: 'progress without tokens: a long prompt', snapshots: repeated(5, { ...still, progress: 4 }), said: 'clear' },
  { say: 'tokens of prompts only', snapshots: repeated(5, { ...still, prompt_tokens: 9_000 }), said: 'clear' },
  {
    say: 'requests that end without a token: embeddings',
    snapshots: repeated(5, { ...still, done: 9 }),
    said: 'clear',
  },
  { say: 'gaps between tokens', snapshots: repeated(5, { ...still, itl_s: seconds(9, 0, 0, 0, 0) }), said: 'clear' },
  { say: 'no requests', snapshots: repeated(5, { ...still, running: 0, waiting: 0 }), said: 'nothing ran' },
  { say: 'no progress for 20 s', snapshots: repeated(4, { ...still, interval_s: 5 }), said: 'no long step' },
  { say: 'no progress for 60 s', snapshots: course([60, still]), said: 'critical' },
  {
    say: 'no progress for 60 s after four minutes of it',
    snapshots: course([240, atWork], [60, still]),
    said: 'critical',
  },
  { say: 'no progress for 60 s after rest', snapshots: course([240, atRest], [60, still]), said: 'critical' },
  {
    say: 'no progress for 20 s after four minutes of it',
    snapshots: course([240, atWork], [20, still]),
    said: 'clear',
  },
  { say: 'no progress for 60 s, and then again', snapshots: course([60, still], [10, atWork]), said: 'clear' },
  {
    say: 'no progress for 60 s, and then no requests',
    snapshots: course([90, atWork], [60, still], [10, atRest]),
    said: 'clear',
  },
  {
    say: 'no progress for two pages a minute apart',
    snapshots: [...course([60, atWork]), ...course([20, { ...still, interval_s: 60 }])],
    said: 'clear',
  },
  {
    say: 'no progress for 60 s while the cache fills, after four minutes of it',
    snapshots: course([240, atWork], [20, still], [20, { ...still, kv_usage: 0.7 }], [20, { ...still, kv_usage: 0.8 }]),
    said: 'clear',
  },
  {
    say: 'no progress for 60 s, a restart among them',
    snapshots: course(
      [100, atWork],
      [30, still],
      [10, { ...blind, interval_s: null, baseline: 'counter_reset' }],
      [20, still],
    ),
    said: 'clear',
  },
  {
    say: 'no progress since a restart 60 s ago',
    snapshots: course([100, atWork], [10, { ...blind, interval_s: null, baseline: 'counter_reset' }], [60, still]),
    said: 'critical',
  },
  {
    say: 'nothing over for 60 s after four minutes, where only that is counted',
    snapshots: course([240, { ...atWork, progress: null }], [60, { ...blind, generation_tokens: 0 }]),
    said: 'long requests look like a stall',
  },
  {
    say: 'no progress, with requests part of the time',
    snapshots: levels({ ...still, waiting: 0 }, 'running', [5, 0, 5, 5]),
    said: 'there were not requests all the time',
  },
  {
    say: 'no progress while the cache fills',
    snapshots: levels(still, 'kv_usage', [0.1, 0.2, 0.3, 0.4]),
    said: 'a long prompt may be being read',
  },
  {
    say: 'an engine that counts only what is over',
    snapshots: repeated(30, blind),
    said: 'long requests look like a stall',
  },
  { say: 'the same, with a moving batch', snapshots: levels(blind, 'running', [5, 6, 5, 5]), said: 'clear' },
  { say: 'the same, with a moving cache', snapshots: levels(blind, 'kv_usage', [0.5, 0.5, 0.6]), said: 'clear' },
  { say: 'the same, with finished requests', snapshots: repeated(5, { ...blind, done: 1 }), said: 'clear' },
  {
    say: 'a cold start: levels, but no counts',
    snapshots: repeated(5, { running: 5, waiting: 9, baseline: 'counter_reset', interval_s: null }),
    said: 'long requests look like a stall',
  },
  { say: 'two snapshots', snapshots: repeated(2, still), said: 'needs 3 snapshots' },
  {
    say: 'a page without the batch',
    snapshots: repeated(5, { ...still, running: null }),
    said: 'how many requests run',
  },
];
for (const engine of engines)
  for (const { say, snapshots, said } of cases)
    test(`${engine}: ${say} is ${said === 'critical' || said === 'clear' ? said : `not evaluated: ${said}`}`, () => {
      const { findings, clear, not_evaluated } = analyse({
        engine,
        snapshots: snapshots.map((one) => ({ ...one, engine })),
        nowMs,
      });
      const open = not_evaluated.find(({ rule }) => rule === 'stalled');
      const found = findings.find(({ rule }) => rule === 'stalled');
      expect(found?.severity ?? (clear.includes('stalled') ? 'clear' : open?.reason)).toContain(said);
    });

for (const { engine, seconds: lasting, said } of [
  { engine: 'vllm', seconds: 20, said: 'clear' },
  { engine: 'vllm', seconds: 30, said: 'found' },
  { engine: 'tgi', seconds: 30, said: 'found' },
  // Its gauges may show for 30 s what is over.
  { engine: 'sglang', seconds: 50, said: 'clear' },
  { engine: 'sglang', seconds: 60, said: 'found' },
] as const)
  test(`${engine}: nothing moves for the last ${lasting} s: ${said}`, () => {
    const snapshots = course([200, atWork], [lasting, still]).map((one) => ({ ...one, engine }));
    const { findings, clear } = analyse({ engine, snapshots, nowMs });
    const found = findings.find(({ rule }) => rule === 'stalled');
    expect(found === undefined ? clear.filter((rule) => rule === 'stalled') : 'found').toEqual(
      said === 'clear' ? ['stalled'] : 'found',
    );
    const lasted = found?.evidence.find(({ metric }) => metric === 'seconds without progress')?.value;
    expect(lasted).toBe(said === 'clear' ? undefined : lasting);
  });
