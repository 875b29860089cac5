/** An iteration as the recorder knows it. */

/** An iteration as far as measuring goes. `dueMs` is on the recorder's clock; only an iteration's first request is measured from it. */
export interface MeasuredIteration {
  readonly warmUp: boolean;
  /** What its request was answered with before: the same again is a success, whatever it is. */
  readonly statusBefore?: number | undefined;
  /** Put off by pauses that come before the first request. */
  dueMs: number;
  /** Set by the recorder: when the first request was called, which was meant for `dueMs`. */
  firstCallAtMs?: number | undefined;
  /** Set by the recorder: when its scenario was called. */
  startedAtMs?: number | undefined;
  /** Kept by the recorder: requests of this iteration that are under way, and whether one of them went wrong. */
  underWay?: number;
  /** Told that `underWay` is another number. */
  onUnderWay?: (() => void) | undefined;
  hasFailure?: boolean;
  /** Its scenario is done, with whatever it left under way. */
  isOver?: boolean;
  /** Where requests under way were called, of those calls that were looked at. */
  callSites?: Set<CallSite>;
}

/**
 * A call that is on its way to be a request, as while its files or what reads its answer are loaded: until then its
 * iteration has it under way. What is given back says that it is one, or never will be.
 */
export function holdOpen(iteration: MeasuredIteration): () => void {
  const change = (by: number): void => {
    iteration.underWay = (iteration.underWay ?? 0) + by;
    iteration.onUnderWay?.();
  };
  change(1);
  return () => change(-1);
}

/** A place in the user's code, worked out when somebody asks. */
export interface CallSite {
  describe(): string;
}

/** When a call of an open model was meant to begin: only the first of an iteration was meant for its start. */
export function intendedMsOf(
  { calledAtMs }: { readonly calledAtMs: number },
  { firstCallAtMs, dueMs }: MeasuredIteration,
): number {
  return calledAtMs === firstCallAtMs ? dueMs : calledAtMs;
}
