/** What a reader wants to know first of a run that is not as it should be: what happened when, and whose it is. */

/** Something that happened in a run, seen in its merged numbers. */
export interface RunEvent {
  /** Of what: errors began, latency left its band, arrivals were dropped, a watched process, the load generator, the run's own end. */
  readonly kind: 'errors' | 'latency' | 'dropped' | 'cpu' | 'memory' | 'generator' | 'stopped';
  /** In milliseconds of the measured part, as is its end. */
  readonly fromMs: number;
  /** Absent of what is a moment. */
  readonly toMs?: number;
  /** The endpoint or the process. */
  readonly subject?: string;
  /** For people. */
  readonly sentence: string;
}

/** Whose numbers missed a limit, as far as they tell. */
export interface Culprit {
  /** An endpoint, or a check. */
  readonly name: string;
  /** What of it, in words: `67 × HTTP 503 on GET /mid, from 0:08 to 0:12`. */
  readonly words: string;
  /** The time that they speak of, in milliseconds of the measured part; absent where it is not known. */
  readonly at?: {
    /** Its begin. */
    readonly fromMs: number;
    /** Its end. */
    readonly toMs: number;
  };
}
