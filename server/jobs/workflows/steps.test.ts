import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Analysis } from '../../domain/analysis/analyse.ts';
import type { Plan } from '../../domain/optimization/plan.ts';
import { defaultWorkflowSettings, type WindowFigures, type WorkflowProgress } from '../../domain/workflows/workflow.ts';
import { figures, instance, workflow } from '../../testing/workflows.ts';
import { RolloutError, type Rollout } from './actuator.ts';
import { doStep, type StepTools } from './steps.ts';

const changes = [{ flag: '--max-num-seqs', from: 256, to: 192 }];
const analysis = { findings: [], not_evaluated: [] } as unknown as Analysis;
const emptyPlan: Plan = { engine: 'vllm', actions: [], skipped: [], changes: [], restart: false };

/** A world in which the engine measures as told and the deployer answers as told; what was asked of it is kept. */
function world(given: { after?: Partial<WindowFigures>; answers?: (Error | undefined)[]; plan?: Partial<Plan> } = {}) {
  const rollouts: Rollout[] = [];
  const waits: number[] = [];
  const remembered: unknown[] = [];
  const answers = [...(given.answers ?? [])];
  const actuator = {
    carryOut: async (rollout: Rollout) => {
      rollouts.push(rollout);
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
    },
  };
  const tools: StepTools = {
    instance: async () => instance,
    measure: async (_, windowMs) => {
      waits.push(windowMs);
      return { figures: { ...figures, ...given.after }, slices: [] };
    },
    diagnose: async () => ({ analysis, plan: { ...emptyPlan, ...given.plan } }),
    actuators: { webhook: actuator, dry_run: actuator },
    remember: async (_, made) => void remembered.push(made),
    pace: { wait: async (ms) => void waits.push(ms) },
  };
  return { tools, rollouts, waits, remembered };
}

const { signal } = new AbortController();
const observing = (stageIndex: number): WorkflowProgress => ({ baseline: figures, changes, stage_index: stageIndex, applied: [10] }); // prettier-ignore

test('the window before the change is as long as a stage is observed', async () => {
  const { tools, waits } = world();
  const { status, progress } = await doStep(tools, workflow('collecting'), signal);
  expect([status, progress.baseline, waits]).toEqual(['analyzing', figures, [300_000]]);
});

test('a plan without a change ends with the reason', async () => {
  const { tools } = world();
  const { status, progress } = await doStep(tools, workflow('analyzing', { baseline_slices: [] }), signal);
  expect([status, progress.reason, progress.baseline_slices]).toEqual(['no_action', 'nothing was found', undefined]);
});

test('a plan with a change waits for approval, unless none is required', async () => {
  const { tools } = world({ plan: { changes } });
  const planned = await doStep(tools, workflow('analyzing', { baseline_slices: [] }), signal);
  expect([planned.status, planned.progress.changes]).toEqual(['planned', changes]);
  expect((await doStep(tools, workflow('planned', planned.progress), signal)).status).toBe('awaiting_approval');
  const settings = { ...defaultWorkflowSettings, require_approval: false };
  const skipped = { ...planned.progress, approval_skipped_by: 'ci' };
  const direct = await doStep(tools, workflow('planned', skipped, { settings }), signal);
  expect([direct.status, direct.progress.stage_index]).toEqual(['applying', 0]);
});

test('a stage is asked for with its percentage and a key that stays the same', async () => {
  const { tools, rollouts } = world();
  const { status, progress } = await doStep(tools, workflow('applying', { changes, stage_index: 1 }), signal);
  expect([status, progress.applied]).toEqual(['observing', [50]]);
  expect(rollouts).toEqual([
    { action: 'apply', workflow_id: 'w', instance_id: 'vllm-1', engine: 'vllm', stage: 50, changes, idempotency_key: 'w:apply:50' }, // prettier-ignore
  ]);
});

test('a deployer that does not answer is asked four times, ever later, with the same key', async () => {
  const silent = () => new RolloutError('no answer', true);
  const { tools, rollouts, waits } = world({ answers: [silent(), silent(), silent(), silent()] });
  await expect(doStep(tools, workflow('applying', { changes, stage_index: 0 }), signal)).rejects.toThrow('no answer');
  expect(new Set(rollouts.map(({ idempotency_key: key }) => key))).toEqual(new Set(['w:apply:10']));
  expect([rollouts.length, waits]).toEqual([4, [2_000, 4_000, 8_000]]);
});

test('a deployer that refuses is asked once', async () => {
  const { tools, rollouts } = world({ answers: [new RolloutError('403', false)] });
  await expect(doStep(tools, workflow('applying', { changes, stage_index: 0 }), signal)).rejects.toThrow('403');
  expect(rollouts).toHaveLength(1);
});

const outcomes = [
  { what: 'a stage that holds', after: {}, stage: 0, status: 'applying', reason: undefined },
  { what: 'the last stage that holds', after: {}, stage: 2, status: 'completed', reason: undefined },
  { what: 'a stage that is slower', after: { ttft_p95_s: 1.2 }, stage: 0, status: 'rolling_back', reason: 'at 10 %: not ttft_p95_s at most 10 % above before' }, // prettier-ignore
  { what: 'a quiet stage', after: { requests: 3 }, stage: 1, status: 'inconclusive', reason: 'at 50 %: too little was measured to tell; approve, reject or cancel' }, // prettier-ignore
] as const;
for (const { what, after, stage, status, reason } of outcomes) {
  test(`${what} is ${status}`, async () => {
    const { tools } = world({ after });
    const step = await doStep(tools, workflow('observing', observing(stage)), signal);
    expect([step.status, step.progress.reason]).toEqual([status, reason]);
    expect(step.progress.observations).toHaveLength(1);
  });
}

for (const { mode, simulated, times } of [
  { mode: 'webhook', simulated: false, times: 1 },
  { mode: 'dry_run', simulated: true, times: 0 },
] as const) {
  test(`a completed ${mode} is ${simulated ? '' : 'not '}called simulated, and its settings are remembered ${times} times`, async () => {
    const { tools, remembered } = world({ after: { ttft_p95_s: 0.5 } });
    const { progress } = await doStep(tools, workflow('observing', observing(2), { mode }), signal);
    expect(progress.result?.simulated).toBe(simulated);
    expect(progress.result?.deltas[0]).toEqual({ metric: 'ttft_p95_s', before: 1, after: 0.5, change_pct: -50 });
    expect(remembered).toHaveLength(times);
  });
}

test('a rollback asks for what was, for everybody', async () => {
  const { tools, rollouts } = world();
  const { status, progress } = await doStep(tools, workflow('rolling_back', { changes, reason: 'slow' }), signal);
  expect([status, progress.reason]).toEqual(['rolled_back', 'slow']);
  expect(rollouts).toMatchObject([
    { action: 'rollback', stage: 0, changes: [{ flag: '--max-num-seqs', from: 192, to: 256 }], idempotency_key: 'w:rollback:0' }, // prettier-ignore
  ]);
});
