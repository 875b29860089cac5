/** What a person may decide about a workflow, and what follows from it. Pure: who wins a race is the store's matter. */
import { deltas } from './guard.ts';
import { isFinal, type WorkflowStatus } from './states.ts';
import { without, type Decision, type Workflow, type WorkflowProgress } from './workflow.ts';

export interface Decided {
  readonly status: WorkflowStatus;
  readonly progress: WorkflowProgress;
}

/** The workflow is not in a state that allows what was asked. */
export class WorkflowStateError extends Error {
  override readonly name = 'WorkflowStateError';
}

/** The state after a decision. @throws {@link WorkflowStateError} when there is nothing of the kind to decide. */
export function decide(workflow: Workflow, decision: Decision): Decided {
  switch (decision.verdict) {
    case 'approved':
      return approve(workflow, decision);
    case 'rejected':
      return reject(workflow, decision);
    case 'cancelled':
      return cancel(workflow, decision);
  }
}

function approve(workflow: Workflow, decision: Decision): Decided {
  const progress = remember(workflow, decision);
  if (workflow.status === 'awaiting_approval') {
    return { status: 'applying', progress: { ...withoutReason(progress), stage_index: 0 } };
  }
  if (workflow.status === 'inconclusive') return advance(workflow, withoutReason(progress));
  throw new WorkflowStateError(
    `only a workflow that awaits approval can be approved, this one is \`${workflow.status}\``,
  );
}

function reject(workflow: Workflow, decision: Decision): Decided {
  const progress = { ...remember(workflow, decision), reason: because('rejected', decision) };
  if (workflow.status === 'awaiting_approval') return { status: 'rejected', progress };
  if (workflow.status === 'inconclusive') return { status: 'rolling_back', progress };
  throw new WorkflowStateError(
    `only a workflow that awaits approval can be rejected, this one is \`${workflow.status}\``,
  );
}

function cancel(workflow: Workflow, decision: Decision): Decided {
  if (isFinal(workflow.status)) throw new WorkflowStateError(`the workflow is already \`${workflow.status}\``);
  if (workflow.status === 'rolling_back') throw new WorkflowStateError('the change is already being taken back');
  const progress = { ...remember(workflow, decision), reason: because('cancelled', decision) };
  const touched = ['applying', 'observing', 'inconclusive'].includes(workflow.status);
  return { status: touched ? 'rolling_back' : 'cancelled', progress };
}

/** After a stage that held, or that somebody let pass: the next one, or the end. */
export function advance(workflow: Workflow, progress: WorkflowProgress): Decided {
  const nextIndex = (progress.stage_index ?? 0) + 1;
  if (nextIndex < workflow.settings.stages.length) {
    return { status: 'applying', progress: { ...progress, stage_index: nextIndex } };
  }
  const last = progress.observations?.at(-1);
  const measured = progress.baseline === undefined || last === undefined ? [] : deltas(progress.baseline, last.window);
  const result = { simulated: workflow.mode === 'dry_run', deltas: measured };
  return { status: 'completed', progress: { ...progress, result } };
}

/** Whether this very decision was taken before: the same key by the same person. */
export function isRepeated(workflow: Workflow, decision: Decision): boolean {
  return (
    decision.key !== undefined &&
    (workflow.progress.decisions ?? []).some(
      ({ key, by, verdict }) => key === decision.key && by === decision.by && verdict === decision.verdict,
    )
  );
}

function remember({ progress }: Workflow, decision: Decision): WorkflowProgress {
  return { ...progress, decisions: [...(progress.decisions ?? []), decision] };
}

function because(what: string, { by, reason }: Decision): string {
  return reason === undefined ? `${what} by ${by}` : `${what} by ${by}: ${reason}`;
}

/** The reason belongs to the state that has been left. */
export function withoutReason(progress: WorkflowProgress): WorkflowProgress {
  return without(progress, 'reason');
}
