/** What is done in each running state, and which state follows. Everything outside is handed in; nothing here writes. */
import type { Analysis } from '../../domain/analysis/analyse.ts';
import type { Instance } from '../../domain/instance.ts';
import { ProblemError } from '../../domain/problem.ts';
import type { FlagChange } from '../../domain/optimization/flags.ts';
import type { Plan } from '../../domain/optimization/plan.ts';
import { awaitsApproval, differsFromPlan } from '../../domain/workflows/approval.ts';
import { advance } from '../../domain/workflows/decisions.ts';
import { judge } from '../../domain/workflows/guard.ts';
import { plannedFor } from '../../domain/workflows/planned-for.ts';
import { without, type Move, type Workflow, type WorkflowMode } from '../../domain/workflows/workflow.ts';
import type { Diagnosed, MeasuredRequest } from '../diagnosis.ts';
import { RolloutError, type Actuator, type Rollout } from './actuator.ts';
import type { Pace } from './pace.ts';
import type { MeasuredWindow } from './window-meter.ts';

export interface StepTools {
  /** Rejects when the instance is no longer registered. */
  readonly instance: (id: string) => Promise<Instance>;
  /** Takes as long as the window. */
  readonly measure: (instance: Instance, windowMs: number, signal: AbortSignal) => Promise<MeasuredWindow>;
  readonly diagnose: (subject: MeasuredRequest) => Promise<Diagnosed>;
  readonly actuators: Readonly<Record<WorkflowMode, Actuator>>;
  /** The instance now runs with these. */
  readonly remember: (instanceId: string, changes: readonly FlagChange[]) => Promise<void>;
  readonly pace: Pace;
}

/** How often a stage is asked for, and how long between: 2, 4, 8 seconds. */
const rolloutAttempts = 4;
const firstRolloutRetryMs = 2_000;

/** Does the step that is due. @throws whatever stops it; the runner decides what that means. */
export async function doStep(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  const { progress } = workflow;
  switch (workflow.status) {
    case 'queued':
      return { status: 'collecting', progress };
    case 'collecting':
      return collect(tools, workflow, signal);
    case 'analyzing':
      return diagnose(tools, workflow);
    case 'planned':
      return awaitsApproval(workflow)
        ? { status: 'awaiting_approval', progress }
        : { status: 'applying', progress: { ...progress, stage_index: 0 } };
    case 'applying':
      return apply(tools, workflow, signal);
    case 'observing':
      return observe(tools, workflow, signal);
    case 'rolling_back':
      return rollBack(tools, workflow, signal);
    default:
      throw new Error(`there is no step for ${workflow.status}`);
  }
}

/** Measures the time before the change, as long as each stage will be observed. */
async function collect(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  const instance = await tools.instance(workflow.instanceId);
  const { figures, slices } = await tools.measure(instance, workflow.settings.monitor_s * 1_000, signal);
  return { status: 'analyzing', progress: { ...workflow.progress, baseline: figures, baseline_slices: slices } };
}

async function diagnose(tools: StepTools, { instanceId, progress, settings }: Workflow): Promise<Move> {
  const { baseline_slices: slices, ...kept } = progress;
  if (slices === undefined) throw new Error('the window before the change is missing');
  const instance = await tools.instance(instanceId);
  const { analysis, plan } = await tools.diagnose({
    instance,
    slices,
    minRequests: settings.guard.min_requests,
  });
  const { changes } = plan;
  if (changes.length > 0) {
    const planned = { ...kept, analysis, plan, changes, planned_for: plannedFor(instance) };
    return { status: 'planned', progress: planned };
  }
  return { status: 'no_action', progress: { ...kept, analysis, plan, reason: whyNothing(analysis, plan) } };
}

/** Why there is nothing to roll out, in words. */
function whyNothing({ findings, not_evaluated: open }: Analysis, { actions, skipped }: Plan): string {
  const [finding] = findings;
  if (finding === undefined) {
    return open.length === 0 ? 'nothing was found' : `nothing was found, and ${open.length} rules could not be judged`;
  }
  if (actions.length > 0) return `${finding.rule}: the plan has only what a rollout can't do`;
  const [left] = skipped;
  return left === undefined ? `${finding.rule}: nothing is known that would help` : `${finding.rule}: ${left.reason}`;
}

