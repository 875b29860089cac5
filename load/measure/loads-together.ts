/**
 * Several loads of one test as one: their numbers added exactly, as those of segments are. Each load knows the others of
 * its test here, so that a limit on several of them is judged wherever one of them is.
 */
import { addRunData, emptyRunData, type RunData } from './run-data.ts';

const testOf = new WeakMap<RunData, ReadonlyMap<number, RunData>>();

/** The loads of one test, each of which knows the others from now on. */
export function putTogether(loads: readonly RunData[]): void {
  const byIndex = new Map(loads.map((load) => [load.plan.index, load]));
  for (const load of loads) testOf.set(load, new Map([...(testOf.get(load) ?? []), ...byIndex]));
}

/** All of them in one, and nothing of theirs changed; undefined where one is not there. */
export function loadsTogether(load: RunData, indices: readonly number[]): RunData | undefined {
  const known = testOf.get(load);
  const all = emptyRunData(load.plan);
  for (const index of indices) {
    const data = index === load.plan.index ? load : known?.get(index);
    if (data === undefined) return undefined;
    addRunData(all, { ...data, thresholds: [] });
  }
  return all;
}
