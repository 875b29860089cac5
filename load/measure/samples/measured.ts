/**
 * Any asynchronous function as a sample: a query, a remote procedure call, a message and its answer. What it did inside
 * nobody knows, so its way has one phase.
 */
import { maskText } from '../mask.ts';
import type { SampleBase, SampleKind } from './kind.ts';
import type { PhasesOf } from './phases.ts';

export interface MeasuredSample extends SampleBase {
  readonly kind: 'measured';
  /** As the scenario calls it: its row. */
  readonly name: string;
}

/** A measured call as an exemplar shows it. */
export interface MeasuredDetails {
  /** As the scenario calls it. */
  readonly measured: string;
}

export const measured: SampleKind<MeasuredSample, PhasesOf<'measured'>, MeasuredDetails> = {
  rowOf: ({ name }) => name,
  isGood: ({ failure }) => failure === undefined,
  answerOf: () => undefined,
  errorOf: ({ failure }) => ({ kind: failure?.code ?? 'other', text: failure?.message ?? '' }),
  filePhases({ calledAtMs }, { fromMs, toMs }, into) {
    const blockedMs = Math.max(0, calledAtMs - fromMs);
    into.running.recordMs(Math.max(0, toMs - fromMs - blockedMs));
    return blockedMs;
  },
  detailsOf: ({ name }) => ({ measured: maskText(name) }),
};
