/**
 * Walks every metric over its whole range, alone and with others at once. Whatever the numbers are, each rule has exactly
 * one answer, trouble is never passed over in silence, and worse numbers are never judged milder.
 */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { nowMs, snapshot } from '../../testing/snapshots.ts';
import { distributionOf, type Distribution } from '../engines/distribution.ts';
import { engines, type Engine } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { analyse, type Analysis } from './analyse.ts';
import { ruleIdSchema, type RuleId } from './finding.ts';
import { severities } from './severity.ts';
import type { Slo } from './slo.ts';

/** Numbers of a whole window of twelve snapshots, each in the order in which it gets worse; null: not on the page. */
const ranges = {
  waiting: [0, 1, 2, 10, 500],
  /** Snapshots of the twelve that see the queue. */
  queued: [0, 1, 3, 6, 8, 9, 10, 11, 12],
  kv_usage: [null, 0, 0.05, 0.1, 0.5, 0.79, 0.8, 0.85, 0.89, 0.9, 0.95, 1],
  preemptions: [null, 0, 1, 2, 3, 5, 10, 11, 50, 1_000],
  failed: [null, 0, 1, 2, 3, 5, 10, 50, 400],
  overloaded: [0, 1, 50],
  progress: [null, 5_000, 1, 0],
  generation_tokens: [null, 60_000, 1, 0],
  done: [null, 1_000, 120, 50, 49, 2, 1, 0],
  running: [null, 100, 20, 8, 7, 1, 0],
  /** Share of a thousand prompt tokens. */
  hits: [null, 1, 0.5, 0.2, 0.19, 0],
  /** Seconds, where one was promised. */
  ttft: [null, 0.02, 0.9, 1.1, 1.6, 2.5, 60],
  itl: [null, 0.01, 0.09, 0.11, 0.16, 0.3, 9],
  prefill: [null, 0.001, 0.9, 1, 4, 9, 60],
  /** Seconds of a request outside queue and engine. */
  outside: [null, 0, 0.04, 0.06, 4, 9, 11, 100],
  kept: [null, 1, 0.3, 0.29, 0.1, 0.09, 0],
} as const satisfies Record<string, readonly (number | null)[]>;
type Axis = keyof typeof ranges;
type Point = Record<Axis, number | null>;
const axes = Object.keys(ranges) as Axis[];

/** An engine that is well. */
const well: Point = {
  ...{ waiting: 0, queued: 12, kv_usage: 0.5, preemptions: 0, failed: 0, overloaded: 0, progress: 5_000 },
  ...{ generation_tokens: 60_000, done: 1_000, running: 20, hits: 0.5, ttft: 0.02, itl: 0.01, prefill: 0.001 },
  ...{ outside: 0, kept: 1 },
};

const slos: Slo[] = [
  { name: 'first token', metric: 'ttft_p95_s', op: '<', target: 1, window_s: 300 },
  { name: 'flow', metric: 'itl_p95_s', op: '<', target: 0.1, window_s: 300 },
];

const samples = 12;

function around(mean: number | null, count: number): Distribution | null {
  if (mean === null) return null;
  // All in one narrow bucket, so that mean and quantiles agree.
  const bounds = [mean * 0.99, mean * 1.01];
  return distributionOf({ bounds, counts: [0, count, 0], sum: mean * count });
}

function snapshots(engine: Engine, at: Point, count = samples): Snapshot[] {
  const each = (value: number | null) => (value === null ? null : value / count);
  const timed = (mean: number | null) => around(mean, (at.done ?? 0) / count);
  const e2e = at.outside === null ? null : 10.1 + at.outside;
  const queued = Math.ceil(((at.queued ?? 0) * count) / samples);
  return Array.from({ length: count }, (_, nth) =>
    snapshot((count - 1 - nth) * 20, {
      engine,
      interval_s: 20,
      running: at.running,
      waiting: at.waiting === null ? null : nth < queued ? at.waiting : 0,
      kv_usage: at.kv_usage,
      preemptions: each(at.preemptions),
      done: each(at.done),
      failed: each(at.failed),
      overloaded: each(at.overloaded),
      progress: each(at.progress),
      generation_tokens: each(at.generation_tokens),
      prefix_hits: at.hits === null ? null : at.hits * 1_000,
      prefix_queries: at.hits === null ? null : 1_000,
      ttft_s: timed(at.ttft),
      itl_s: timed(at.itl),
      queue_s: timed(0.1),
      prefill_s: timed(at.prefill),
      inference_s: timed(10),
      e2e_s: timed(e2e),
      spec_drafted: at.kept === null ? null : 1_000,
      spec_accepted: at.kept === null ? null : at.kept * 1_000,
    }),
  );
}

function judged(engine: Engine, at: Point, count = samples): Analysis {
  return analyse({ engine, snapshots: snapshots(engine, at, count), slos, nowMs });
}

/** Rules that have not exactly one answer. */
function unanswered({ findings, clear, not_evaluated: open }: Analysis): RuleId[] {
  const found = new Set(findings.map(({ rule }) => rule));
  const answers = [...found, ...clear, ...open.map(({ rule }) => rule)];
  return ruleIdSchema.options.filter((id) => answers.filter((rule) => rule === id).length !== 1);
}

