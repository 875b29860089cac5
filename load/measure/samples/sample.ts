/** The kinds of samples that a run can measure: the one union, and what each tells the books. */
import { http, type HttpDetails, type HttpSample } from './http.ts';
import type { SampleKind } from './kind.ts';
import type { PhaseName } from './phases.ts';

export type Sample = HttpSample;
export type SampleDetails = HttpDetails;

const kinds = { http } satisfies Record<Sample['kind'], unknown>;

export function kindOf(sample: Sample): SampleKind<Sample, PhaseName, SampleDetails> {
  return kinds[sample.kind];
}
