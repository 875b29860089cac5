/** Changes that would undo each other, make another trouble worse, or keep the engine from starting. */
import { expect } from '@playwright/test';
import { nowMs, repeated } from '../../testing/snapshots.ts';
import { test } from '../../testing/plain-test.ts';
import { analyse } from '../analysis/analyse.ts';
import type { Finding, RuleId } from '../analysis/finding.ts';
import type { Engine } from '../engines/engine.ts';
import { defaultConstraints } from './constraints.ts';
import type { Config } from './flags.ts';
import { plan, type Plan } from './plan.ts';

interface Given {
  readonly engine?: Engine;
  /** The worst first. */
  readonly found: readonly RuleId[];
  readonly cause?: Finding['cause'];
  readonly config: Config;
  readonly running?: number;
}

function planned({ engine = 'vllm', found, cause = null, config, running = 256 }: Given): Plan {
  const findings = found.map((rule): Finding => ({
    rule,
    severity: 'high',
    cause,
    slo: null,
    explanation: '',
    evidence: [],
  }));
  const snapshots = repeated(3, { running });
  const analysis = { ...analyse({ engine, snapshots, slos: [], nowMs }), findings };
  return plan({ engine, analysis, snapshots, config, constraints: { ...defaultConstraints, allow_scaling: false } });
}

const outcome = ({ actions, skipped }: Plan, flag: string): unknown =>
  actions.flatMap((action) => (action.flag !== flag ? [] : [action.kind === 'evaluate' ? 'aside' : action.to]))[0] ??
  skipped.find((one) => one.flag === flag)?.reason;

