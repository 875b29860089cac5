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

/** `said`: critical, clear, or why it can't be told. */
const cases: { say: string; snapshots: readonly Snapshot[]; said: string }[] = [
  { say: 'no progress with requests all the time', snapshots: repeated(5, still), said: 'critical' },
  {
    say: 'no progress, and all of them in the queue',
    snapshots: repeated(5, { ...still, running: 0 }),
    said: 'critical',
  },
  {
    say: 'failed and aborted requests, and no progress',
    snapshots: repeated(5, { ...still, failed: 9 }),
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
  { say: 'no progress for 20 s', snapshots: repeated(4, { ...still, interval_s: 5 }), said: 'needs 30 s' },
  { say: 'no progress for 30 s', snapshots: repeated(3, still), said: 'critical' },
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
