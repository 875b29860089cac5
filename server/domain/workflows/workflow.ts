/** A workflow as data: what was asked for, and what has come of it so far. `states.ts` has its states. */
import type { Analysis } from '../analysis/analyse.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import type { FlagChange } from '../optimization/flags.ts';
import type { Plan } from '../optimization/plan.ts';
import type { EngineProcess } from './engine-process.ts';
import type { PlannedFor } from './planned-for.ts';
import type { WorkflowStatus } from './states.ts';

/** How the change is carried out: told to a webhook, or only pretended. */
export const workflowModes = ['dry_run', 'webhook'] as const;
export type WorkflowMode = (typeof workflowModes)[number];

/** What may not get worse by how much while a stage is observed, against the window before the change. */
export interface Guard {
  readonly max_ttft_p95_regress_pct: number;
  readonly max_itl_p95_regress_pct: number;
  /** Failed requests over all, 0 to 1. */
  readonly max_error_rate: number;
  /** With fewer finished requests in either window nothing is concluded. */
  readonly min_requests: number;
}

/** What the creator asked for; fixed from then on. */
export interface WorkflowSettings {
  readonly require_approval: boolean;
  /** Percentages of the rollout, ascending, ending at 100. */
  readonly stages: readonly number[];
  /** How long each stage is observed, and the time before the change, in seconds. */
  readonly monitor_s: number;
  /** How long the engine may be away in each stage, in seconds, when the change needs a restart. */
  readonly restart_s: number;
  readonly guard: Guard;
}

