/**
 * The stable name of a run or a finding: the same in every report of the same spec, whatever else ran beside it, so that an
 * address that names it stays true.
 */
import { createHash } from 'node:crypto';

/** What tells a run from all others of a suite; the run's own name, where its test has several, is the last of its titles. */
export interface RunNames {
  /** Playwright's project. */
  readonly project: string;
  /** File and titles, as Playwright shows them. */
  readonly title: readonly string[];
}

const idLength = 10;

/** Ten characters of `0-9a-z`. */
export function runIdOf({ project, title }: RunNames): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([project, ...title]))
    .digest();
  return hash.readBigUInt64BE().toString(36).padStart(idLength, '0').slice(-idLength);
}

/** The same things in the same order; of those with one id the second and further ones get `-2`, `-3`. */
export function distinctIds<Named extends { readonly id: string }>(all: readonly Named[]): Named[] {
  const seen = new Map<string, number>();
  return all.map((each) => {
    const times = (seen.get(each.id) ?? 0) + 1;
    seen.set(each.id, times);
    return times === 1 ? each : { ...each, id: `${each.id}-${times}` };
  });
}
