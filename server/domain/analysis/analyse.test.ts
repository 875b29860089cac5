import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { ScenarioName } from '../../fake-engine/scenarios.ts';
import { nowMs, played, repeated, seconds, snapshot } from '../../testing/snapshots.ts';
import type { Engine } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { analyse, analysisSchema } from './analyse.ts';
import type { RuleId } from './finding.ts';
import type { Slo } from './slo.ts';

const ttft: Slo = { name: 'first token', metric: 'ttft_p95_s', op: '<', target: 1, window_s: 300 };
const itl: Slo = { name: 'flow', metric: 'itl_p95_s', op: '<', target: 0.1, window_s: 300 };

const scenes: { engine: Engine; scenario: ScenarioName; rules: RuleId[] }[] = [
  { engine: 'vllm', scenario: 'healthy', rules: [] },
  { engine: 'vllm', scenario: 'kv_exhaustion', rules: ['kv_exhaustion', 'ttft_slo', 'capacity_limited'] },
  { engine: 'vllm', scenario: 'queue_buildup', rules: ['admission_limited', 'ttft_slo'] },
  { engine: 'vllm', scenario: 'slow_prefill', rules: ['ttft_slo', 'prefill_bound', 'prefix_cache_low'] },
  { engine: 'vllm', scenario: 'errors', rules: ['errors'] },
  { engine: 'vllm', scenario: 'idle', rules: ['idle'] },
  { engine: 'sglang', scenario: 'healthy', rules: [] },
  { engine: 'sglang', scenario: 'kv_exhaustion', rules: ['kv_exhaustion', 'ttft_slo', 'capacity_limited'] },
  { engine: 'sglang', scenario: 'queue_buildup', rules: ['admission_limited', 'ttft_slo'] },
  { engine: 'sglang', scenario: 'slow_prefill', rules: ['ttft_slo', 'prefill_bound', 'prefix_cache_low'] },
  { engine: 'tgi', scenario: 'healthy', rules: [] },
  { engine: 'tgi', scenario: 'kv_exhaustion', rules: ['capacity_limited', 'errors'] },
  { engine: 'tgi', scenario: 'queue_buildup', rules: ['admission_limited', 'errors'] },
  { engine: 'tgi', scenario: 'errors', rules: ['errors'] },
  { engine: 'tgi', scenario: 'idle', rules: ['idle'] },
];
for (const { engine, scenario, rules } of scenes) {
  test(`${engine} in ${scenario} is found to have: ${rules.join(', ') || 'nothing'}`, () => {
    const analysis = analyse({ engine, snapshots: played(engine, scenario), slos: [ttft, itl], nowMs });
    expect(analysis.findings.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
    expect(analysisSchema.parse(analysis)).toEqual(analysis);
  });
}

test('a finding shows its numbers, what they were compared with, and the window they are from', () => {
  const fields = { kv_usage: 0.97, preemptions: 12, done: 60, failed: 0, waiting: 37 };
  const { findings, score } = analyse({ engine: 'vllm', snapshots: repeated(5, fields), nowMs });
  const window = { from: '2026-01-01T11:55:00.000Z', to: '2026-01-01T12:00:00.000Z', samples: 5, requests: 300 };
  expect(findings[0]).toMatchObject({ rule: 'kv_exhaustion', severity: 'critical' });
  expect(findings[0]?.evidence.slice(0, 3)).toEqual([
    { metric: 'kv_usage max', value: 0.97, unit: 'ratio', compared: { op: '>=', limit: 0.9 }, window },
    { metric: 'preemptions', value: 60, unit: 'events', compared: { op: '>', limit: 0 }, window },
    { metric: 'preemptions per finished request', value: 0.2, unit: 'ratio', compared: null, window },
  ]);
  expect(score.value).toBe(100 - 25 - 15);
  expect(score.deductions.map(({ because, points }) => [because, points])).toEqual([
    ['kv_exhaustion', 25],
    ['capacity_limited', 15],
  ]);
});

const busy = {
  ...{ kv_usage: 0.5, waiting: 0, running: 20, done: 20, failed: 0, preemptions: 0 },
  ...{ generation_tokens: 900, progress: 900 },
};
const edges: { title: string; fields: Partial<Snapshot>; count?: number; finds: Partial<Record<RuleId, string>> }[] = [
  { title: 'a full cache without preemptions is fine', fields: { ...busy, kv_usage: 0.99 }, finds: {} },
  {
    title: 'preemptions of 5 % are high, not critical',
    fields: { ...busy, kv_usage: 0.9, preemptions: 1 },
    finds: { kv_exhaustion: 'high' },
  },
  {
    title: 'preemptions above 5 % are critical',
    fields: { ...busy, kv_usage: 0.9, preemptions: 2 },
    finds: { kv_exhaustion: 'critical' },
  },
  {
    title: 'preemptions count, however full the pages saw the cache',
    fields: { ...busy, kv_usage: 0.6, preemptions: 2 },
    finds: { kv_exhaustion: 'critical' },
  },
  {
    title: 'preemptions count, however few requests ended',
    fields: { ...busy, done: 0, preemptions: 2 },
    finds: { kv_exhaustion: 'critical' },
  },
  {
    title: 'two preemptions are events, not a rate',
    fields: { ...busy, done: 0, preemptions: 0.4 },
    finds: { kv_exhaustion: 'medium' },
  },
  {
    title: 'preemptions of 1 % are medium',
    fields: { ...busy, done: 200, preemptions: 2 },
    finds: { kv_exhaustion: 'medium' },
  },
  {
    title: 'a queue beside a cache at 89 % is an admission limit',
    fields: { ...busy, kv_usage: 0.89, waiting: 1 },
    finds: { admission_limited: 'medium' },
  },
  {
    title: 'a queue beside a cache at 90 % is a capacity limit',
    fields: { ...busy, kv_usage: 0.9, waiting: 1 },
    finds: { capacity_limited: 'high' },
  },
  {
    title: 'a queue beside preemptions is a capacity limit, whatever the pages saw',
    fields: { ...busy, waiting: 1, preemptions: 1 },
    finds: { kv_exhaustion: 'high', capacity_limited: 'high' },
  },
  {
    title: 'refused requests make an admission limit high',
    fields: { ...busy, waiting: 1, overloaded: 1 },
    finds: { admission_limited: 'high' },
  },
  {
    title: 'refused requests make a capacity limit critical',
    fields: { ...busy, kv_usage: 0.95, waiting: 1, overloaded: 1 },
    finds: { capacity_limited: 'critical' },
  },
  { title: 'two snapshots are too few for a queue', fields: { ...busy, waiting: 9, done: 99 }, count: 2, finds: {} },
  { title: 'clients that leave are no failures', fields: { ...busy, aborted: 20 }, finds: {} },
];
for (const { title, fields, count = 5, finds } of edges) {
  test(title, () => {
    const { findings } = analyse({ engine: 'vllm', snapshots: repeated(count, fields), nowMs });
    expect(Object.fromEntries(findings.map(({ rule, severity }) => [rule, severity]))).toEqual(finds);
  });
}

const severities = [
  { counts: [0, 0, 100, 0, 0], target: 0.975, severity: 'medium' }, // exactly met is missed by `<`
  { counts: [0, 0, 100, 0, 0], target: 0.65, severity: 'high' },
  { counts: [0, 0, 100, 0, 0], target: 0.4, severity: 'critical' },
] as const;
for (const { counts, target, severity } of severities) {
  test(`a p95 of 0.975 s where ${target} s was promised is ${severity}`, () => {
    const snapshots = repeated(3, { ...busy, ttft_s: seconds(...counts) });
    const { findings } = analyse({ engine: 'vllm', snapshots, slos: [{ ...ttft, target }], nowMs });
    expect(findings).toMatchObject([{ rule: 'ttft_slo', severity, slo: 'first token', cause: null }]);
  });
}

const none = seconds(100, 0, 0, 0, 0);
const late = seconds(0, 0, 0, 100, 0);
const half = seconds(0, 0, 100, 0, 0);
const causes: { queue: typeof none | null; prefill: typeof none | null; cause: string | null }[] = [
  { queue: none, prefill: null, cause: 'prefill_bound' },
  { queue: half, prefill: null, cause: 'queue_bound' },
  { queue: none, prefill: late, cause: 'prefill_bound' },
  { queue: half, prefill: late, cause: 'prefill_bound' },
  { queue: late, prefill: half, cause: 'queue_bound' },
  { queue: none, prefill: none, cause: 'host_bound' }, // who else
  { queue: seconds(0, 100, 0, 0, 0), prefill: seconds(0, 100, 0, 0, 0), cause: 'host_bound' },
  { queue: seconds(0, 60, 40, 0, 0), prefill: seconds(0, 60, 40, 0, 0), cause: null },
  { queue: null, prefill: late, cause: null },
];
for (const { queue, prefill, cause } of causes) {
  test(`a first token after 1.95 s, ${queue?.p95 ?? 'untold'} of them queueing and ${prefill?.p95 ?? 'untold'} reading: ${cause ?? 'no cause'}`, () => {
    const snapshots = repeated(3, { ...busy, ttft_s: late, queue_s: queue, prefill_s: prefill });
    const { findings } = analyse({ engine: 'vllm', snapshots, slos: [ttft], nowMs });
    expect(findings.filter(({ rule }) => rule === 'ttft_slo')).toMatchObject([{ cause }]);
  });
}

test('without an SLO there is no verdict on latency, and too little data is said, not passed', () => {
  const thin = { ...busy, done: 2, preemptions: null };
  const { findings, not_evaluated } = analyse({ engine: 'vllm', snapshots: repeated(5, thin), nowMs });
  expect(findings).toEqual([]);
  expect(Object.fromEntries(not_evaluated.map(({ rule, reason }) => [rule, reason]))).toMatchObject({
    kv_exhaustion: 'the page does not count preemptions',
    ttft_slo: 'no SLO names a metric of `ttft_…`',
    itl_slo: 'no SLO names a metric of `itl_…`',
    errors: 'needs 50 finished requests in the window, got 10',
    prefill_bound: 'the page does not tell how long prompts are read',
    speculation_low: 'the page counts no drafted tokens',
    prefix_cache_low: 'the page does not count prefix cache lookups',
  });
});

test('nothing known has no score, nor has an idle engine; a healthy one has 100', () => {
  const scoreOf = (snapshots: Snapshot[]) => analyse({ engine: 'vllm', snapshots, nowMs }).score;
  expect(scoreOf([])).toEqual({ value: null, deductions: [] });
  expect(scoreOf(played('vllm', 'idle')).value).toBeNull();
  expect(scoreOf(repeated(5, busy))).toEqual({ value: 100, deductions: [] });
});

test('an idle engine is not called well: every other rule is open, and nothing speaks for a score', () => {
  const { clear, findings, confidence } = analyse({ engine: 'vllm', snapshots: played('vllm', 'idle'), nowMs });
  expect(findings.map(({ rule }) => rule)).toEqual(['idle']);
  expect(clear).toEqual([]);
  expect(confidence).toBeLessThan(0.1);
});

test('snapshots of another engine and from outside the window are not looked at', () => {
  const bad = { ...busy, waiting: 9 };
  const snapshots = [...repeated(5, { ...bad, engine: 'tgi' }), ...[301, 311, 321].map((agoS) => snapshot(agoS, bad))];
  expect(analyse({ engine: 'vllm', snapshots, nowMs }).window).toMatchObject({ samples: 0, requests: null });
});

test('the score names a broken promise that no finding is about', () => {
  const slow: Slo = { name: 'speed', metric: 'generation_tokens_per_s', op: '>=', target: 180, window_s: 60 };
  const { score, slos } = analyse({ engine: 'vllm', snapshots: repeated(6, busy), slos: [slow], nowMs });
  expect(slos[0]).toMatchObject({ state: 'violated', value: 90, ratio: 2, burn_rate: null, burn: [] });
  expect(score).toEqual({
    value: 75,
    deductions: [{ points: 25, because: 'speed', why: 'generation_tokens_per_s is 90, promised >= 180' }],
  });
});

/** A page that counts nothing, as after a restart. */
const anew: Partial<Snapshot> = {
  ...{ interval_s: null, baseline: 'counter_reset', done: null, failed: null, progress: null },
  ...{ generation_tokens: null, prompt_tokens: null, preemptions: null },
};

/** What must not pass for well, though no rule can call it trouble; the snapshots are 15 s apart. */
const unsure: {
  say: string;
  at: (nth: number) => Partial<Snapshot>;
  agoS?: number;
  rule: string;
  reason: string | null;
}[] = [
  {
    say: 'a queue for the last 45 s',
    at: (nth) => ({ waiting: nth >= 17 ? 9 : 0 }),
    rule: 'admission_limited',
    reason: null,
  },
  {
    say: 'a queue for the last minute',
    at: (nth) => ({ waiting: nth >= 16 ? 9 : 0 }),
    rule: 'admission_limited',
    reason: 'waited for the last 60 s',
  },
  {
    say: 'a queue for the last two minutes, beside a full cache',
    at: (nth) => ({ waiting: nth >= 12 ? 9 : 0, kv_usage: nth >= 12 ? 0.97 : 0.5 }),
    rule: 'capacity_limited',
    reason: 'waited for the last 120 s',
  },
  {
    say: 'a queue that is over',
    at: (nth) => ({ waiting: nth >= 8 && nth < 19 ? 9 : 0 }),
    rule: 'admission_limited',
    reason: null,
  },
  { say: 'one restart', at: (nth) => (nth === 9 ? anew : {}), rule: 'errors', reason: null },
  {
    say: 'a restart every minute',
    at: (nth) => (nth % 4 === 0 ? anew : {}),
    rule: 'errors',
    reason: 'began anew 5 times',
  },
  { say: 'an engine last reached two minutes ago', at: () => ({}), agoS: 120, rule: 'stalled', reason: null },
  { say: 'an engine last reached three minutes ago', at: () => ({}), agoS: 180, rule: 'stalled', reason: '180 s old' },
];
for (const { say, at, agoS = 0, rule, reason } of unsure)
  test(`${say}: ${reason ?? 'clear'}`, () => {
    const snapshots = Array.from({ length: 20 }, (_, nth) =>
      snapshot(agoS + (19 - nth) * 15, { ...busy, interval_s: 15, progress: 900, failed: 0, ...at(nth) }),
    );
    const { clear, not_evaluated } = analyse({ engine: 'vllm', snapshots, nowMs });
    const open = not_evaluated.find((one) => one.rule === rule)?.reason;
    if (reason !== null) expect(open).toContain(reason);
    expect(clear.some((one) => one === rule)).toBe(reason === null);
  });

const kept: Partial<Snapshot> = { ...busy, ttft_s: seconds(100, 0, 0, 0, 0), e2e_s: seconds(100, 0, 0, 0, 0) };
const promises: Slo[] = [ttft, { ...ttft, name: 'whole', metric: 'e2e_p95_s' }];
const pictures: { agoS: number; everyS?: number; window_s?: number; state: string }[] = [
  { agoS: 150, state: 'met' },
  { agoS: 200, everyS: 260, state: 'met' }, // there is nothing newer to be had
  { agoS: 22, everyS: 15, window_s: 30, state: 'met' },
  { agoS: 23, everyS: 15, window_s: 30, state: 'not_evaluated' },
  { agoS: 151, state: 'not_evaluated' },
  { agoS: 151, window_s: 303, state: 'met' }, // by its own window it is young
  { agoS: 0, window_s: 10, state: 'met' },
];
for (const { agoS, everyS = 10, window_s = 300, state } of pictures)
  test(`promises over ${window_s} s, read every ${everyS} s, kept until ${agoS} s ago, are ${state}`, () => {
    const snapshots = Array.from({ length: 10 }, (_, nth) =>
      snapshot(agoS + nth * everyS, { ...kept, interval_s: everyS }),
    );
    const slos = promises.map((slo) => ({ ...slo, window_s }));
    const { clear, slos: judged } = analyse({ engine: 'vllm', snapshots, slos, nowMs });
    expect(judged.map((slo) => slo.state)).toEqual([state, state]);
    if (state !== 'met') expect(judged[0]?.reason).toContain(`${agoS} s old`);
    expect(clear.includes('ttft_slo')).toBe(state === 'met');
  });

test('a promise that was broken when the engine was last reached is broken', () => {
  const snapshots = repeated(10, { ...busy, ttft_s: late }).map((one) => ({
    ...one,
    taken_at: new Date(Date.parse(one.taken_at) - 200_000).toISOString(),
  }));
  expect(analyse({ engine: 'vllm', snapshots, slos: [ttft], nowMs }).slos[0]?.state).toBe('violated');
});
