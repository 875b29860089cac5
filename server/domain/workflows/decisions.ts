/**
 * What a person may decide about a workflow, and what follows from it: one table, of which the routes are made too.
 * Pure: who wins a race is the store's matter.
 */
import type { Scope } from '../api-keys.ts';
import { ProblemError } from '../problem.ts';
import { deltas } from './guard.ts';
import { isFinal, type WorkflowStatus } from './states.ts';
import {
  unwatched,
  without,
  type Decision,
  type Move,
  type Verdict,
  type Workflow,
  type WorkflowProgress,
} from './workflow.ts';

interface DecisionKind {
  /** The last part of the path, and what a key must be allowed to. */
  readonly verb: string;
  readonly scope: Scope;
  readonly summary: string;
  /** The next state by the present one; where there is none, there is nothing of the kind to decide. */
  readonly to: Partial<Record<WorkflowStatus, WorkflowStatus>>;
}

export const decisions: Readonly<Record<Verdict, DecisionKind>> = {
  approved: {
    verb: 'approve',
    scope: 'approve',
    summary: 'Let the change through, or an inconclusive stage pass',
    to: { awaiting_approval: 'applying', inconclusive: 'applying' }, // or `completed`, when it was the last stage
  },
  rejected: {
    verb: 'reject',
    scope: 'approve',
    summary: 'Refuse the change, or take an inconclusive stage back',
    to: { awaiting_approval: 'rejected', inconclusive: 'rolling_back' },
  },
  cancelled: {
    verb: 'cancel',
    scope: 'operate',
    summary: 'Stop a workflow; what it has applied is taken back',
    to: {
      queued: 'cancelled',
      collecting: 'cancelled',
      analyzing: 'cancelled',
      planned: 'cancelled',
      awaiting_approval: 'cancelled',
      applying: 'rolling_back',
      observing: 'rolling_back',
      inconclusive: 'rolling_back',
    },
  },
};

/** The state after a decision. @throws {@link ProblemError} `conflict` when there is nothing of the kind to decide. */
export function decide(workflow: Workflow, decision: Decision): Move {
  const { verdict, by, reason } = decision;
  const status = decisions[verdict].to[workflow.status];
  if (status === undefined) throw new ProblemError('conflict', refusal(verdict, workflow.status));
  const progress = { ...unwatched(workflow.progress), decisions: [...(workflow.progress.decisions ?? []), decision] };
  if (verdict !== 'approved') {
    const why = reason === undefined ? `${verdict} by ${by}` : `${verdict} by ${by}: ${reason}`;
    return { status, progress: { ...progress, reason: why } };
  }
  const going = without(progress, 'reason');
  return workflow.status === 'inconclusive'
    ? advance(workflow, going)
    : { status, progress: { ...going, stage_index: 0 } };
}

function refusal(verdict: Verdict, status: WorkflowStatus): string {
  if (verdict !== 'cancelled') {
    return `only a workflow that awaits approval can be ${verdict}, this one is \`${status}\``;
  }
  return isFinal(status) ? `the workflow is already \`${status}\`` : 'the change is already being taken back';
}

/** After a stage that held, or that somebody let pass: the next one, or the end. */
export function advance(workflow: Workflow, progress: WorkflowProgress): Move {
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
