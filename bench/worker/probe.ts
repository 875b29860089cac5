/** Moments of a Playwright run, in a file beside its answer: what the load reporter costs lies between two of them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Moments {
  /** On one clock of the runner's process. */
  readonly lastTestMs?: number;
  readonly reportedMs?: number;
}

const file = (folder: string) => join(folder, 'moments.json');

export function probe(moment: keyof Moments): void {
  const folder = process.env['BENCH_FOLDER'];
  if (folder === undefined) return;
  writeFileSync(file(folder), JSON.stringify({ ...readMoments(folder), [moment]: performance.now() }));
}

export function readMoments(folder: string): Moments {
  return existsSync(file(folder)) ? (JSON.parse(readFileSync(file(folder), 'utf8')) as Moments) : {};
}
