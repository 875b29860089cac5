/** The kinds of samples that a run can measure: the one union, and what each tells the books. */
import { http, type HttpDetails, type HttpSample } from './http.ts';
import type { SampleKind } from './kind.ts';
import { measured, type MeasuredDetails, type MeasuredSample } from './measured.ts';
import type { PhaseName } from './phases.ts';

export type Sample = HttpSample | MeasuredSample;
export type SampleDetails = HttpDetails | MeasuredDetails;

const kinds = { http, measured } satisfies Record<Sample['kind'], unknown>;

export function kindOf(sample: Sample): SampleKind<Sample, PhaseName, SampleDetails> {
  return kinds[sample.kind] as SampleKind<Sample, PhaseName, SampleDetails>; // of its own kind
}

/** First byte sent to last byte received. A timeout counts from the call, so that it is never less than the limit it hit. */
export function serviceMsOf({ sentAtMs, calledAtMs, endedAtMs, failure }: Sample): number {
  return endedAtMs - (failure?.kind === 'timeout' ? calledAtMs : (sentAtMs ?? calledAtMs));
}
