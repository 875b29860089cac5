/** vLLM's settings, in the order in which its documentation would have them tried. */
import type { Remedy } from './remedy.ts';
import {
  chunk,
  doubled,
  eightBitCache,
  evaluateQuantization,
  fewerAtOnce,
  moreAtOnce,
  moreMemory,
  shorterContext,
  switched,
  whenPrefillBound,
} from './turns.ts';

const tuning = 'https://docs.vllm.ai/en/latest/configuration/optimization.html';
const memory = 'https://docs.vllm.ai/en/latest/configuration/conserving_memory.html';

export const vllmRemedies: readonly Remedy[] = [
  {
    flag: '--gpu-memory-utilization',
    kind: 'set',
    rules: ['kv_exhaustion', 'capacity_limited'],
    reference: tuning,
    risk: 'less headroom: other processes on the accelerator may run it out of memory',
    turn: moreMemory('--gpu-memory-utilization', 0.05),
  },
  {
    flag: '--kv-cache-dtype',
    kind: 'set',
    rules: ['kv_exhaustion', 'capacity_limited'],
    reference: 'https://docs.vllm.ai/en/latest/features/quantization/quantized_kvcache.html',
    risk: 'answers may change slightly; check quality',
    turn: eightBitCache('fp8'),
  },
  {
    flag: '--max-num-seqs',
    kind: 'set',
    rules: ['kv_exhaustion'],
    reference: tuning,
    risk: 'more requests wait in the queue instead',
    turn: fewerAtOnce('--max-num-seqs', 0.75),
  },
  {
    flag: '--max-model-len',
    kind: 'set',
    rules: ['kv_exhaustion'],
    reference: memory,
    risk: 'requests longer than this are refused',
    turn: shorterContext('--max-model-len'),
  },
  {
    flag: '--max-num-seqs',
    kind: 'set',
    rules: ['admission_limited'],
    reference: tuning,
    risk: 'more cache is used at once, and tokens follow one another more slowly',
    turn: moreAtOnce('--max-num-seqs', 1.5),
  },
  {
    flag: '--enable-prefix-caching',
    kind: 'set',
    rules: ['ttft_slo'],
    reference: 'https://docs.vllm.ai/en/latest/features/automatic_prefix_caching.html',
    risk: 'none known; helps only prompts that share their beginning',
    turn: whenPrefillBound(switched('--enable-prefix-caching', true)),
  },
  {
    flag: '--max-num-batched-tokens',
    kind: 'set',
    rules: ['ttft_slo'],
    reference: tuning,
    risk: 'longer gaps between tokens while prompts are read',
    turn: whenPrefillBound(chunk('--max-num-batched-tokens', 2, { min: 2_048, max: 16_384 })),
  },
  {
    flag: '--max-num-batched-tokens',
    kind: 'set',
    rules: ['itl_slo'],
    reference: tuning,
    risk: 'first tokens come later',
    turn: chunk('--max-num-batched-tokens', 0.5, { min: 2_048, max: 16_384 }),
  },
  {
    flag: '--tensor-parallel-size',
    kind: 'scale',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: tuning,
    risk: 'needs twice the accelerators; communication between them costs time',
    turn: doubled('--tensor-parallel-size'),
  },
  {
    flag: '--data-parallel-size',
    kind: 'scale',
    rules: ['capacity_limited'],
    reference: 'https://docs.vllm.ai/en/latest/serving/data_parallel_deployment.html',
    risk: 'needs twice the accelerators',
    turn: doubled('--data-parallel-size'),
  },
  {
    flag: '--quantization',
    kind: 'evaluate',
    rules: ['capacity_limited', 'kv_exhaustion'],
    reference: memory,
    risk: 'another model in effect: only after an evaluation of its answers',
    turn: evaluateQuantization('--quantization'),
  },
];
