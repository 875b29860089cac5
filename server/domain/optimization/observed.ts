/** What the plan must know of an engine's life beyond the findings: how many ran, how long requests were. */
import { SnapshotWindow, timeline } from '../analysis/window.ts';
import { quantileCeiling } from '../engines/distribution.ts';
import type { DistributionField } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';

export interface Observed {
  /** Most requests in the batch at once; null when not exported. */
  readonly runningMax: number | null;
  /** A length that 99 of 100 requests certainly do not exceed, prompt and answer together; null when that can't be said. */
  readonly p99Tokens: number | null;
}

/** Fewer requests than this say nothing about the longest of a hundred. */
const minLengths = 100;
const always = { fromMs: -Infinity, toMs: Infinity };

export function observe(seen: readonly Snapshot[] | SnapshotWindow): Observed {
  const window = seen instanceof SnapshotWindow ? seen : new SnapshotWindow(timeline(seen), always);
  const prompt = ceiling(window, 'prompt_length');
  const generation = ceiling(window, 'generation_length');
  return {
    runningMax: window.level('running')?.max ?? null,
    p99Tokens: prompt === null || generation === null ? null : prompt + generation,
  };
}

/** The upper bound of the bucket, not a value interpolated in it: a limit set from this must not cut real requests off. */
function ceiling(window: SnapshotWindow, field: DistributionField): number | null {
  const lengths = window.distribution(field);
  return lengths === null || lengths.count < minLengths ? null : quantileCeiling(lengths, 0.99);
}
