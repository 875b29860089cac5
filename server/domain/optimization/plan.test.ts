import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import type { ScenarioName } from '../../fake-engine/scenarios.ts';
import { scenarios } from '../../fake-engine/scenarios.ts';
import { defaultFlags } from '../../fake-engine/tuning.ts';
import { nowMs, played, repeated, seconds } from '../../testing/snapshots.ts';
import { analyse } from '../analysis/analyse.ts';
import type { Slo } from '../analysis/slo.ts';
import { distributionOf } from '../engines/distribution.ts';
import type { Engine } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { constraintsSchema, defaultConstraints, type Constraints } from './constraints.ts';
import { configSchema, type Config } from './flags.ts';
import { plan, planSchema, type Plan, type Tried } from './plan.ts';

const ttft: Slo = { name: 'first token', metric: 'ttft_p95_s', op: '<', target: 1, window_s: 300 };
const itl: Slo = { name: 'flow', metric: 'itl_p95_s', op: '<', target: 0.1, window_s: 300 };

interface Given {
  readonly engine?: Engine;
  readonly snapshots: readonly Snapshot[];
  readonly slos?: readonly Slo[];
  readonly config?: Config;
  readonly constraints?: Partial<Constraints>;
  readonly history?: readonly Tried[];
}

function planned({ engine = 'vllm', snapshots, slos = [], constraints = {}, ...rest }: Given): Plan {
  const analysis = analyse({ engine, snapshots, slos, nowMs });
  return plan({ engine, analysis, snapshots, constraints: { ...defaultConstraints, ...constraints }, ...rest });
}

/** `--max-num-seqs=24 documented` */
function brief({ actions }: Plan): string[] {
  return actions.map(
    (action) => `${action.flag}${action.kind === 'evaluate' ? '' : `=${String(action.to)}`} ${action.basis}`,
  );
}

const scenes: { engine: Engine; scenario: ScenarioName; actions: string[] }[] = [
  {
    engine: 'vllm',
    scenario: 'kv_exhaustion',
    actions: [
      '--kv-cache-dtype=fp8 arithmetic',
      '--gpu-memory-utilization=0.95 documented',
      '--max-num-seqs=32 documented',
    ],
  },
  { engine: 'vllm', scenario: 'queue_buildup', actions: ['--max-num-seqs=18 documented'] },
  { engine: 'vllm', scenario: 'slow_prefill', actions: ['--max-num-batched-tokens=16384 documented'] },
  { engine: 'vllm', scenario: 'healthy', actions: [] },
  { engine: 'vllm', scenario: 'idle', actions: [] },
  { engine: 'vllm', scenario: 'errors', actions: [] },
  {
    engine: 'sglang',
    scenario: 'kv_exhaustion',
    actions: [
      '--kv-cache-dtype=fp8_e4m3 arithmetic',
      '--schedule-conservativeness=1.3 documented',
      '--mem-fraction-static=0.91 documented',
    ],
  },
  {
    engine: 'sglang',
    scenario: 'queue_buildup',
    actions: ['--max-running-requests=18 documented', '--schedule-conservativeness=0.3 documented'],
  },
  {
    engine: 'tgi',
    scenario: 'kv_exhaustion',
    actions: ['--kv-cache-dtype=fp8_e4m3fn arithmetic', '--cuda-memory-fraction=0.95 documented'],
  },
];
for (const { engine, scenario, actions } of scenes) {
  test(`${engine} in ${scenario}: ${actions.join(', ') || 'nothing to do'}`, () => {
    const config = { ...defaultFlags[engine], ...scenarios[scenario].flags[engine] };
    const made = planned({ engine, snapshots: played(engine, scenario), slos: [ttft, itl], config });
    expect(brief(made)).toEqual(actions);
    expect(planSchema.parse(made)).toEqual(made);
    expect(made.changes).toHaveLength(actions.length === 0 ? 0 : 1);
  });
}

const full = repeated(5, { kv_usage: 0.97, preemptions: 12, done: 60, failed: 0, waiting: 37, running: 40 });
const known: Config = {
  kv_cache_dtype: 'auto',
  dtype: 'bfloat16',
  'gpu-memory-utilization': 0.9,
  '--max-num-seqs': 256,
};

test('nothing is changed of which the current value is not known', () => {
  const { actions, skipped, changes } = planned({ snapshots: full });
  expect([actions, changes]).toEqual([[], []]);
  expect(skipped).toContainEqual({
    flag: '--max-num-seqs',
    because: 'kv_exhaustion',
    reason: 'the current value of `--max-num-seqs` is not known',
  });
});

