/** Moments of a Playwright run, in a file beside its answer: what the load reporter costs lies between two of them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** On one clock of the runner's process. */
export interface Moments {
  readonly firstTestMs?: number;
  readonly lastTestMs?: number;
  /** When the load reporter was done. */
  readonly reportedMs?: number;
  /** CPU time of the runner's process from the first test's begin to the last one's end. */
  readonly cpuMs?: number;
  /** What the load reporter itself worked, of a merge. */
  readonly reporterMs?: number;
  /** Most memory that was resident in the runner's process, of a merge. */
  readonly peakMb?: number;
}

const file = (folder: string) => join(folder, 'moments.json');

export function note(moments: Moments): void {
  const folder = process.env['BENCH_FOLDER'];
  if (folder === undefined) return;
  writeFileSync(file(folder), JSON.stringify({ ...readMoments(folder), ...moments }));
}

export function readMoments(folder: string): Moments {
  return existsSync(file(folder)) ? (JSON.parse(readFileSync(file(folder), 'utf8')) as Moments) : {};
}
