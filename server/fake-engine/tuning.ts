/**
 * The flags of a simulated engine, in each engine's own words, and what they mean to the simulation. Numbers describe one
 * 80 GB accelerator with 60 GB of weights and 0.25 MB of key-value cache per token at 16 bits: about 48,000 tokens.
 */
import type { Engine } from '../domain/engines/engine.ts';

export type FlagValue = string | number | boolean | null;
/** Flags with their dashes: `--max-num-seqs`. */
export type Flags = Readonly<Record<string, FlagValue>>;

/** What the simulation understands of an engine's flags. */
export interface Tuning {
  /** Tokens that fit into the key-value cache. */
  readonly kvTokens: number;
  readonly maxRunning: number;
  /** Requests in the engine beyond which new ones are refused; `Infinity` if it never refuses. */
  readonly maxConcurrent: number;
  /** Share of a request's coming tokens that must fit before it is admitted: 0 admits on hope and preempts later. */
  readonly reserve: number;
  /** Tokens a second while prompts are read. */
  readonly prefillTokensPerS: number;
}

const acceleratorGb = 80;
const weightsGb = 60;
const kvTokensPerGb16Bit = 4_000;
/** Prompts are read at this speed with the default chunk; half the chunk costs a quarter of it. */
const prefillTokensPerS = 20_000;

/** What each engine starts with when nothing else is said: a set-up that leaves a plan something to turn. */
export const defaultFlags: Readonly<Record<Engine, Flags>> = {
  vllm: {
    '--dtype': 'bfloat16',
    '--gpu-memory-utilization': 0.9,
    '--max-num-seqs': 256,
    '--max-num-batched-tokens': 8_192,
    '--kv-cache-dtype': 'auto',
    '--enable-prefix-caching': true,
    '--max-model-len': 8_192,
  },
  sglang: {
    '--dtype': 'bfloat16',
    '--mem-fraction-static': 0.9,
    '--max-running-requests': 256,
    '--chunked-prefill-size': 8_192,
    '--schedule-conservativeness': 1,
    '--kv-cache-dtype': 'auto',
    '--disable-radix-cache': false,
  },
  tgi: {
    '--dtype': 'bfloat16',
    '--cuda-memory-fraction': 0.9,
    '--max-concurrent-requests': 128,
    '--max-batch-size': 256,
    '--max-batch-prefill-tokens': 8_192,
    '--kv-cache-dtype': null,
  },
};

/** A flag of that name exists here, and the value may be given to it. */
export function knowsFlag(engine: Engine, flag: string): boolean {
  return Object.hasOwn(defaultFlags[engine], flag);
}

/** `prefillFactor` is the scenario's: how fast this accelerator reads prompts next to the usual one. */
export function tuningOf(engine: Engine, flags: Flags, prefillFactor = 1): Tuning {
  const set = { ...defaultFlags[engine], ...flags };
  const number = (flag: string, otherwise: number) => {
    const value = set[flag];
    return typeof value === 'number' ? value : otherwise;
  };
  const names = flagNames[engine];
  const eightBit = String(set['--kv-cache-dtype']).startsWith('fp8');
  const kvGb = Math.max(0.5, number(names.memory, 0.9) * acceleratorGb - weightsGb);
  return {
    kvTokens: Math.round(kvGb * kvTokensPerGb16Bit * (eightBit ? 2 : 1)),
    maxRunning: number(names.running, 256),
    maxConcurrent: engine === 'tgi' ? number('--max-concurrent-requests', 128) : Infinity,
    reserve: reserveOf(engine, number('--schedule-conservativeness', 1)),
    prefillTokensPerS: prefillTokensPerS * prefillFactor * Math.sqrt(Math.sqrt(number(names.prefill, 8_192) / 8_192)),
  };
}

const flagNames = {
  vllm: { memory: '--gpu-memory-utilization', running: '--max-num-seqs', prefill: '--max-num-batched-tokens' },
  sglang: { memory: '--mem-fraction-static', running: '--max-running-requests', prefill: '--chunked-prefill-size' },
  tgi: { memory: '--cuda-memory-fraction', running: '--max-batch-size', prefill: '--max-batch-prefill-tokens' },
} as const satisfies Record<Engine, object>;

/**
 * vLLM admits on hope; TGI reserves all; SGLang begins at 0.7 times its conservativeness and trusts more with every request
 * that fitted, of which 0.21 stands for the end.
 */
function reserveOf(engine: Engine, conservativeness: number): number {
  switch (engine) {
    case 'vllm':
      return 0;
    case 'tgi':
      return 1;
    case 'sglang':
      return Math.min(1, Math.max(0, 0.7 * conservativeness - 0.21));
  }
}

/** Part of the way from one tuning to another: a page stands for a fleet, of which a rollout has reached `share`. */
export function blend(from: Tuning, to: Tuning, share: number): Tuning {
  const mix = (a: number, b: number) => (a === b ? a : a + (b - a) * share);
  return {
    kvTokens: mix(from.kvTokens, to.kvTokens),
    maxRunning: Math.round(mix(from.maxRunning, to.maxRunning)),
    maxConcurrent: mix(from.maxConcurrent, to.maxConcurrent),
    reserve: mix(from.reserve, to.reserve),
    prefillTokensPerS: mix(from.prefillTokensPerS, to.prefillTokensPerS),
  };
}