test('an effect is expected only where it is arithmetic', () => {
  const { actions } = planned({ snapshots: full, config: known });
  expect(actions.map(({ flag, expected }) => [flag, expected?.factor ?? null])).toEqual([
    ['--kv-cache-dtype', 2],
    ['--gpu-memory-utilization', null],
    ['--max-num-seqs', null],
  ]);
  const unknownType = planned({ snapshots: full, config: { ...known, dtype: 'auto' } });
  expect(unknownType.actions.find(({ flag }) => flag === '--kv-cache-dtype')).toMatchObject({
    basis: 'documented',
    expected: null,
  });
});

test('one change answers two findings, and one rollout makes one change', () => {
  const { actions, changes } = planned({ snapshots: full, config: known });
  expect(actions[0]).toMatchObject({
    kind: 'set',
    from: 'auto',
    to: 'fp8',
    because: ['kv_exhaustion', 'capacity_limited'],
  });
  expect(changes).toEqual([{ flag: '--kv-cache-dtype', from: 'auto', to: 'fp8' }]);
});

const skips: { title: string; given: Omit<Given, 'snapshots'>; flag: string; reason: string }[] = [
  {
    title: 'a forbidden flag',
    given: { constraints: { forbid_flags: ['max_num_seqs'] } },
    flag: '--max-num-seqs',
    reason: '`forbid_flags` names it',
  },
  {
    title: 'no restart',
    given: { constraints: { allow_restart: false } },
    flag: '--max-num-seqs',
    reason: '`allow_restart` is false, and engines read flags at start only',
  },
  {
    title: 'no 8-bit cache',
    given: { constraints: { allow_kv_quantization: false } },
    flag: '--kv-cache-dtype',
    reason: '`allow_kv_quantization` is false',
  },
  {
    title: 'a cache of 8 bits already',
    given: { config: { kv_cache_dtype: 'fp8_e5m2' } },
    flag: '--kv-cache-dtype',
    reason: '`--kv-cache-dtype` is `fp8_e5m2` already',
  },
  {
    title: 'memory at its limit',
    given: { config: { 'gpu-memory-utilization': 0.95 } },
    flag: '--gpu-memory-utilization',
    reason: '`--gpu-memory-utilization` is at 0.95 already, allowed is 0.95',
  },
  {
    title: 'concurrency at its floor',
    given: { constraints: { min_concurrency: 256 } },
    flag: '--max-num-seqs',
    reason: '`--max-num-seqs` is at 256, and at least 256 are wanted',
  },
  {
    title: 'no shorter context',
    given: { config: { 'max-model-len': 8_192 } },
    flag: '--max-model-len',
    reason: '`allow_shorter_context` is false',
  },
  {
    title: 'no scaling',
    given: { config: { 'tensor-parallel-size': 1 }, constraints: { allow_scaling: false } },
    flag: '--tensor-parallel-size',
    reason: '`allow_scaling` is false',
  },
  {
    title: 'a change that was rolled back',
    given: { history: [{ workflow_id: 'w7', flag: 'kv-cache-dtype', to: 'fp8', outcome: 'rolled_back' }] },
    flag: '--kv-cache-dtype',
    reason: '`--kv-cache-dtype fp8` was tried and rolled back in workflow w7',
  },
];
for (const { title, given, flag, reason } of skips) {
  test(`${title}: ${flag} is skipped with the reason`, () => {
    const made = planned({ snapshots: full, ...given, config: { ...known, ...given.config } });
    expect(made.actions.map((action) => action.flag)).not.toContain(flag);
    expect(made.skipped).toContainEqual({ flag, because: 'kv_exhaustion', reason });
  });
}

test('another value that was rolled back does not stand in the way', () => {
  const history: Tried[] = [{ workflow_id: 'w7', flag: '--kv-cache-dtype', to: 'fp8_e5m2', outcome: 'rolled_back' }];
  expect(brief(planned({ snapshots: full, config: known, history }))[0]).toBe('--kv-cache-dtype=fp8 arithmetic');
});

test('memory is raised no further than allowed', () => {
  const made = planned({ snapshots: full, config: known, constraints: { max_memory_fraction: 0.92 } });
  expect(brief(made)).toContain('--gpu-memory-utilization=0.92 documented');
});

test('what helped before comes first, with the workflow as its reference and no promise', () => {
  const history: Tried[] = [{ workflow_id: 'w3', flag: '--max-num-seqs', to: 30, outcome: 'completed' }];
  const { actions } = planned({
    snapshots: full,
    config: { 'max-num-seqs': 256, 'gpu-memory-utilization': 0.9 },
    history,
  });
  expect(actions[0]).toMatchObject({
    flag: '--max-num-seqs',
    to: 30,
    basis: 'history',
    reference: 'workflow w3',
    expected: null,
  });
});

test('what could not be told last time gives way to the next setting, if there is one', () => {
  const tried = (flag: string, to: string | number): Tried => ({ workflow_id: 'w', flag, to, outcome: 'inconclusive' });
  const open = [tried('--kv-cache-dtype', 'fp8')];
  expect(planned({ snapshots: full, config: known, history: open }).changes[0]?.flag).toBe('--gpu-memory-utilization');
  const alone = { kv_cache_dtype: 'auto' };
  expect(planned({ snapshots: full, config: alone, history: open }).changes[0]?.flag).toBe('--kv-cache-dtype');
});

