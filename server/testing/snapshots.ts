/** Snapshots for tests: made by hand, field by field, or played by a fake engine. */
import { playedSnapshots } from '../fake-engine/played-snapshots.ts';
import type { ScenarioName } from '../fake-engine/scenarios.ts';
import { distributionOf, type Distribution } from '../domain/engines/distribution.ts';
import type { Engine } from '../domain/engines/engine.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';

export const nowMs = Date.UTC(2026, 0, 1, 12);

const blank: Omit<Snapshot, 'taken_at'> = {
  engine: 'vllm',
  interval_s: 10,
  baseline: null,
  running: null,
  waiting: null,
  kv_usage: null,
  ttft_s: null,
  itl_s: null,
  e2e_s: null,
  queue_s: null,
  prefill_s: null,
  inference_s: null,
  prompt_length: null,
  generation_length: null,
  done: null,
  failed: null,
  overloaded: null,
  aborted: null,
  preemptions: null,
  generation_tokens: null,
  prompt_tokens: null,
  prefix_hits: null,
  prefix_queries: null,
  progress: null,
  spec_drafted: null,
  spec_accepted: null,
  requests_per_s: null,
  preemptions_per_s: null,
  generation_tokens_per_s: null,
  prompt_tokens_per_s: null,
  prefix_hit_ratio: null,
  coverage: { present: [], absent: [] },
};

export function snapshot(agoS: number, fields: Partial<Snapshot>): Snapshot {
  return { ...blank, taken_at: new Date(nowMs - agoS * 1_000).toISOString(), ...fields };
}

/** The same snapshot `count` times, 10 s apart, the last one now. */
export function repeated(count: number, fields: Partial<Snapshot>): Snapshot[] {
  return Array.from({ length: count }, (_, at) => snapshot((count - 1 - at) * 10, fields));
}

/** Counts below 0.1, 0.5, 1 and 2 s, and above. */
export function seconds(...counts: [number, number, number, number, number]): Distribution {
  return distributionOf({ bounds: [0.1, 0.5, 1, 2], counts, sum: null });
}

/** What the agent would have collected of a fake engine every 10 s until now. */
export function played(engine: Engine, scenario: ScenarioName): Snapshot[] {
  return [...playedSnapshots({ engine, scenario, count: 12, everyMs: 10_000, nowMs })];
}
