/** By what the collected runs are known among baselines: as their workers call them. */
import type { BaselineKey } from '../../load/measure/baseline.ts';
import type { CollectedRun } from '../collect/collected-run.ts';

/** The runs that have a baseline, in the order of their test; neither what was only measured, nor what a merge has yet to judge. */
export function baselineKeys(runs: readonly CollectedRun[]): [run: CollectedRun, load: BaselineKey][] {
  const alike = new Map<string, number>();
  return runs
    .filter(({ data, awaitsMerge }) => data.segments.length > 0 && data.plan.unjudged !== true && !awaitsMerge)
    .toSorted((a, b) => a.data.plan.index - b.data.plan.index)
    .map((run) => {
      const key = keyOf(run);
      const { id, repeatEachIndex } = run.group.first.test;
      const same = JSON.stringify([key, id, repeatEachIndex]);
      const nth = (alike.get(same) ?? 0) + 1;
      alike.set(same, nth);
      return [run, nth === 1 ? key : { ...key, nth }];
    });
}

function keyOf({ data: { plan }, group }: CollectedRun): BaselineKey {
  const [, project = '', file = '', ...title] = group.first.test.titlePath();
  const { name, profile } = plan;
  return { project, file: file.replaceAll('\\', '/'), title, ...(name !== undefined && { name }), profile };
}