const seqs = '--max-num-seqs';
const tokens = '--max-num-batched-tokens';
const rows: (Given & { title: string; flag: string; outcome: unknown })[] = [
  {
    title: 'more requests than tokens in a step keep vLLM from starting: up to that many',
    found: ['admission_limited'],
    config: { [seqs]: 256, [tokens]: 300 },
    flag: seqs,
    outcome: 300,
  },
  {
    title: 'and none when there are as many already',
    found: ['admission_limited'],
    config: { [seqs]: 256, [tokens]: 256 },
    flag: seqs,
    outcome: 'the engine refuses more requests than `--max-num-batched-tokens`, which is 256',
  },
  {
    title: 'a kind of weights that is told in two ways is not known, and the reason says why',
    found: ['capacity_limited'],
    config: { '--quantization': 'fp8', '-q': 'awq' },
    flag: '--quantization',
    outcome: '`--quantization` is in `config` more than once, with different values',
  },
  {
    title: 'a step whose size is not known holds at least 512 tokens',
    found: ['admission_limited'],
    config: { [seqs]: 256 },
    flag: seqs,
    outcome: 384,
  },
  {
    title: 'and beyond that its size must be known',
    found: ['admission_limited'],
    config: { [seqs]: 512 },
    running: 512,
    flag: seqs,
    outcome: 'the engine refuses more requests than `--max-num-batched-tokens`, which is not known: set it in `config`',
  },
  {
    title: 'a step smaller than the context needs chunked prefill',
    found: ['itl_slo'],
    config: { [tokens]: 8_192, 'max-model-len': 8_192, 'enable-chunked-prefill': false },
    flag: tokens,
    outcome: 'without `--enable-chunked-prefill` the engine refuses less than `--max-model-len`',
  },
  {
    title: 'which must be known to be on',
    found: ['itl_slo'],
    config: { [tokens]: 8_192, 'max-model-len': 8_192 },
    flag: tokens,
    outcome:
      'without chunked prefill the engine refuses less than `--max-model-len`: set `--enable-chunked-prefill` in `config`',
  },
  {
    title: 'a context that fits needs nothing',
    found: ['itl_slo'],
    config: { [tokens]: 8_192, 'max-model-len': '4K' },
    flag: tokens,
    outcome: 4_096,
  },
  {
    title: 'nor is a step made smaller than the number of requests',
    found: ['itl_slo'],
    config: { [tokens]: 8_192, [seqs]: 5_000, 'enable-chunked-prefill': true },
    flag: tokens,
    outcome: 'the engine refuses fewer tokens than `--max-num-seqs`, which is 5000',
  },
  {
    title: 'larger steps wait until the cache has room again',
    found: ['prefill_bound', 'kv_exhaustion'],
    config: { [tokens]: 4_096 },
    flag: tokens,
    outcome: 'kv_exhaustion is found too, and this would make it worse',
  },
  {
    title: 'and so do more requests at once',
    found: ['admission_limited', 'capacity_limited'],
    config: { [seqs]: 256 },
    flag: seqs,
    outcome: 'capacity_limited is found too, and this would make it worse',
  },
  {
    title: 'the first token comes before the flow where it is the worse trouble',
    found: ['prefill_bound', 'itl_slo'],
    config: { [tokens]: 4_096, 'enable-chunked-prefill': true },
    flag: tokens,
    outcome: 8_192,
  },
  {
    title: 'and gives way where it is not',
    found: ['itl_slo', 'prefill_bound'],
    config: { [tokens]: 4_096, 'enable-chunked-prefill': true },
    flag: tokens,
    outcome: 2_048,
  },
  {
    title: 'memory that bytes decide is not turned as a fraction',
    found: ['kv_exhaustion'],
    config: { 'gpu-memory-utilization': 0.9, 'kv-cache-memory-bytes': '40G' },
    flag: '--gpu-memory-utilization',
    outcome: '`--kv-cache-memory-bytes` is set, and decides how large the cache is',
  },
  {
    title: 'a number of tokens holds, whatever their type',
    engine: 'sglang',
    found: ['kv_exhaustion'],
    config: { 'kv-cache-dtype': 'auto', 'max-total-tokens': 100_000 },
    flag: '--kv-cache-dtype',
    outcome: '`--max-total-tokens` is set, and decides how large the cache is',
  },
  {
    title: 'a limit that is not set does not decide',
    engine: 'sglang',
    found: ['kv_exhaustion'],
    config: { 'kv-cache-dtype': 'auto', 'max-total-tokens': null },
    flag: '--kv-cache-dtype',
    outcome: 'fp8_e4m3',
  },
  {
    title: 'SGLang lowers its caution by itself with attention in parallel',
    engine: 'sglang',
    found: ['admission_limited'],
    config: { 'schedule-conservativeness': 1, 'enable-dp-attention': true },
    flag: '--schedule-conservativeness',
    outcome: 'with `--enable-dp-attention` the engine lowers `--schedule-conservativeness` by itself',
  },
  {
    title: 'attention in parallel has no more replicas than shards',
    engine: 'sglang',
    found: ['capacity_limited'],
    config: { 'dp-size': 8, tp: 8, 'enable-dp-attention': true },
    flag: '--dp-size',
    outcome: 'with `--enable-dp-attention` the engine refuses more replicas than `--tp-size`',
  },
  {
    title: 'prompts that are read whole have no chunk to double',
    engine: 'sglang',
    found: ['prefill_bound'],
    config: { 'chunked-prefill-size': -1 },
    flag: '--chunked-prefill-size',
    outcome: '`--chunked-prefill-size` is `-1`, and that means that prompts are read whole, without chunks',
  },
  {
    title: 'a chunk stays a multiple of every page size',
    engine: 'sglang',
    found: ['itl_slo'],
    config: { 'chunked-prefill-size': 5_000 },
    flag: '--chunked-prefill-size',
    outcome: 2_560,
  },
  {
    title: 'graphs that were put off are put on for a host that is too slow',
    found: ['host_bound'],
    config: { 'enforce-eager': true },
    flag: '--enforce-eager',
    outcome: false,
  },
  {
    title: 'unless they would take the cache that is short',
    found: ['host_bound', 'kv_exhaustion'],
    config: { 'enforce-eager': true },
    flag: '--enforce-eager',
    outcome: 'kv_exhaustion is found too, and this would make it worse',
  },
  {
    title: 'more processes before the engine are worth a try aside',
    found: ['host_bound'],
    config: { 'api-server-count': 1 },
    flag: '--api-server-count',
    outcome: 'aside',
  },
  {
    title: 'fewer drafted tokens are worth a try aside, not a rollout',
    found: ['speculation_low'],
    config: { 'speculative-config': '{"method":"ngram","num_speculative_tokens":5}' },
    flag: '--speculative-config',
    outcome: 'aside',
  },
  {
    title: 'what does not speculate has nothing to try',
    engine: 'sglang',
    found: ['speculation_low'],
    config: { 'speculative-algorithm': null },
    flag: '--speculative-algorithm',
    outcome: '`--speculative-algorithm` is not set',
  },
  {
    title: 'a TGI that waits long before it lets requests in waits as its newer versions do',
    engine: 'tgi',
    found: ['admission_limited'],
    config: { WAITING_SERVED_RATIO: '1.2' },
    flag: '--waiting-served-ratio',
    outcome: 0.3,
  },
];
for (const { title, flag, outcome: expected, ...given } of rows) {
  test(`${given.engine ?? 'vllm'} ${flag}: ${title}`, () => {
    const made = planned(given);
    expect(outcome(made, flag)).toEqual(expected);
    expect(made.restart).toBe(made.changes.length > 0);
  });
}

const underfilled: RuleId[] = ['batch_underfilled', 'prefix_cache_low', 'errors', 'stalled', 'idle'];
for (const rule of underfilled) {
  test(`${rule}: nothing is turned, and nothing is made up`, () => {
    const made = planned({ found: [rule], config: { [seqs]: 256, [tokens]: 4_096 } });
    expect([made.actions, made.skipped, made.changes, made.restart]).toEqual([[], [], [], false]);
  });
}

test('an alias is forbidden like the flag, and a change names what the operator had', () => {
  const forbidden = plan({
    engine: 'sglang',
    analysis: {
      ...analyse({ engine: 'sglang', snapshots: [], slos: [], nowMs }),
      findings: [{ rule: 'capacity_limited', severity: 'high', cause: null, slo: null, explanation: '', evidence: [] }],
    },
    snapshots: [],
    config: { tensor_parallel_size: '2', dp: 1 },
    constraints: { ...defaultConstraints, forbid_flags: ['data_parallel_size'] },
  });
  expect(forbidden.actions).toMatchObject([{ flag: '--tp-size', from: '2', to: 4 }]);
  expect(forbidden.skipped).toContainEqual({
    flag: '--dp-size',
    because: 'capacity_limited',
    reason: '`forbid_flags` names it',
  });
});