export const defaultWorkflowSettings: WorkflowSettings = {
  require_approval: true,
  stages: [10, 50, 100],
  monitor_s: 300,
  restart_s: 900,
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

/** The figures of one window of time that a guard compares. `null`: the engine did not tell. */
export interface WindowFigures {
  readonly from: string;
  readonly to: string;
  /** Finished requests, whichever way they ended. */
  readonly requests: number | null;
  /** Failed over all, 0 to 1. */
  readonly error_rate: number | null;
  readonly ttft_p95_s: number | null;
  readonly itl_p95_s: number | null;
  readonly tokens_per_s: number | null;
  readonly kv_usage: number | null;
  readonly preemptions_per_s: number | null;
}

/** What a guard looks at: the windows' figures, and how the engine took its restart. */
export const guardMetrics = ['ttft_p95_s', 'itl_p95_s', 'error_rate', 'requests', 'restarts', 'restart_s'] as const;

/** One comparison of a guard. */
export interface GuardCheck {
  readonly metric: (typeof guardMetrics)[number];
  readonly verdict: 'held' | 'broken' | 'unknown';
  readonly before: number | null;
  readonly after: number | null;
  /** What the guard allows, in words. */
  readonly limit: string;
}

/** Whether the engine was seen as a new process since the stage was carried out; `not_needed`: the change needs none. */
export const restartStates = ['awaited', 'seen', 'not_seen', 'not_needed'] as const;
type RestartState = (typeof restartStates)[number];

export interface Observation {
  /** Percentage of the rollout that was observed. */
  readonly stage: number;
  readonly window: WindowFigures;
  /** Absent in observations of earlier releases. */
  readonly restart?: RestartState;
  readonly verdict: 'held' | 'broken' | 'inconclusive';
  readonly checks: readonly GuardCheck[];
}

/** The first window of a new process: its caches are empty, so it is shown and not judged. */
interface WarmUp {
  readonly stage: number;
  readonly window: WindowFigures;
}

/** How far the observation of a stage is. */
export const phases = ['restarting', 'warming_up', 'measuring'] as const;
export type Phase = (typeof phases)[number];

/** What is remembered from before a stage is carried out until it is judged, also when another agent takes over. */
export interface Watch {
  readonly restart: RestartState;
  /** The engine as it was last known; absent: nobody has looked. */
  readonly process?: EngineProcess;
  /** How often the engine restarted, or was away, without being asked to. */
  readonly restarts: number;
  /** Of `restart_s`, what earlier waits of this stage have used up, in milliseconds. */
  readonly waited_ms: number;
}

export const verdicts = ['approved', 'rejected', 'cancelled'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Decision {
  readonly verdict: Verdict;
  /** The name of the key that decided. */
  readonly by: string;
  readonly at: string;
  readonly reason?: string;
  /** The idempotency key it came with: the same decision sent again is answered, not refused. */
  readonly key?: string;
}

/** How a figure moved between the window before the change and the last one after it. */
export interface MeasuredDelta {
  readonly metric: string;
  readonly before: number;
  readonly after: number;
  /** (after − before) / before, in percent; absent when `before` is 0. */
  readonly change_pct?: number;
}

interface WorkflowResult {
  /** True when nothing was applied: the deltas then only show how the engine varies by itself. */
  readonly simulated: boolean;
  readonly deltas: readonly MeasuredDelta[];
}

/** What has come of a workflow so far. Each field appears with the state that makes it. */
export interface WorkflowProgress {
  /** Why it is where it is, in words; absent while all goes as planned. */
  readonly reason?: string;
  readonly created_by?: string;
  /** The key that let the change through when it asked for it, instead of an approval. */
  readonly approval_skipped_by?: string;
  readonly baseline?: WindowFigures;
  /** The window before the change in slices, until it is analysed. */
  readonly baseline_slices?: readonly Snapshot[];
  readonly analysis?: Analysis;
  readonly plan?: Plan;
  readonly changes?: readonly FlagChange[];
  readonly planned_for?: PlannedFor;
  readonly decisions?: readonly Decision[];
  /** Which of the stages is being applied or observed, counted from 0. */
  readonly stage_index?: number;
  /** Percentages that the deployer may have been told of: written before it is. */
  readonly told?: readonly number[];
  /** Percentages that were carried out. */
  readonly applied?: readonly number[];
  /** While a stage is observed. */
  readonly phase?: Phase;
  readonly phase_since?: string;
  readonly watch?: Watch;
  readonly warmups?: readonly WarmUp[];
  readonly observations?: readonly Observation[];
  readonly result?: WorkflowResult;
}

export interface Workflow extends WorkflowSummary {
  readonly settings: WorkflowSettings;
  readonly progress: WorkflowProgress;
  /** Counts the changes. */
  readonly version: number;
}

/** What a step or a decision comes to: the next state. */
export type Move = Pick<Workflow, 'status' | 'progress'>;

/** A line in the life of a workflow. */
export interface WorkflowEvent {
  readonly seq: number;
  readonly atMs: number;
  readonly status: WorkflowStatus;
  readonly reason?: string;
}

/** Progress but for some fields: a reason, say, belongs to the state that has been left. */
export function without<Key extends keyof WorkflowProgress>(
  progress: WorkflowProgress,
  ...keys: readonly Key[]
): Omit<WorkflowProgress, Key> {
  const kept: { -readonly [Field in keyof WorkflowProgress]: WorkflowProgress[Field] } = { ...progress };
  for (const key of keys) Reflect.deleteProperty(kept, key);
  return kept;
}

/** Progress after a stage was carried out and judged, or given up. */
export function unwatched(progress: WorkflowProgress): WorkflowProgress {
  return without(progress, 'phase', 'phase_since', 'watch');
}

/** Nobody can have been told of a change, so there is nothing to take back. Earlier releases did not write it down. */
export function isUntold({ mode, progress }: Pick<Workflow, 'mode' | 'progress'>): boolean {
  return mode === 'webhook' && progress.plan?.restart !== undefined && (progress.told ?? []).length === 0;
}

/**
 * Whether the engine is expected to restart when a stage is carried out. A dry run touches nothing; plans of earlier
 * releases do not say, and their flags were all read at the start.
 */
export function needsRestart({ mode, progress }: Pick<Workflow, 'mode' | 'progress'>): boolean {
  return mode === 'webhook' && progress.plan?.restart !== false;
}
