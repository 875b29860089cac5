/**
 * Playwright writes down where each `expect` was called, for the step that it makes of it. Where no step is made nobody
 * reads that, and mapping it to the lines of a source file takes more time than everything else: while scenarios run,
 * such a stack is left empty. Every other error has its own; a Playwright whose functions are called otherwise is
 * slower, and that is all.
 */
import { currentScenario } from '../run/scenario-zone.ts';

/** As V8 calls it: for the first look at an error's `stack`. */
type Prepare = (error: Error, frames: readonly NodeJS.CallSite[]) => unknown;

let loads = 0;
let instead: { readonly ours: Prepare; readonly theirs: Prepare | undefined } | undefined;

/** From now on, until the returned function is called. */
export function leaveStacksUnread(): () => void {
  loads += 1;
  if (loads === 1) begin();
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    loads -= 1;
    if (loads === 0) end();
  };
}

function begin(): void {
  const theirs = Reflect.get(Error, 'prepareStackTrace') as Prepare | undefined;
  if (theirs === undefined) return; // nobody maps lines: a stack costs little
  const ours: Prepare = (error, frames) => (isUnread(frames) ? '' : theirs(error, frames));
  Error.prepareStackTrace = ours as typeof Error.prepareStackTrace;
  instead = { ours, theirs };
}

function end(): void {
  if (instead !== undefined && Error.prepareStackTrace === instead.ours)
    Error.prepareStackTrace = instead.theirs as typeof Error.prepareStackTrace;
  instead = undefined;
}

function isUnread([innermost, next]: readonly NodeJS.CallSite[]): boolean {
  return (
    innermost?.getFunctionName() === 'captureRawStack' &&
    next?.getFunctionName() === 'callMatcherAsStep' &&
    currentScenario() !== undefined
  );
}
