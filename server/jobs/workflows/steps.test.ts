import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { Analysis } from '../../domain/analysis/analyse.ts';
import type { Plan } from '../../domain/optimization/plan.ts';
import {
  defaultWorkflowSettings,
  type Watch,
  type WindowFigures,
  type WorkflowProgress,
} from '../../domain/workflows/workflow.ts';
import { FakeTime, figures, instance, scrapeOf, workflow } from '../../testing/workflows.ts';
import { RolloutError, type Rollout } from './actuator.ts';
import { doStep, type StepTools } from './steps.ts';

const changes = [{ flag: '--max-num-seqs', from: 256, to: 192 }];
const analysis = { findings: [], not_evaluated: [] } as unknown as Analysis;
const emptyPlan: Plan = { engine: 'vllm', actions: [], skipped: [], changes: [], restart: false };

interface Given {
  readonly after?: Partial<WindowFigures>;
  readonly answers?: readonly (Error | undefined)[];
  readonly plan?: Partial<Plan>;
  /** Which of the windows, in order, the engine restarts in. */
  readonly torn?: readonly boolean[];
  readonly unreadable?: boolean;
}

/** A world in which the engine measures as told and the deployer answers as told; what was asked of it is kept. */
function world(given: Given = {}) {
  const rollouts: Rollout[] = [];
  const time = new FakeTime();
  const { waits } = time;
  const answers = [...(given.answers ?? [])];
  const torn = [...(given.torn ?? [])];
  const actuator = {
    carryOut: async (rollout: Rollout) => {
      rollouts.push(rollout);
      const answer = answers.shift();
      if (answer !== undefined) throw answer;
    },
  };
  const tools: StepTools = {
    instance: async () => instance,
    meter: {
      measure: async ({ windowMs }) => {
        waits.push(windowMs);
        const restarted = torn.shift() ?? false;
        return {
          figures: { ...figures, ...given.after },
          slices: [],
          restarted,
          process: { started_s: 1, counts: {} },
        };
      },
      look: async () => scrapeOf({ done: 1 }, 0),
      find: async () => {
        if (given.unreadable === true) throw new Error('refused');
        return scrapeOf({ done: 1 }, 0);
      },
    },
    lastChange: async () => undefined,
    diagnose: async () => ({ analysis, plan: { ...emptyPlan, ...given.plan } }),
    actuators: { webhook: actuator, dry_run: actuator },
    ...{ clock: time.clock, pace: time.pace },
  };
  return { tools, rollouts, waits };
}

const { signal } = new AbortController();
const watch: Watch = { restart: 'awaited', restarts: 0, waited_ms: 0 };
const observing = (stageIndex: number): WorkflowProgress => ({ baseline: figures, changes, stage_index: stageIndex, applied: [10] }); // prettier-ignore

test('the window before the change is as long as a stage is observed', async () => {
  const { tools, waits } = world();
  const { status, progress } = await doStep(tools, workflow('collecting'), signal);
  expect([status, progress.baseline, waits]).toEqual(['analyzing', figures, [300_000]]);
});

test('a window before the change in which the engine restarts begins again, twice at most', async () => {
  const twice = world({ torn: [true, true] });
  expect((await doStep(twice.tools, workflow('collecting'), signal)).status).toBe('analyzing');
  expect(twice.waits).toHaveLength(4); // the first whole one is of a cold engine
  const always = world({ torn: [true, true, true] });
  await expect(doStep(always.tools, workflow('collecting'), signal)).rejects.toThrow('the engine keeps restarting');
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
  const { status, progress } = await doStep(tools, workflow('applying', { changes, stage_index: 1, watch }), signal);
  expect([status, progress.applied]).toEqual(['observing', [50]]);
  expect(rollouts).toEqual([
    { action: 'apply', workflow_id: 'w', instance_id: 'vllm-1', engine: 'vllm', stage: 50, changes, idempotency_key: 'w:apply:50' }, // prettier-ignore
  ]);
});

