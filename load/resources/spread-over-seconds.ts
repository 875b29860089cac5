/**
 * Deals what two looks measured out to the seconds between them. A look is due at each whole second; one that comes
 * late proves that the loop did not turn from when it was due, so that stretch was busy through and through, and only
 * what is left of the busy time belongs to the time before.
 */

/** Lateness up to this is a timer's own grain, ms: it proves nothing. */
export const timerGrainMs = 20;

const secondMs = 1_000;

export interface WindowBetweenLooks {
  /** Milliseconds from the start of the first second. */
  readonly fromMs: number;
  readonly toMs: number;
  /** When the look that closes the window was due. */
  readonly dueMs: number;
  /** Time that the loop was busy, ms. Absent where it could not be watched. */
  readonly activeMs: number | undefined;
}

/** What of the window falls into one second. The shares of all its pieces add up to 1. */
export interface Piece {
  readonly second: number;
  readonly lengthMs: number;
  /** Share of the window's length. */
  readonly ofLength: number;
  /** Share of the window's busy time, and of whatever was done in it; of its length where nothing was busy. */
  readonly ofActive: number;
  readonly ofIdle: number;
}

export function piecesOf(window: WindowBetweenLooks): Piece[] {
  const { fromMs, toMs, activeMs = 0 } = window;
  const lengthMs = toMs - fromMs;
  if (lengthMs <= 0) return [];
  const lateFromMs = toMs - window.dueMs > timerGrainMs ? Math.max(fromMs, window.dueMs) : toMs;
  const lateMs = toMs - lateFromMs;
  const lateActiveMs = Math.min(activeMs, lateMs);
  const early = { lengthMs: lateFromMs - fromMs, activeMs: activeMs - lateActiveMs };
  const late = { lengthMs: lateMs, activeMs: lateActiveMs };
  return cutsBetween(fromMs, toMs).map(({ second, beginMs, endMs }) => {
    const inEarlyMs = Math.max(0, Math.min(endMs, lateFromMs) - beginMs);
    const inLateMs = endMs - beginMs - inEarlyMs;
    const pieceActiveMs = portion(early, inEarlyMs) + portion(late, inLateMs);
    const ofLength = (endMs - beginMs) / lengthMs;
    const idleMs = Math.max(0, endMs - beginMs - pieceActiveMs);
    return {
      second,
      lengthMs: endMs - beginMs,
      ofLength,
      ofActive: activeMs > 0 ? pieceActiveMs / activeMs : ofLength,
      ofIdle: activeMs < lengthMs ? idleMs / (lengthMs - activeMs) : ofLength,
    };
  });
}

function portion(stretch: { readonly lengthMs: number; readonly activeMs: number }, ms: number): number {
  return stretch.lengthMs > 0 ? (stretch.activeMs * ms) / stretch.lengthMs : 0;
}

/** The window cut at each whole second. */
function cutsBetween(fromMs: number, toMs: number): { second: number; beginMs: number; endMs: number }[] {
  const cuts: { second: number; beginMs: number; endMs: number }[] = [];
  for (let beginMs = fromMs; beginMs < toMs;) {
    const second = Math.floor(beginMs / secondMs);
    const endMs = Math.min(toMs, (second + 1) * secondMs);
    cuts.push({ second, beginMs, endMs });
    beginMs = endMs;
  }
  return cuts;
}
