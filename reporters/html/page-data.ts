/** What is embedded in a page, or sent to it while runs go on. */
import type { Environment, FindingSummary, Summary, Verdict } from '../../load/measure/summary.ts';
import type { RunView } from './run-view.ts';

export type PageData = {
  readonly runs: readonly RunView[];
} & (
  | {
      readonly kind: 'report';
      readonly verdict: Verdict;
      readonly startedAt: string;
      readonly durationMs: number;
      readonly environment: Environment;
      readonly segments: Summary['segments'];
      readonly baseline?: string;
      /** Absent where nothing was asked; a live page has none, since they come at the end. */
      readonly findings?: readonly FindingSummary[];
    }
  | { readonly kind: 'live'; readonly end?: LiveEnd }
);

/** What came of a test run that a live page followed. */
export interface LiveEnd {
  /** Absent where no load was put on anything. */
  readonly verdict?: Verdict;
  /** Where its results are, as paths; the address of the report first, where there is one. */
  readonly files: readonly string[];
}

/** Ids of the page's two scripts' elements and of its root. */
export const pageIds = { data: 'playload-data', root: 'playload' } as const;

/** Where the live page listens, relative to its own address; the query of that address goes with it. */
export const eventsPath = 'events';

/** The event that tells a live page that a newer one took its place. */
export const replacedEvent = 'replaced';
