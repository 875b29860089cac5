/**
 * Puts the segments of one run together. What does not belong together is left out and named: a sum over the wrong
 * parts is worse than no sum.
 */
import type { OpenedRun } from '../../load/measure/payload.ts';
import { emptyRunData, type RunData } from '../../load/measure/run-data.ts';
import { awaitsMerge } from '../../load/measure/segment-place.ts';
import { type AttachedRun, bySegment } from './attached-run.ts';
import { addSeenFrom } from './lay-over.ts';
import { differs, notTogether } from './one-load.ts';

type ReadableRun = Extract<AttachedRun, { kind: 'run' }>;

export interface MergedRun {
  /** Everything that fits together; empty when nothing could be read. */
  readonly data: RunData;
  /** Segments that the whole run has, and those that are in `data`; both from 1. */
  readonly expected: number;
  readonly present: readonly number[];
  /** What makes the run incomplete, in words; empty when it is whole. */
  readonly problems: readonly string[];
}

/**
 * `planIndex` stands in for the plan of a run of which nothing could be read. The order in which the pieces came does not
 * matter, and what one of them measured is let go before the next is read.
 */
export function mergeSegments(pieces: readonly AttachedRun[], planIndex: number): MergedRun {
  const inOrder = pieces.toSorted(bySegment);
  const problems = inOrder.flatMap((piece) => (piece.kind === 'unreadable' ? [unreadable(piece.reason)] : []));
  const readable = inOrder.flatMap((piece) => (piece.kind === 'run' ? [piece] : []));
  const [first] = readable;
  if (first === undefined) {
    const plan = { index: planIndex, profile: 'unknown', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' } as const;
    return { data: emptyRunData(plan), expected: 1, present: [], problems };
  }
  const merged = emptyRunData(first.plan);
  const beganAtMs = Math.min(...readable.map(startOf));
  for (const run of readable) {
    const problem = misfit(merged, run) ?? added(merged, run, startOf(run) - beganAtMs);
    if (problem !== undefined) problems.push(problem);
  }
  const apart = awaitsMerge(merged) ? notTogether(merged.segments) : undefined; // the cores of one machine have said it
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
function misfit(merged: RunData, data: ReadableRun): string | undefined {
  const [known] = merged.segments;
  const [segment] = data.segments;
  if (known === undefined || segment === undefined) return undefined;
  const name = `segment ${segment.index + 1}`;
  if (segment.runId !== known.runId)
    return `${name} is of another run: its id is \`${segment.runId}\`, not \`${known.runId}\``;
  if (segment.of !== known.of)
    return `${name} is one of ${segment.of}, others are of ${known.of}: run all shards with as many \`cores\``;
  if (data.plan.profile !== merged.plan.profile)
    return `${name} ran \`${data.plan.profile}\`, others \`${merged.plan.profile}\``;
  if (merged.segments.some(({ index }) => data.segments.some((each) => each.index === index)))
    return `${name} is there twice`;
  return differs(known, segment, merged.plan);
}

function startOf({ segments }: ReadableRun): number {
  return Math.min(...segments.map(({ startedAtEpochMs }) => startedAtEpochMs));
}

/** Longer apart than this, there is no axis that shows both. */
const mostApartMs = 3_600_000;

/** Why a segment could not be added, and nothing of it was; undefined when it was. */
function added(merged: RunData, run: ReadableRun, laterMs: number): string | undefined {
  let opened: OpenedRun;
  try {
    opened = run.open();
  } catch (error) {
    return unreadable(wordsOf(error));
  }
  try {
    addSeenFrom(merged, opened, laterMs > mostApartMs ? 0 : laterMs);
    return undefined;
  } catch (error) {
    return `a segment could not be added: ${wordsOf(error)}`;
  }
}

function unreadable(reason: string): string {
  return `a segment's results could not be read: ${reason}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