test('a limit that was never reached is not what holds requests back', () => {
  const queued = repeated(5, { kv_usage: 0.3, waiting: 9, running: 12, done: 60, failed: 0 });
  const { skipped } = planned({ snapshots: queued, config: { 'max-num-seqs': 256 } });
  expect(skipped).toContainEqual({
    flag: '--max-num-seqs',
    because: 'admission_limited',
    reason: 'at most 12 ran, so `--max-num-seqs` 256 is not what holds requests back',
  });
});

/** Both promises are broken, and that on the flow of tokens by more. */
const lateAndSlow = {
  snapshots: repeated(5, {
    done: 60,
    failed: 0,
    running: 3,
    ttft_s: seconds(0, 0, 0, 100, 0),
    itl_s: seconds(0, 100, 0, 0, 0),
    queue_s: seconds(100, 0, 0, 0, 0),
  }),
  slos: [
    { ...ttft, target: 1.5 },
    { ...itl, target: 0.1 },
  ],
};

const bothWays: { title: string; config: Config; actions: object[]; skipped: Record<string, string> }[] = [
  {
    title: 'the worse finding decides',
    config: { 'max-num-batched-tokens': 8_192, 'enable-chunked-prefill': true },
    actions: [{ flag: '--max-num-batched-tokens', to: 4_096, because: ['itl_slo'] }],
    skipped: { ttft_slo: 'itl_slo is the worse trouble, and this would add to it' },
  },
  {
    title: 'nor for the lesser one when nothing can be done for the worse',
    config: { 'max-num-batched-tokens': 8_192 },
    actions: [],
    skipped: {
      itl_slo:
        'without chunked prefill the engine refuses less than `--max-model-len`: set `--enable-chunked-prefill` in `config`',
      ttft_slo: 'itl_slo is the worse trouble, and this would add to it',
    },
  },
];
for (const { title, config, actions, skipped } of bothWays) {
  test(`a flag is not turned two ways: ${title}`, () => {
    const made = planned({ ...lateAndSlow, config });
    expect(made.actions).toMatchObject(actions);
    for (const [because, reason] of Object.entries(skipped))
      expect(made.skipped).toContainEqual({ flag: '--max-num-batched-tokens', because, reason });
  });
}

test('hardware comes after settings, and an untried model last and only as an idea', () => {
  const config = { ...known, 'tensor-parallel-size': 1, quantization: null };
  const { actions } = planned({ snapshots: full, config });
  expect(actions.map(({ kind }) => kind)).toEqual(['set', 'set', 'set', 'scale', 'evaluate']);
  expect(actions[3]).toMatchObject({ flag: '--tensor-parallel-size', from: 1, to: 2 });
});

test('the context is never made shorter than the lengths that were seen', () => {
  const bounds = [100, 200, 500, 1_000, 2_000, 5_000];
  const lengths = fc
    .integer({ min: 1, max: 6_000 })
    .chain((longest) => fc.array(fc.integer({ min: 1, max: longest }), { minLength: 20, maxLength: 60 }));
  const histogram = (values: number[]) => {
    const counts = [...bounds, Infinity].map(
      (bound, at) => values.filter((value) => value <= bound && value > (bounds[at - 1] ?? 0)).length,
    );
    return distributionOf({ bounds, counts, sum: null });
  };
  let lowered = 0;
  fc.assert(
    fc.property(lengths, lengths, (prompts, answers) => {
      const fields = { prompt_length: histogram(prompts), generation_length: histogram(answers) };
      const snapshots = full.map((one) => ({ ...one, ...fields }));
      const { actions } = planned({
        snapshots,
        config: { 'max-model-len': 32_768 },
        constraints: { allow_shorter_context: true },
      });
      const action = actions.find(({ flag }) => flag === '--max-model-len');
      if (action?.kind !== 'set') return;
      lowered += 1;
      const p99 = (values: number[]) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0;
      expect(Number(action.to)).toBeGreaterThanOrEqual(p99(prompts) + p99(answers));
    }),
  );
  expect(lowered).toBeGreaterThan(0);
});

test('constraints and configuration from outside are checked', () => {
  expect(constraintsSchema.safeParse({ max_memory_fraction: 0.96 }).success).toBe(false);
  expect(constraintsSchema.safeParse({ no_quantization: true }).success).toBe(false);
  expect(configSchema.safeParse({ '--max-num-seqs': 4, dtype: 'auto', quantization: null }).success).toBe(true);
  expect(configSchema.safeParse({ 'a b': 1 }).success).toBe(false);
  expect(configSchema.safeParse({ dtype: { a: 1 } }).success).toBe(false);
});
