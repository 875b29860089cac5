/** Between an approval and its last stage anything may happen to the registration: what was approved is applied, or nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import pino from 'pino';
import { test } from '../../testing/plain-test.ts';
import type { Analysis } from '../../domain/analysis/analyse.ts';
import type { Scope } from '../../domain/api-keys.ts';
import { ProblemError } from '../../domain/problem.ts';
import { defaultWorkflowSettings } from '../../domain/workflows/workflow.ts';
import { InstanceStore } from '../../store/instances.ts';
import { LeaseStore } from '../../store/leases.ts';
import { openDatabase, type OpenedDatabase } from '../../store/open.ts';
import { WorkflowStore } from '../../store/workflows.ts';
import { FakeTime, figures, instance, scrapeOf } from '../../testing/workflows.ts';
import type { Rollout } from './actuator.ts';
import { WorkflowFeed } from './feed.ts';
import { Runner } from './runner.ts';
import { doStep, type StepTools } from './steps.ts';
import { Workflows } from './workflows.ts';

let folder: string;
let database: OpenedDatabase;
let instances: InstanceStore;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-approved-'));
  database = await openDatabase({ dataDir: folder });
  instances = new InstanceStore(database.db);
  await instances.put(instance);
});

test.afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const changes = [{ flag: '--max-num-seqs', from: 256, to: 192 }];
const plan = { engine: 'vllm', actions: [], skipped: [], changes, restart: false } as const;

/** An agent whose engine measures well; `onMeasured` is called when a window is over, with the stages that are out. */
function agent(onMeasured: (applied: number) => Promise<void> = async () => undefined) {
  const rollouts: Rollout[] = [];
  const time = new FakeTime();
  const actuator = { carryOut: async (rollout: Rollout) => void rollouts.push(rollout) };
  const tools: StepTools = {
    instance: async (id) => {
      const found = await instances.find(id);
      if (found === undefined) throw new ProblemError('not-found', `there is no instance \`${id}\``);
      return found;
    },
    meter: {
      measure: async () => {
        await onMeasured(rollouts.length);
        return { figures, slices: [], restarted: false, process: { started_s: 1, counts: {} } };
      },
      look: async () => scrapeOf({ done: 1 }, 0),
      find: async () => scrapeOf({ done: 1 }, 0),
    },
    lastChange: async () => undefined,
    diagnose: async () => ({ analysis: { findings: [], not_evaluated: [] } as unknown as Analysis, plan }),
    actuators: { webhook: actuator, dry_run: actuator },
    ...{ clock: time.clock, pace: time.pace },
  };
  const parts = { store: new WorkflowStore(database.db), feed: new WorkflowFeed(), clock: { nowMs: Date.now } };
  const runner = new Runner({
    ...parts,
    leases: new LeaseStore(database.db),
    log: pino({ level: 'silent' }),
    step: (workflow, signal) => doStep(tools, workflow, signal),
    ...{ owner: 'one', concurrency: 4, leaseMs: 5_000, pollMs: 20 },
  });
  return { runner, rollouts, workflows: new Workflows({ ...parts, nudge: () => runner.nudge(), queueLimit: 9 }) };
}

async function untilStatus(workflows: Workflows, id: string, status: string) {
  await expect.poll(async () => (await workflows.get(id)).status, { intervals: [10], timeout: 20_000 }).toBe(status);
  return workflows.get(id);
}

const removed = async () => {
  await instances.remove(instance.id);
};
const put = (now: object) => () => instances.put({ ...instance, ...now });
const renewed = async () => {
  await instances.remove(instance.id);
  await instances.put({ ...instance, createdAtMs: 1 });
};
const tighter = { ...instance.constraints, allow_restart: false };

const cases: { what: string; happens: () => Promise<void>; before: string; during: string }[] = [
  { what: 'nothing', happens: async () => undefined, before: 'completed', during: 'completed' },
  { what: 'other labels', happens: put({ labels: { team: 'a' } }), before: 'completed', during: 'completed' },
  { what: 'removed', happens: removed, before: 'failed', during: 'rolled_back' },
  { what: 'registered anew', happens: renewed, before: 'failed', during: 'rolled_back' },
  {
    what: 'another page',
    happens: put({ metricsUrl: 'http://127.0.0.1:1/' }),
    before: 'failed',
    during: 'rolled_back',
  },
  { what: 'another engine', happens: put({ engine: 'sglang' }), before: 'failed', during: 'rolled_back' },
  { what: 'other flags', happens: put({ config: { '--max-num-seqs': 8 } }), before: 'failed', during: 'completed' },
  { what: 'other constraints', happens: put({ constraints: tighter }), before: 'failed', during: 'completed' },
];
for (const { what, happens, before, during } of cases) {
  const ask = { instanceId: instance.id, mode: 'webhook', settings: defaultWorkflowSettings, by: 'ops', scopes: new Set<Scope>() } as const; // prettier-ignore

  test(`${what} between plan and approval: ${before}`, async () => {
    const { runner, workflows, rollouts } = agent();
    runner.start();
    const { id } = await workflows.create(ask);
    await untilStatus(workflows, id, 'awaiting_approval');
    await happens();
    await workflows.decide(id, 'approved', { by: 'boss' });
    await untilStatus(workflows, id, before);
    await runner.stop();
    expect(rollouts.map(({ stage }) => stage)).toEqual(before === 'failed' ? [] : [10, 50, 100]);
  });

  test(`${what} while the first stage is observed: ${during}`, async () => {
    const { runner, workflows, rollouts } = agent(async (applied) => (applied === 1 ? happens() : undefined));
    runner.start();
    const { id } = await workflows.create(ask);
    await untilStatus(workflows, id, 'awaiting_approval');
    await workflows.decide(id, 'approved', { by: 'boss' });
    await untilStatus(workflows, id, during);
    await runner.stop();
    const sent = rollouts.map(({ action, stage, engine }) => `${action} ${stage} ${engine}`);
    // What is taken back is told to the engine that had it.
    const back = ['apply 10 vllm', 'rollback 0 vllm'];
    const through = ['apply 10 vllm', 'apply 50 vllm', 'apply 100 vllm'];
    expect(sent).toEqual(during === 'completed' ? through : back);
  });
}
