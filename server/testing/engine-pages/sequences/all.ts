/** Every sequence: troubles first, then the healthy, then those that the rules were not made from. */
import type { Sequence } from '../sequence.ts';
import { healthyOthers, healthyVllm } from './healthy.ts';
import { heldOutOthers } from './held-out-others.ts';
import { heldOutVllm } from './held-out-vllm.ts';
import { sglangTroubles } from './sglang-troubles.ts';
import { tgiTroubles } from './tgi-troubles.ts';
import { vllmMemory } from './vllm-memory.ts';
import { vllmQueues } from './vllm-queues.ts';
import { vllmSpeed } from './vllm-speed.ts';

export const sequences: readonly Sequence[] = [
  ...vllmMemory,
  ...vllmQueues,
  ...vllmSpeed,
  ...sglangTroubles,
  ...tgiTroubles,
  ...healthyVllm,
  ...healthyOthers,
  ...[...heldOutVllm, ...heldOutOthers].map((sequence) => ({ ...sequence, heldOut: true as const })),
];
