/** What was tried on an instance before, for a plan that does not make the same mistake twice. */
import type { Tried } from '../optimization/plan.ts';
import type { Workflow } from './workflow.ts';

/** How many past workflows are looked at. */
export const rememberedWorkflows = 50;

/** @param workflows Newest first. @returns the newest last. */
export function triedIn(workflows: readonly Workflow[]): Tried[] {
  return workflows.toReversed().flatMap(({ id, status, progress }) => {
    if (status !== 'completed' && status !== 'rolled_back' && status !== 'inconclusive') return [];
    return (progress.changes ?? []).map(({ flag, to }) => ({
      workflow_id: id,
      flag,
      to,
      outcome: outcomeOf(status, progress),
    }));
  });
}

/** A change that somebody cancelled, or that could not be carried out, was taken back without having been judged. */
function outcomeOf(status: Tried['outcome'], { observations = [] }: Workflow['progress']): Tried['outcome'] {
  if (status !== 'rolled_back') return status;
  return observations.at(-1)?.verdict === 'broken' ? 'rolled_back' : 'inconclusive';
}
