/**
 * A sequence is what an engine's metrics page showed over some minutes, with what people concluded from it. It is data:
 * figures out of a public issue, and what had to be filled in. The pages themselves are printed from it.
 */
import type { RuleId } from '../../domain/analysis/finding.ts';
import type { Slo } from '../../domain/analysis/slo.ts';
import type { Dress } from './dress.ts';
import type { Labels } from './families.ts';
import type { Layout } from './layouts.ts';
import type { Step } from './traffic.ts';

export interface Sequence {
  readonly name: string;
  readonly source: Source;
  /** Engine and version, as far as the source tells. */
  readonly version: string;
  /** Which names, labels and buckets the pages have. */
  readonly layout: Layout;
  /** How the page is written; `plain` when left out. */
  readonly dress?: Dress;
  /** Labels by which the series of the page are told apart: ranks, or models. One nameless series when left out. */
  readonly series?: readonly Labels[];
  readonly steps: readonly Step[];
  /** The first page is read right after the engine started. */
  readonly isNew?: true;
  readonly slos?: readonly Slo[];
  readonly expect: Expectation;
  /** Written from its source alone, before the rules had been tried on it; how that came out is in `docs/agent.md`. */
  readonly heldOut?: true;
  /** Takes long enough that only the system test replays it. */
  readonly large?: true;
}

interface Source {
  /** Null when no issue stands behind it: a case made by us, as engines' own sources say that they behave. */
  readonly url: string | null;
  /** What people said of it, in our words. */
  readonly said: string;
  /** What the source does not tell, and where the figure comes from instead. */
  readonly filledIn: string;
}

/** A rule, or several of which each would do. */
type Wanted = RuleId | readonly RuleId[];

export interface Expectation {
  /** Must be found with a severity of medium or above. */
  readonly alarms: readonly Wanted[];
  /** Must be found, however mildly: what people called worth knowing and no fault. */
  readonly hints?: readonly Wanted[];
  /** May be found or not. */
  readonly allowed?: readonly RuleId[];
}

/** A promise for sequences whose source names none. */
export function promise(metric: Slo['metric'], target: number): Slo {
  return { name: `${metric} promised`, metric, op: '<', target, window_s: 300 };
}
