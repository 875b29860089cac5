/** How a share of a load stands while it is being sent, for whoever looks on: its segment too, which is told in full at its end. */
import type { GeneratorSeries } from '../measure/generator-series.ts';
import type { RunData, SegmentData } from '../measure/run-data.ts';
import { type Place, sharedRunId, shareOf } from './segment.ts';

/** Of its generator the seconds from one on. */
export type Look = (sinceSecond: number) => RunData;

export interface LookParts {
  readonly data: RunData;
  readonly place: Place;
  readonly startedAtEpochMs: number;
  readonly elapsedMs: () => number;
  readonly generatorSince: (second: number) => GeneratorSeries;
  /** Cores that are lost by now, a sentence each. */
  readonly lost: () => readonly string[];
}

export function lookAt(parts: LookParts): Look {
  return (sinceSecond) => {
    const { data } = parts;
    const [segment = segmentSoFar(parts, sinceSecond)] = data.segments;
    const lost = parts.lost();
    return { ...data, segments: [{ ...segment, ...(lost.length > 0 && { lost }) }] };
  };
}

function segmentSoFar(
  { place, startedAtEpochMs, elapsedMs, generatorSince }: LookParts,
  sinceSecond: number,
): SegmentData {
  const { index, of } = shareOf(place);
  return {
    runId: sharedRunId(process.env),
    index,
    of,
    ...(place.core.of > 1 && { core: { ...place.core, lateMs: 0 } }),
    startedAtEpochMs,
    durationMs: Math.max(0, elapsedMs()),
    generator: generatorSince(sinceSecond),
    pid: process.pid,
  };
}
