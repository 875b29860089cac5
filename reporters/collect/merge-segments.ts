/**
 * Puts the segments of one run together. What does not belong together is left out and named: a sum over the wrong
 * parts is worse than no sum.
 */
import { addRunData, emptyRunData, type RunData } from '../../load/measure/run-data.ts';
import type { AttachedRun } from './attached-run.ts';
import { seenFrom } from './lay-over.ts';
import { differs, notTogether } from './one-load.ts';

export interface MergedRun {
  /** Everything that fits together; empty when nothing could be read. */
  readonly data: RunData;
  /** Segments that the whole run has, and those that are in `data`; both from 1. */
  readonly expected: number;
  readonly present: readonly number[];
  /** What makes the run incomplete, in words; empty when it is whole. */
  readonly problems: readonly string[];
}

/** `planIndex` stands in for the plan of a run of which nothing could be read. */
export function mergeSegments(pieces: readonly AttachedRun[], planIndex: number): MergedRun {
  const problems = pieces.flatMap((piece) =>
    piece.kind === 'unreadable' ? [`a segment's results could not be read: ${piece.reason}`] : [],
  );
  const readable = pieces.flatMap((piece) => (piece.kind === 'run' ? [piece.data] : []));
  const [first] = readable;
  if (first === undefined) {
    const plan = { index: planIndex, profile: 'unknown', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' } as const;
    return { data: emptyRunData(plan), expected: 1, present: [], problems };
  }
  const merged = emptyRunData(first.plan);
  const beganAtMs = Math.min(...readable.map(startOf));
  for (const data of readable) {
    const problem = misfit(merged, data);
    if (problem === undefined) problems.push(...added(merged, data, startOf(data) - beganAtMs));
    else problems.push(problem);
  }
  const apart = notTogether(merged.segments);
  if (apart !== undefined) problems.push(apart);
  const expected = first.segments[0]?.of ?? 1;
  const present = merged.segments.map(({ index }) => index + 1).sort((a, b) => a - b);
  return { data: merged, expected, present, problems };
}

/** Which segments are not there, in words; undefined when none is missing. */
export function missingSegments({ expected, present }: Pick<MergedRun, 'expected' | 'present'>): string | undefined {
  const missing = Array.from({ length: expected }, (_, at) => at + 1).filter((index) => !present.includes(index));
  if (missing.length === 0) return undefined;
  const [noun, verb] = missing.length === 1 ? ['segment', 'is'] : ['segments', 'are'];
  return `${noun} ${missing.join(', ')} of ${expected} ${verb} missing`;
}

/** Why the data is no further segment of what was merged so far. */
function misfit(merged: RunData, data: RunData): string | undefined {
  const [known] = merged.segments;
  const [segment] = data.segments;
  if (known === undefined || segment === undefined) return undefined;
  const name = `segment ${segment.index + 1}`;
  if (segment.runId !== known.runId)
    return `${name} is of another run: its id is \`${segment.runId}\`, not \`${known.runId}\``;
  if (segment.of !== known.of) return `${name} is one of ${segment.of}, others are of ${known.of}`;
  if (data.plan.profile !== merged.plan.profile)
    return `${name} ran \`${data.plan.profile}\`, others \`${merged.plan.profile}\``;
  if (merged.segments.some(({ index }) => index === segment.index)) return `${name} is there twice`;
  return differs(known, segment, merged.plan);
}

function startOf({ segments }: RunData): number {
  return Math.min(...segments.map(({ startedAtEpochMs }) => startedAtEpochMs));
}

/** Longer apart than this, there is no axis that shows both. */
const mostApartMs = 3_600_000;

function added(merged: RunData, data: RunData, laterMs: number): string[] {
  try {
    addRunData(merged, laterMs < 1 || laterMs > mostApartMs ? data : seenFrom(data, laterMs));
    return [];
  } catch (error) {
    return [`a segment could not be added: ${error instanceof Error ? error.message : String(error)}`];
  }
}
