/** Segments of one machine's cores as they stand in a run: in order, each with how late it began, and who is missing. */
import type { RunData, SegmentData } from '../../measure/run-data.ts';

export interface CorePart {
  readonly data: RunData;
  /** On the machine's monotonic clock. */
  readonly beganAtMs: number;
}

/** `lost`: a sentence for each core that is missing. Those that loaded another server than the first are told too. */
export function withCores(parts: readonly CorePart[], of: number, lost: readonly string[]): SegmentData[] {
  const firstMs = Math.min(...parts.map(({ beganAtMs }) => beganAtMs));
  const segments = parts
    .flatMap(({ data, beganAtMs }) =>
      data.segments.map((segment) => ({
        ...segment,
        core: { index: segment.index % of, of, lateMs: Math.round((beganAtMs - firstMs) * 1_000) / 1_000 },
      })),
    )
    .sort((a, b) => a.index - b.index);
  const [first, ...rest] = segments;
  if (first === undefined) return [];
  const strange = parts[0]?.data.plan.servers === 'per-shard' ? [] : rest.flatMap((other) => strangerTo(first, other));
  const told = [...lost, ...strange];
  return [{ ...first, ...(told.length > 0 && { lost: told }) }, ...rest];
}

function strangerTo(first: SegmentData, { target, core }: SegmentData): string[] {
  const ours = first.target?.origins ?? [];
  const theirs = target?.origins ?? [];
  if (ours.length === 0 || theirs.length === 0 || ours.some((origin) => theirs.includes(origin))) return [];
  return [
    `core ${(core?.index ?? 0) + 1} loaded \`${theirs.join('`, `')}\`, and the first core \`${ours.join('`, `')}\`: aim all cores at one server`,
  ];
}