test('what the engine looks like is written before a stage is asked for', async () => {
  const { tools, rollouts } = world();
  const looked = await doStep(tools, workflow('applying', { changes, stage_index: 0 }), signal);
  expect([looked.status, looked.progress.watch, rollouts]).toEqual([
    'applying',
    { ...watch, process: { started_s: null, counts: { 'vllm:request_success_total': 1 } } },
    [],
  ]);
  const applied = await doStep(tools, workflow('applying', looked.progress), signal);
  expect([applied.status, applied.progress.phase, applied.progress.watch]).toEqual([
    'observing',
    'restarting',
    looked.progress.watch,
  ]);
});

test('an engine that can not be read before the change is not changed', async () => {
  const { tools, rollouts } = world({ unreadable: true });
  const step = doStep(tools, workflow('applying', { changes, stage_index: 0 }), signal);
  const refusal = { message: "the engine can't be read before the change: refused", retriable: false };
  await expect(step).rejects.toMatchObject(refusal);
  expect(rollouts).toEqual([]);
});

for (const { what, given, progress } of [
  { what: 'a dry run', given: { mode: 'dry_run' }, progress: {} },
  {
    what: 'a change that needs no restart',
    given: {},
    progress: { plan: { ...emptyPlan, restart: false }, watch: { ...watch, restart: 'not_needed' } },
  },
] as const) /* prettier-ignore */ {
  test(`${what} is observed at once`, async () => {
    const { tools } = world();
    const step = await doStep(tools, workflow('applying', { changes, stage_index: 0, ...progress }, given), signal);
    expect([step.status, step.progress.phase, step.progress.reason]).toEqual(['observing', 'measuring', undefined]);
    expect(step.progress.watch?.restart).toBe('not_needed');
  });
}

test('a deployer that does not answer is asked four times, ever later, with the same key', async () => {
  const silent = () => new RolloutError('no answer', true);
  const { tools, rollouts, waits } = world({ answers: [silent(), silent(), silent(), silent()] });
  await expect(doStep(tools, workflow('applying', { changes, stage_index: 0, watch }), signal)).rejects.toThrow(
    'no answer',
  );
  expect(new Set(rollouts.map(({ idempotency_key: key }) => key))).toEqual(new Set(['w:apply:10']));
  expect([rollouts.length, waits]).toEqual([4, [2_000, 4_000, 8_000]]);
});

test('a deployer that refuses is asked once', async () => {
  const { tools, rollouts } = world({ answers: [new RolloutError('403', false)] });
  await expect(doStep(tools, workflow('applying', { changes, stage_index: 0, watch }), signal)).rejects.toThrow('403');
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

for (const { mode, simulated } of [
  { mode: 'webhook', simulated: false },
  { mode: 'dry_run', simulated: true },
] as const) {
  test(`a completed ${mode} is ${simulated ? '' : 'not '}called simulated`, async () => {
    const { tools } = world({ after: { ttft_p95_s: 0.5 } });
    const { progress } = await doStep(tools, workflow('observing', observing(2), { mode }), signal);
    expect(progress.result?.simulated).toBe(simulated);
    expect(progress.result?.deltas[0]).toEqual({ metric: 'ttft_p95_s', before: 1, after: 0.5, change_pct: -50 });
  });
}

for (const { what, progress, told } of [
  { what: 'nobody can have been told of', progress: { plan: emptyPlan }, told: 0 },
  { what: 'somebody may have been told of', progress: { plan: emptyPlan, told: [10] }, told: 1 },
  { what: 'an earlier release began', progress: {}, told: 1 },
]) {
  test(`a rollback of what ${what} tells ${told}`, async () => {
    const { tools, rollouts } = world();
    const { status } = await doStep(tools, workflow('rolling_back', { changes, ...progress }), signal);
    expect([status, rollouts.length]).toEqual(['rolled_back', told]);
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
