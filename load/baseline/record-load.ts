/** An accepted run put into the baseline of its load. */
import { compareWithBaseline } from '../analysis/baseline.ts';
import {
  type Baseline,
  baselineEnvironment,
  type BaselineKey,
  baselineRunOf,
  runsOf,
  withBaselineRun,
} from '../measure/baseline.ts';
import type { RunData } from '../measure/run-data.ts';
import type { BesidePast } from './baseline-series.ts';

export type RecordedLoad =
  | {
      readonly kind: 'recorded';
      readonly baseline: Baseline;
      /** The run, and those before it. */
      readonly told: BesidePast;
      /** Which run of its environment it became, from 1. */
      readonly kept: number;
    }
  | { readonly kind: 'refused'; readonly words: string };

export interface RecordParts {
  readonly load: BaselineKey;
  readonly data: RunData;
  /** Of the specs' repository, where the run does not say it itself. */
  readonly commit: string | undefined;
}

/** The same run is recorded once: both a job and the merge of its reports may be asked to. */
export function recordLoad(known: Baseline | undefined, { load, data, commit }: RecordParts): RecordedLoad {
  const run = baselineRunOf(data, commit);
  if (run?.latencyMs === undefined) return { kind: 'refused', words: 'no request was answered' };
  const environment = baselineEnvironment(data);
  const past = runsOf(known, environment);
  if (past.some(({ at }) => at === run.at)) return { kind: 'refused', words: 'this run is in the baseline already' };
  const baseline = withBaselineRun(known, { load, environment, run });
  const comparison = compareWithBaseline(past, run);
  return {
    kind: 'recorded',
    baseline,
    told: { past, now: run, environment, ...(comparison !== undefined && { comparison }) },
    kept: runsOf(baseline, environment).length,
  };
}
