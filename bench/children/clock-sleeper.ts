/**
 * Sleeps to so many moments a second for so many milliseconds, on a futex and with nothing else to do, and prints how
 * late it woke: what the machine itself adds to a generator that sleeps between its requests.
 */
import { percentilesOf } from '../percentiles.ts';

const [perSec, ms] = [Number(process.argv[2]), Number(process.argv[3])];
const warmUpMs = 200;
const never = new Int32Array(new SharedArrayBuffer(4));

function latenessFor(totalMs: number): number[] {
  const late: number[] = [];
  const zeroMs = performance.now();
  for (let n = 1; n * 1_000 <= totalMs * perSec; n++) {
    const dueMs = zeroMs + (n * 1_000) / perSec;
    while (performance.now() < dueMs) Atomics.wait(never, 0, 0, dueMs - performance.now());
    late.push(performance.now() - dueMs);
  }
  return late;
}

latenessFor(warmUpMs); // compiled
const percentileMs = percentilesOf(latenessFor(ms));
process.stdout.write(JSON.stringify({ p50Ms: percentileMs(50), p99Ms: percentileMs(99) }));