/** The instance, as long as it is the one that the change was planned for. @throws {@link RolloutError} when it is not. */
async function approvedTarget(tools: StepTools, { instanceId, progress }: Workflow): Promise<Instance> {
  const instance = await tools.instance(instanceId).catch((error: unknown) => {
    throw error instanceof ProblemError ? new RolloutError(error.message, false, { cause: error }) : error;
  });
  const difference = differsFromPlan(progress, instance);
  if (difference !== undefined) throw new RolloutError(difference, false);
  return instance;
}

async function apply(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  const { engine } = await approvedTarget(tools, workflow);
  const index = workflow.progress.stage_index ?? 0;
  const stage = workflow.settings.stages[index] ?? 100;
  const changes = workflow.progress.changes ?? [];
  await carryOut(tools, { workflow, engine, signal }, { action: 'apply', stage, changes });
  const applied = [...(workflow.progress.applied ?? []), stage];
  return { status: 'observing', progress: { ...workflow.progress, applied } };
}

async function observe(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  const { settings, progress } = workflow;
  const instance = await approvedTarget(tools, workflow);
  const { baseline } = progress;
  if (baseline === undefined) throw new Error('the window before the change is missing');
  const { figures: window } = await tools.measure(instance, settings.monitor_s * 1_000, signal);
  const { verdict, checks } = judge({ guard: settings.guard, before: baseline, after: window });
  const stage = settings.stages[progress.stage_index ?? 0] ?? 100;
  const observations = [...(progress.observations ?? []), { stage, window, verdict, checks }];
  const observed = { ...without(progress, 'reason'), observations };
  const broken = checks.filter((check) => check.verdict === 'broken').map(({ metric, limit }) => `${metric} ${limit}`);
  switch (verdict) {
    case 'held': {
      const next = advance(workflow, observed);
      if (next.status === 'completed' && workflow.mode === 'webhook') {
        await tools.remember(workflow.instanceId, progress.changes ?? []);
      }
      return next;
    }
    case 'broken':
      return { status: 'rolling_back', progress: { ...observed, reason: `at ${stage} %: not ${broken.join(', ')}` } };
    case 'inconclusive':
      return {
        status: 'inconclusive',
        progress: { ...observed, reason: `at ${stage} %: too little was measured to tell; approve, reject or cancel` },
      };
  }
}

/** Everything at once: whatever share has the change, it goes; also when the instance is no longer registered. */
async function rollBack(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  const { engine } = workflow.progress.planned_for ?? (await tools.instance(workflow.instanceId));
  const changes = (workflow.progress.changes ?? []).map(({ flag, from, to }) => ({ flag, from: to, to: from }));
  await carryOut(tools, { workflow, engine, signal }, { action: 'rollback', stage: 0, changes });
  return { status: 'rolled_back', progress: workflow.progress };
}

interface Target {
  readonly workflow: Workflow;
  readonly engine: string;
  readonly signal: AbortSignal;
}

/** Asks until it is done, refused for good, or too often. The key stays the same: a stage is carried out once. */
async function carryOut(
  tools: StepTools,
  { workflow, engine, signal }: Target,
  what: Pick<Rollout, 'action' | 'stage' | 'changes'>,
): Promise<void> {
  const rollout: Rollout = {
    ...what,
    workflow_id: workflow.id,
    instance_id: workflow.instanceId,
    engine,
    idempotency_key: `${workflow.id}:${what.action}:${what.stage}`,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await tools.actuators[workflow.mode].carryOut(rollout, signal);
      return;
    } catch (error) {
      const worthAnother = error instanceof RolloutError && error.retriable && attempt < rolloutAttempts;
      if (!worthAnother || signal.aborted) throw error;
      await tools.pace.wait(firstRolloutRetryMs * 2 ** (attempt - 1), signal);
    }
  }
}
