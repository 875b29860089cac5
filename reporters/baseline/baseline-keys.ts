/** By what the collected runs are known among baselines: as their workers call them. */
import { baselineKey, type BaselineKey, nthKey } from '../../load/measure/baseline.ts';
import type { CollectedRun } from '../collect/collected-run.ts';

/** The runs that have a baseline: neither what was only measured, or played once, nor what a merge has yet to judge. */
export function baselineKeys(runs: readonly CollectedRun[]): [run: CollectedRun, load: BaselineKey][] {
  const own = runs
    .filter(
      ({ data, awaitsMerge }) =>
        data.segments.length > 0 && data.plan.unjudged !== true && data.plan.once !== true && !awaitsMerge,
    )
    .map((run) => ({ run, key: keyOf(run), test: run.group.first.test, at: run.data.plan.index }));
  return own.map(({ run, key, test, at }) => {
    const before = own.filter((other) => other.test === test && other.at < at && isAlike(other.key, key)).length;
    return [run, nthKey(key, before + 1)];
  });
}

function isAlike(a: BaselineKey, b: BaselineKey): boolean {
  return a.name === b.name && a.profile === b.profile;
}

function keyOf({ data: { plan }, group }: CollectedRun): BaselineKey {
  const [, project = '', ...titles] = group.first.test.titlePath();
  return baselineKey({ project, titles }, plan);
}