/** Trouble by the numbers alone, with the rules of which one must not be silent. */
function troubles(at: Point): RuleId[][] {
  const { waiting, queued, preemptions, failed, done, running, progress, generation_tokens: tokens } = at;
  const requests = (running ?? 0) + (queued === samples ? (waiting ?? 0) : 0);
  const still = running !== null && requests > 0 && [progress, tokens, done].every((count) => (count ?? 0) === 0);
  return [
    ...(waiting !== null && waiting > 0 && (queued ?? 0) >= samples * 0.75
      ? [['admission_limited', 'capacity_limited'] satisfies RuleId[]]
      : []),
    ...(preemptions !== null && preemptions > 0 ? [['kv_exhaustion'] satisfies RuleId[]] : []),
    ...(failed !== null && done !== null && failed > 0.01 * (done + failed) ? [['errors'] satisfies RuleId[]] : []),
    ...(still ? [['stalled'] satisfies RuleId[]] : []),
  ];
}

/** Troubles that no finding and no open rule tells of, or that leave a perfect score nothing to doubt. */
function silences(at: Point, { findings, not_evaluated: open, score, confidence }: Analysis): string[] {
  return troubles(at).flatMap((rules) => {
    const told = findings.filter(({ rule }) => rules.includes(rule));
    const untold = open.filter(({ rule }) => rules.includes(rule));
    if (told.length + untold.length === 0) return [`${rules.join(' or ')} is silent`];
    return told.length === 0 && score.value === 100 && confidence === 1 ? [`100 in spite of ${rules.join()}`] : [];
  });
}

const concerns: Partial<Record<Axis, readonly RuleId[]>> = {
  waiting: ['admission_limited', 'capacity_limited'],
  queued: ['admission_limited', 'capacity_limited'],
  kv_usage: ['admission_limited', 'capacity_limited', 'kv_exhaustion'],
  preemptions: ['kv_exhaustion', 'admission_limited', 'capacity_limited'],
  failed: ['errors'],
  overloaded: ['admission_limited', 'capacity_limited'],
  progress: ['stalled'],
  generation_tokens: ['stalled'],
  hits: ['prefix_cache_low'],
  ttft: ['ttft_slo', 'admission_limited', 'capacity_limited'],
  itl: ['itl_slo'],
  prefill: ['prefill_bound'],
  outside: ['host_bound'],
  kept: ['speculation_low'],
};

/** -1 for nothing found. */
function worst({ findings }: Analysis, rules: readonly RuleId[]): number {
  return Math.max(
    -1,
    ...findings.filter(({ rule }) => rules.includes(rule)).map(({ severity }) => severities.indexOf(severity)),
  );
}

/** The walk of one metric from one point: what is wrong with the answers on the way. */
function walk(engine: Engine, from: Point, axis: Axis): string[] {
  let least = -1;
  return ranges[axis].flatMap((value) => {
    const at = { ...from, [axis]: value };
    const analysis = judged(engine, at);
    const wrong = [...unanswered(analysis).map((id) => `${id} has not one answer`), ...silences(at, analysis)];
    const rules = concerns[axis];
    if (rules !== undefined && value !== null) {
      const now = worst(analysis, rules);
      if (now < least) wrong.push(`${rules.join(' or ')} is milder`);
      least = Math.max(least, now);
    }
    return wrong.map((what) => `${axis} ${String(value)}: ${what}`);
  });
}

/** What is walked from: the engine that is well, and one in each kind of trouble. */
const places: Record<string, Partial<Point>> = {
  well: {},
  'with a queue': { waiting: 10 },
  'with a queue most of the time': { waiting: 10, queued: 9 },
  'with a queue and a full cache': { waiting: 10, kv_usage: 0.95 },
  'with a queue and a broken promise': { waiting: 10, ttft: 2.5 },
  'with preemptions': { preemptions: 5 },
  'with few requests': { done: 2 },
  'that finishes nothing': { done: 0, progress: 0, generation_tokens: 0 },
  'that counts only what is over': { done: 0, progress: null, generation_tokens: 0 },
  'with failures': { failed: 50 },
};
for (const [name, place] of Object.entries(places))
  for (const engine of engines)
    test(`an engine of ${engine} ${name}: each metric over its range`, () => {
      expect(axes.flatMap((axis) => walk(engine, { ...well, ...place }, axis))).toEqual([]);
    });

const anyPoint = fc.record(
  Object.fromEntries(axes.map((axis) => [axis, fc.constantFrom(...ranges[axis])])) as {
    [Name in Axis]: fc.Arbitrary<number | null>;
  },
);

test('any numbers together: one answer for each rule, and no trouble without a word', () => {
  fc.assert(
    fc.property(fc.constantFrom(...engines), anyPoint, fc.constantFrom(1, 2, 3, samples), (engine, at, count) => {
      const analysis = judged(engine, at, count);
      expect([...unanswered(analysis), ...silences(at, analysis)]).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('any numbers together: what gets worse is not judged milder', () => {
  fc.assert(
    fc.property(fc.constantFrom(...engines), anyPoint, fc.constantFrom(...axes), (engine, at, axis) => {
      expect(walk(engine, at, axis)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
