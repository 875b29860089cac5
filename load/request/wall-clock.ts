/** The time of day of what is measured by a clock that only ever goes forwards. */
import { performance } from 'node:perf_hooks';

/** From what such a clock says now to milliseconds since 1970. */
export function epochOf(nowMs: number): number {
  return wallClockMs() - nowMs;
}

/** Finer than a millisecond, and that of `Date` where the machine's clock has been set since the process began. */
function wallClockMs(): number {
  const fineMs = performance.timeOrigin + performance.now();
  const wholeMs = Date.now();
  return Math.abs(fineMs - wholeMs) < 2 ? fineMs : wholeMs;
}
