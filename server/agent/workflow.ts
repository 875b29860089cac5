/**
 * A workflow: collect, analyse, plan, let somebody approve, apply in stages, observe, keep or take back. Here are its
 * states and its data; `runner.ts` moves it along.
 */

/** In the order of life. `final` ones never change again. */
export const workflowStatuses = [
  'queued',
  'collecting',
  'analyzing',
  'planned',
  'awaiting_approval',
  'applying',
  'observing',
  'inconclusive',
  'rolling_back',
  'completed',
  'rolled_back',
  'rejected',
  'cancelled',
  'failed',
  'no_action',
] as const;

export type WorkflowStatus = (typeof workflowStatuses)[number];

export const finalStatuses = [
  'completed',
  'rolled_back',
  'rejected',
  'cancelled',
  'failed',
  'no_action',
] as const satisfies readonly WorkflowStatus[];

export function isFinal(status: WorkflowStatus): boolean {
  return (finalStatuses as readonly WorkflowStatus[]).includes(status);
}

/** How the change is carried out: told to a webhook, or only pretended. */
export const workflowModes = ['dry_run', 'webhook'] as const;
export type WorkflowMode = (typeof workflowModes)[number];

/** What may not get worse by how much while a stage is observed, against the window before the change. */
export interface Guard {
  readonly max_ttft_p95_regress_pct: number;
  readonly max_itl_p95_regress_pct: number;
  /** Failed requests over all, 0 to 1. */
  readonly max_error_rate: number;
  /** With fewer finished requests in the window nothing is concluded. */
  readonly min_requests: number;
}

/** What the creator asked for; fixed from then on. */
export interface WorkflowSettings {
  readonly require_approval: boolean;
  /** Percentages of the rollout, ascending, ending at 100. */
  readonly stages: readonly number[];
  /** How long each stage is observed, in seconds. */
  readonly monitor_s: number;
  readonly guard: Guard;
}

export const defaultWorkflowSettings: WorkflowSettings = {
  require_approval: true,
  stages: [10, 50, 100],
  monitor_s: 300,
  guard: { max_ttft_p95_regress_pct: 10, max_itl_p95_regress_pct: 10, max_error_rate: 0.01, min_requests: 50 },
};

/** One line of the list. */
export interface WorkflowSummary {
  readonly id: string;
  readonly instanceId: string;
  readonly status: WorkflowStatus;
  readonly mode: WorkflowMode;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What has come of a workflow so far. */
export interface WorkflowProgress {
  /** Why it is where it is, in words; absent while all goes as planned. */
  readonly reason?: string;
}

export interface Workflow extends WorkflowSummary {
  readonly settings: WorkflowSettings;
  readonly progress: WorkflowProgress;
  /** Counts the changes. */
  readonly version: number;
}
