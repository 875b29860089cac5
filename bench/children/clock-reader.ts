/**
 * Does nothing for so many milliseconds but read the clock, and prints how late at the 99th percentile a generator would
 * be that does no more: what is left of its lag is the machine's.
 */
import { lateMsAt } from '../late-starts.ts';

/** Far above two readings in a row, far below a lag that matters. */
const shortestGapMs = 0.002;
const warmUpMs = 200;

function gapsFor(ms: number): number[] {
  const gaps: number[] = [];
  let last = performance.now();
  const endMs = last + ms;
  while (last < endMs) {
    const now = performance.now();
    if (now - last >= shortestGapMs) gaps.push(now - last);
    last = now;
  }
  return gaps;
}

const ms = Number(process.argv[2]);
gapsFor(warmUpMs); // compiled
process.stdout.write(String(lateMsAt(0.99, gapsFor(ms), ms)));
