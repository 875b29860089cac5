/** Where the agent gets the time from; a test or a demo may hand in a faster one. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}
