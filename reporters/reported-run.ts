/** A run as every way of showing it receives it: merged over its segments and judged once. */
import type { RunData } from '../load/measure/run-data.ts';
import type { RunSummary } from '../load/measure/summary.ts';
import type { Judgement } from '../load/verdict/judge.ts';

export interface ReportedRun {
  /** The figures of the result contract; what is printed in numbers comes from here. */
  readonly summary: RunSummary;
  /** Histograms and one-second windows, for whatever the summary leaves out: charts, phases, custom metrics. */
  readonly data: RunData;
  readonly judgement: Judgement;
}
