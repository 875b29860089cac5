/** What is done in each running state, and which state follows. Everything outside is handed in; nothing here writes. */
import type { Analysis } from '../../domain/analysis/analyse.ts';
import type { Instance } from '../../domain/instance.ts';
import { ProblemError } from '../../domain/problem.ts';
import type { Plan } from '../../domain/optimization/plan.ts';
import { awaitsApproval, differsFromPlan } from '../../domain/workflows/approval.ts';
import { plannedFor } from '../../domain/workflows/planned-for.ts';
import { processOf } from '../../domain/workflows/engine-process.ts';
import {
  isUntold,
  needsRestart,
  type Move,
  type Watch,
  type Workflow,
  type WorkflowMode,
} from '../../domain/workflows/workflow.ts';
import type { Diagnosed, MeasuredRequest } from '../diagnosis.ts';
import { RolloutError, type Actuator, type Rollout } from './actuator.ts';
import { enterPhase, observe, unneeded, type ObserveTools } from './observe-stage.ts';
import { measureBefore, type BeforeTools } from './window-before.ts';

export interface StepTools extends ObserveTools, Pick<BeforeTools, 'lastChange'> {
  /** Rejects when the instance is no longer registered. */
  readonly instance: (id: string) => Promise<Instance>;
  readonly diagnose: (subject: MeasuredRequest) => Promise<Diagnosed>;
  readonly actuators: Readonly<Record<WorkflowMode, Actuator>>;
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
      return observeStage(tools, workflow, signal);
    case 'rolling_back':
      return rollBack(tools, workflow, signal);
    default:
      throw new Error(`there is no step for ${workflow.status}`);
  }
}

async function collect(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  return measureBefore(tools, { workflow, instance: await tools.instance(workflow.instanceId), signal });
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

/**
 * The instance, as long as it is the one that the change was planned for. @throws {@link RolloutError} when it is not and
 * nobody was told of this stage; an error of another kind, upon which all is taken back, when the deployer may have been.
 */
async function approvedTarget(tools: StepTools, { instanceId, progress }: Workflow): Promise<Instance> {
  const refusal = (why: string, options?: ErrorOptions) =>
    progress.watch === undefined ? new RolloutError(why, false, options) : new Error(why, options);
  const instance = await tools.instance(instanceId).catch((error: unknown) => {
    throw error instanceof ProblemError ? refusal(error.message, { cause: error }) : error;
  });
  const difference = differsFromPlan(progress, instance);
  if (difference !== undefined) throw refusal(difference);
  return instance;
}

/**
 * Has the stage carried out. That it is about to be is written first, with what the engine looks like before: whoever goes
 * on after this agent's death must know that the deployer may have been told, and tell the old process from the new one.
 */
async function apply(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  const instance = await approvedTarget(tools, workflow);
  const { progress, settings, mode } = workflow;
  const stage = settings.stages[progress.stage_index ?? 0] ?? 100;
  if (mode === 'webhook' && progress.watch === undefined) {
    const told = [...(progress.told ?? []), stage];
    const watch = await lookBefore(tools, workflow, { instance, signal });
    return { status: 'applying', progress: { ...progress, told, watch } };
  }
  const { engine } = instance;
  await carryOut(tools, { workflow, engine, signal }, { action: 'apply', stage, changes: progress.changes ?? [] });
  const applied = [...(progress.applied ?? []), stage];
  const watch: Watch = progress.watch ?? unneeded;
  const phase = watch.restart === 'awaited' ? 'restarting' : 'measuring';
  return enterPhase(tools, { ...workflow, progress: { ...progress, applied } }, { phase, watch });
}

async function lookBefore(
  { meter }: StepTools,
  workflow: Workflow,
  { instance, signal }: Pick<Target, 'signal'> & { readonly instance: Instance },
): Promise<Watch> {
  const page = await meter.find(instance, signal).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    // Nothing of this stage has been told to anybody, which is what a refusal comes to.
    throw new RolloutError(`the engine can't be read before the change: ${why}`, false, { cause: error });
  });
  const restart = needsRestart(workflow) ? 'awaited' : 'not_needed';
  return { ...unneeded, restart, process: processOf(instance.engine, page) };
}

async function observeStage(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  return observe(tools, { workflow, instance: await approvedTarget(tools, workflow), signal });
}

/**
 * Everything at once: whatever share has the change, it goes; also when the instance is no longer registered. What nobody
 * was told of needs no taking back.
 */
async function rollBack(tools: StepTools, workflow: Workflow, signal: AbortSignal): Promise<Move> {
  if (isUntold(workflow)) return { status: 'rolled_back', progress: workflow.progress };
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
