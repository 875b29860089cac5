/** Segments of one machine's cores as they stand in a run: in order, each with how late it began, and who is missing. */
import { apartOf } from '../../measure/overlap.ts';
import type { RunData, SegmentData } from '../../measure/run-data.ts';
import { formatMs, formatPercent } from '../../measure/units.ts';

export interface CorePart {
  readonly data: RunData;
  /** On the machine's monotonic clock. */
  readonly beganAtMs: number;
}

/** `lost`: a sentence for each core that is missing. Those that loaded another server than the first, or at another time, are told too. */
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
  const told = [...lost, ...strange, ...notTogether(segments)];
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

function notTogether(segments: readonly SegmentData[]): string[] {
  const apart = apartOf(segments.map(({ core, durationMs }) => ({ fromMs: core?.lateMs ?? 0, durationMs })));
  if (apart === undefined) return [];
  return [
    `the cores were together for ${formatPercent(apart.share)} of the shortest and began ${formatMs(apart.startsMs)} apart, so the server never had the whole load: something held one of them up when it should have begun, such as other work of the test or of the machine`,
  ];
}
