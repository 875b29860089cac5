/**
 * The states of a workflow and which may follow which: one table, and everything else is read from it.
 *
 * | state | who moves it on | to |
 * |---|---|---|
 * | queued | the runner, when its instance is registered and free | collecting |
 * | collecting | the runner, when it has measured the window before the change | analyzing |
 * | analyzing | the runner | planned, no_action |
 * | planned | the runner | awaiting_approval, applying |
 * | awaiting_approval | a person | applying, rejected |
 * | applying | the runner: looks at the engine, has the stage carried out | applying, observing, rolling_back |
 * | observing | the runner, when a phase of it or the stage's window is over | observing, applying, completed, rolling_back, inconclusive |
 * | inconclusive | a person: the change stays where it is until somebody decides | applying, completed, rolling_back |
 * | rolling_back | the runner | rolled_back, failed |
 *
 * Besides, a person may cancel what is not over, and the runner fails what can't go on.
 */

/** A step of the machine is due. */
export const runningStatuses = ['collecting', 'analyzing', 'planned', 'applying', 'observing', 'rolling_back'] as const;
/** Somebody has to decide. */
export const waitingStatuses = ['awaiting_approval', 'inconclusive'] as const;
/** Over: it never changes again. */
export const finalStatuses = ['completed', 'rolled_back', 'rejected', 'cancelled', 'failed', 'no_action'] as const;

export const workflowStatuses = ['queued', ...runningStatuses, ...waitingStatuses, ...finalStatuses] as const;

type RunningStatus = (typeof runningStatuses)[number];
type FinalStatus = (typeof finalStatuses)[number];
export type WorkflowStatus = (typeof workflowStatuses)[number];

const next: Readonly<Record<WorkflowStatus, readonly WorkflowStatus[]>> = {
  queued: ['collecting', 'cancelled', 'failed'],
  collecting: ['analyzing', 'cancelled', 'failed'],
  analyzing: ['planned', 'no_action', 'cancelled', 'failed'],
  planned: ['awaiting_approval', 'applying', 'cancelled', 'failed'],
  awaiting_approval: ['applying', 'rejected', 'cancelled'],
  applying: ['applying', 'observing', 'rolling_back', 'failed'],
  observing: ['observing', 'applying', 'completed', 'rolling_back', 'inconclusive', 'failed'],
  inconclusive: ['applying', 'completed', 'rolling_back'],
  rolling_back: ['rolled_back', 'failed'],
  completed: [],
  rolled_back: [],
  rejected: [],
  cancelled: [],
  failed: [],
  no_action: [],
};

export function mayFollow(from: WorkflowStatus, to: WorkflowStatus): boolean {
  return next[from].includes(to);
}

export function isFinal(status: WorkflowStatus): status is FinalStatus {
  return (finalStatuses as readonly WorkflowStatus[]).includes(status);
}

export function isRunning(status: WorkflowStatus): status is RunningStatus {
  return (runningStatuses as readonly WorkflowStatus[]).includes(status);
}
