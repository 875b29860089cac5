/**
 * Whoever looks on never disturbs what is looked at: a watch that fails leaves its figure out and says so once, as a
 * warning of the process, and the load goes on. Without this a full table of file handles would end the run from
 * inside a timer.
 */
const warnedOf = new Set<string>();

/** What the work gives, or nothing if it throws. `what` names it in the warning: `the progress of a run`. */
export function quietly<Result>(what: string, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    warnOnce(what, error);
    return undefined;
  }
}

/** The same for work that nobody waits for. */
export async function quietlyLater(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    warnOnce(what, error);
  }
}

function warnOnce(what: string, error: unknown): void {
  if (warnedOf.has(what)) return;
  warnedOf.add(what);
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  process.emitWarning(`${what} failed, and the load goes on without it: ${reason}`, 'PlayloadWarning');
}
