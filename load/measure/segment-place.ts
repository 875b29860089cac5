/**
 * Where a segment was sent from: which shard of the load, and which core of that shard's machine. Shards are put together
 * by a merge later on; the cores of a machine are put together by the test itself.
 */
import type { RunData, SegmentData } from './run-data.ts';

type Segments = Pick<RunData, 'segments'>;

/** The shard of which the segment is all, or a core's part. */
export function shardOf({ index, of, core }: Pick<SegmentData, 'index' | 'of' | 'core'>): {
  readonly index: number;
  readonly of: number;
} {
  const cores = core?.of ?? 1;
  return { index: Math.floor(index / cores), of: of / cores };
}

/** Whether this is a share of a load, which the merge of all shards judges. */
export function awaitsMerge({ segments }: Segments): boolean {
  return segments.some((segment) => shardOf(segment).of > 1);
}

/** Cores of each machine that sent: of the one that had the most. */
export function coresOf({ segments }: Segments): number {
  return Math.max(1, ...segments.map(({ core }) => core?.of ?? 1));
}

/** How `cores: 'auto'` came to them, once for machines that are alike; undefined where nobody said `auto`. */
export function coresWhyOf({ segments }: Segments): string | undefined {
  const all = new Set(segments.flatMap(({ coresWhy }) => coresWhy ?? []));
  return all.size === 0 ? undefined : [...all].join('; ');
}

/** How far apart the cores of a machine began, milliseconds; undefined where each machine had but one. */
export function startSkewMs({ segments }: Segments): number | undefined {
  const late = segments.flatMap(({ core }) => core?.lateMs ?? []);
  return late.length === 0 ? undefined : Math.max(...late);
}

/** Which generators were lost, and how; a sentence each. */
export function lostGenerators({ segments }: Segments): string[] {
  return segments.flatMap(({ lost }) => lost ?? []);
}
