/** What the simulated users want of the engine, and how the engine is set: one table row for each kind of trouble. */
import type { Engine } from '../domain/engines/engine.ts';
import type { Flags } from './tuning.ts';

export const scenarioNames = [
  'healthy',
  'kv_exhaustion',
  'queue_buildup',
  'slow_prefill',
  'errors',
  'idle',
  'counter_reset',
  'poor_speculation',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Scenario {
  readonly arrivalsPerS: number;
  /** Mean lengths; each request draws from half to one and a half of them. */
  readonly promptTokens: number;
  readonly generationTokens: number;
  /** Time between tokens with an empty batch, and what each running request adds. */
  readonly itlS: number;
  readonly itlPerRunningS: number;
  /** Share of requests that fail at their end. */
  readonly errorShare: number;
  /** Share of each prompt that the prefix cache knows. */
  readonly prefixShare: number;
  readonly prefillFactor: number;
  /** Tokens that each step proposes, and the share of them that is right; absent: the engine does not speculate. */
  readonly speculation?: { readonly drafted: number; readonly acceptance: number };
  /** The process starts anew after so many seconds; absent: never. */
  readonly restartEveryS?: number;
  readonly flags: Partial<Record<Engine, Flags>>;
}

const healthy: Scenario = {
  arrivalsPerS: 2.5,
  promptTokens: 1_000,
  generationTokens: 300,
  itlS: 0.02,
  itlPerRunningS: 0.000_25,
  errorShare: 0,
  prefixShare: 0.4,
  prefillFactor: 1,
  flags: {},
};

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  healthy,
  // Needs some 70,000 tokens of cache where 48,000 fit: admitted on hope, preempted, computed again.
  kv_exhaustion: { ...healthy, arrivalsPerS: 6, flags: { sglang: { '--schedule-conservativeness': 0.3 } } },
  // Half of what is asked for may run, though the cache is hardly used.
  queue_buildup: {
    ...healthy,
    flags: {
      vllm: { '--max-num-seqs': 12 },
      sglang: { '--max-running-requests': 12 },
      tgi: { '--max-batch-size': 12, '--max-concurrent-requests': 64 },
    },
  },
  // The cache has room and nobody queues, but reading prompts keeps the accelerator busy four fifths of the time.
  slow_prefill: { ...healthy, arrivalsPerS: 1, promptTokens: 2_000, prefixShare: 0.05, prefillFactor: 0.12 },
  errors: { ...healthy, errorShare: 0.08 },
  idle: { ...healthy, arrivalsPerS: 0 },
  counter_reset: { ...healthy, restartEveryS: 20 },
  // Of five tokens that are proposed, half a one is right: the other work is for nothing.
  poor_speculation: { ...healthy, itlS: 0.028, speculation: { drafted: 5, acceptance: 0.1 } },
};
