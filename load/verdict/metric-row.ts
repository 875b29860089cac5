/** What a row of the table of metrics says: what is read, of what, in which unit, and what a limit on it means to the judge. */
import type { RequestCounts } from '../measure/counts.ts';
import type { LatencyHistogram } from '../measure/histogram.ts';
import type { EndpointData, RunData } from '../measure/run-data.ts';
import type { Unit } from '../measure/units.ts';
import type { RowNeed } from './row-extras-metric.ts';
import type { RunLimits } from './limits.ts';

/** What was counted in a part of the time. */
export interface WindowSums {
  readonly ok: number;
  readonly failed: number;
  readonly lengthMs: number;
  /** By when they came; absent where nothing was a stream, and tokens where none were counted. */
  readonly streams?: { readonly events: number; readonly tokens: number | undefined };
  /** Absent where no WebSocket was opened. */
  readonly sockets?: { readonly sent: number; readonly received: number };
}

export interface PlainMetric {
  readonly unit: Unit;
  /** `run`: it is known of the whole run only, of no endpoint. */
  readonly of: 'run' | 'endpoint';
  /** In a closed model nothing has an intended start. */
  readonly openOnly?: true;
  /** Of the run, or of an endpoint by its counts and its row; undefined without data, which no limit survives. */
  readonly read: (run: RunData, counts: RequestCounts, row?: EndpointData) => number | undefined;
  /** Of the seconds in a part of the time, where it is kept by time. */
  readonly inWindow?: (sums: WindowSums) => number | undefined;
  /** What it tells of, if of one: work that was done, its share that went well, or what went wrong. */
  readonly tells?: 'work' | 'good' | 'bad';
  /** It tells what went wrong, and is judged of a load too that is played once. */
  readonly inOnce?: true;
  /** Nobody need write it: there must be none, unless a limit on this or on one of these speaks of the same. */
  readonly impliedUnless?: readonly (keyof RunLimits)[];
  /** Whether a run has what it speaks of; where it has not, nothing is implied. */
  readonly isOf?: (run: RunData) => boolean;
  /** The same of a row, where not each has it. */
  readonly isOfRow?: (row: EndpointData) => boolean;
  /** What only some rows have, and without which there is no data. */
  readonly needs?: RowNeed;
  /** Which errors explain a miss: those of a kind, all that are not the scenario's own, or the scenario's own. */
  readonly errors?: (kind: string) => boolean;
}

/** Latencies that share a name before their statistics: `serviceTime.p99`. */
export interface LatencyGroup {
  readonly of: 'run' | 'endpoint';
  readonly openOnly?: true;
  /** The histogram of the run, or of one of its endpoints. */
  readonly read: (run: RunData, endpoint: EndpointData | undefined) => LatencyHistogram;
  /** Kept by the second too, but for its moments. */
  readonly inWindows?: 'firstEvent' | 'gap';
  /** What only some rows have, and without which there is no data. */
  readonly needs?: RowNeed;
}
