/** The runner on a real database: what is killed is taken up, what is stopped is given back, what is decided interrupts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import pino from 'pino';
import { test } from '../../testing/plain-test.ts';
import type { WorkflowStatus } from '../../domain/workflows/states.ts';
import { defaultWorkflowSettings, type Move, type Workflow } from '../../domain/workflows/workflow.ts';
import { InstanceStore } from '../../store/instances.ts';
import { LeaseStore } from '../../store/leases.ts';
import { openDatabase, type OpenedDatabase } from '../../store/open.ts';
import { WorkflowStore } from '../../store/workflows.ts';
import { instance, workflow } from '../../testing/workflows.ts';
import { WorkflowIds } from '../../domain/workflows/workflow-id.ts';
import { WorkflowFeed } from './feed.ts';
import { fenced, type Rollout } from './actuator.ts';
import { Runner, type StillOurs } from './runner.ts';
import { Workflows } from './workflows.ts';

let folder: string;
let database: OpenedDatabase;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-runner-'));
  database = await openDatabase({ dataDir: folder });
  await new InstanceStore(database.db).put(instance);
});

test.afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** A path through the states without anything being done. */
const path: Partial<Record<WorkflowStatus, WorkflowStatus>> = {
  queued: 'collecting',
  collecting: 'analyzing',
  analyzing: 'planned',
  planned: 'awaiting_approval',
  applying: 'observing',
  observing: 'completed',
  rolling_back: 'rolled_back',
};

type DoStep = (workflow: Workflow, signal: AbortSignal, stillOurs: StillOurs) => Promise<Move>;

const nobodyElse = async () => undefined;
const walk: DoStep = async ({ status, progress }) => ({ status: path[status] ?? 'failed', progress });

/** An agent of its own on the common database. */
function agent(owner: string, step: DoStep, leaseMs = 600, clock = { nowMs: Date.now }) {
  const store = new WorkflowStore(database.db);
  const feed = new WorkflowFeed();
  const log = pino({ level: 'silent' });
  const leases = new LeaseStore(database.db);
  const runner = new Runner({ store, leases, feed, clock, log, step, owner, concurrency: 4, leaseMs, pollMs: 50 });
  const workflows = new Workflows({ store, clock, feed, nudge: () => runner.nudge(), queueLimit: 100 });
  return { runner, workflows };
}

const create = (workflows: Workflows) =>
  workflows.create({
    instanceId: 'vllm-1',
    mode: 'dry_run',
    settings: defaultWorkflowSettings,
    by: 'test',
    scopes: new Set(),
  });

async function untilStatus(workflows: Workflows, id: string, status: WorkflowStatus): Promise<Workflow> {
  await expect.poll(async () => (await workflows.get(id)).status, { intervals: [20], timeout: 10_000 }).toBe(status);
  return workflows.get(id);
}

test('a workflow walks to the approval, waits, and goes on when it is approved', async () => {
  const { runner, workflows } = agent('one', walk);
  runner.start();
  const { id } = await create(workflows);
  await untilStatus(workflows, id, 'awaiting_approval');
  await workflows.decide(id, 'approved', { by: 'ops' });
  const done = await untilStatus(workflows, id, 'completed');
  const events = await workflows.events(done, 0, 100);
  expect(events.map(({ status }) => status)).toEqual([
    'queued', 'collecting', 'analyzing', 'planned', 'awaiting_approval', 'applying', 'observing', 'completed',
  ]); // prettier-ignore
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await runner.stop();
});

test('ids go on after those of the agent before, also when the clock has gone back meanwhile', async () => {
  const before = agent('before', walk, 600, { nowMs: () => Date.now() + 3_600_000 });
  const made = [(await create(before.workflows)).id, (await create(before.workflows)).id];
  const { workflows } = agent('after', walk);
  await workflows.goOn();
  made.push((await create(workflows)).id, (await create(workflows)).id);
  expect((await workflows.list({}, 10)).map(({ id }) => id)).toEqual(made.reverse());
});

test('two approvals at once: one holds, the other is told', async () => {
  const { runner, workflows } = agent('one', walk);
  runner.start();
  const { id } = await create(workflows);
  await untilStatus(workflows, id, 'awaiting_approval');
  const both = await Promise.allSettled(['a', 'b'].map((by) => workflows.decide(id, 'approved', { by })));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await workflows.get(id)).progress.decisions).toHaveLength(1);
  await runner.stop();
});

test('what a silent agent held is taken up by another one when the lease runs out', async () => {
  const seen: string[] = [];
  const silent = new LeaseStore(database.db);
  const second = agent('second', async (workflow, signal) => {
    seen.push(workflow.status);
    return walk(workflow, signal, nobodyElse);
  });
  const { id } = await create(second.workflows);
  const [claimed] = await silent.claim({ owner: 'dead', nowMs: Date.now(), untilMs: Date.now() + 400 }, 1, new Set());
  expect(claimed?.id).toBe(id);
  second.runner.start();
  await untilStatus(second.workflows, id, 'awaiting_approval');
  expect(seen).toEqual(['queued', 'collecting', 'analyzing', 'planned']);
  await second.runner.stop();
});

test('a stopped agent gives back what it held, at the step it was at', async () => {
  let interrupted: unknown;
  const slow = agent('slow', (workflow, signal) =>
    workflow.status === 'collecting'
      ? new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            interrupted = signal.reason;
            reject(new Error('interrupted'));
          });
        })
      : walk(workflow, signal, nobodyElse),
  );
  slow.runner.start();
  const { id } = await create(slow.workflows);
  await untilStatus(slow.workflows, id, 'collecting');
  await slow.runner.stop();
  expect(interrupted).toEqual(new Error('the agent is stopping'));
  const next = agent('next', walk, 60_000);
  next.runner.start();
  await untilStatus(next.workflows, id, 'awaiting_approval');
  await next.runner.stop();
});

for (const { what, change, sent, status } of [
  { what: 'nobody else has', change: { lease_until: 5 }, sent: 1, status: 'observing' },
  { what: 'another agent has taken up', change: { lease_owner: 'two' }, sent: 0, status: 'applying' },
  { what: 'somebody has cancelled elsewhere', change: { version: 9, status: 'rolling_back' }, sent: 0, status: 'rolling_back' }, // prettier-ignore
]) {
  test(`what ${what} while the agent was frozen: the deployer is told ${sent} times`, async () => {
    let told = 0;
    let ended = false;
    const applying = async (workflow: Workflow, signal: AbortSignal, stillOurs: StillOurs): Promise<Move> => {
      if (workflow.status !== 'applying') return new Promise((_, reject) => signal.addEventListener('abort', reject));
      await database.db.updateTable('workflows').set(change).where('id', '=', workflow.id).execute();
      const rollout = {} as Rollout;
      try {
        await fenced(
          {
            carryOut: async () => {
              told++;
            },
          },
          stillOurs,
        ).carryOut(rollout, signal);
      } finally {
        ended = true;
      }
      return { status: 'observing', progress: workflow.progress };
    };
    const { runner, workflows } = agent('one', applying, 60_000);
    const made = workflow('applying', {}, { id: new WorkflowIds().next(Date.now()) });
    await new WorkflowStore(database.db).insert(made);
    runner.start();
    await expect.poll(() => ended, { intervals: [10] }).toBe(true);
    await untilStatus(workflows, made.id, status as WorkflowStatus);
    expect(told).toBe(sent);
    await runner.stop();
  });
}

test('a nudge does nothing before the start, nor after the stop', async () => {
  let steps = 0;
  const { runner, workflows } = agent('one', async (workflow, signal) => {
    steps++;
    return walk(workflow, signal, nobodyElse);
  });
  const pause = () => new Promise((resolve) => setTimeout(resolve, 150));
  const { id } = await create(workflows);
  await pause();
  expect(steps).toBe(0);
  runner.start();
  const nudges = setInterval(() => runner.nudge(), 1); // also while it looks
  await untilStatus(workflows, id, 'awaiting_approval');
  await runner.stop();
  await workflows.decide(id, 'approved', { by: 'ops' });
  const before = steps;
  await pause();
  clearInterval(nudges);
  expect(steps).toBe(before);
});

test('what is queued and claimed is given back, too', async () => {
  const { workflows } = agent('one', walk);
  const { id } = await create(workflows);
  const leases = new LeaseStore(database.db);
  const nowMs = Date.now();
  const claim = async (owner: string) => (await leases.claim({ owner, nowMs, untilMs: nowMs + 60_000 }, 1, new Set())).map((one) => one.id); // prettier-ignore
  expect(await claim('one')).toEqual([id]);
  expect(await claim('two')).toEqual([]);
  await leases.release('one');
  expect(await claim('two')).toEqual([id]);
});

test('a lease is renewed as long as a step takes', async () => {
  let steps = 0;
  const slow: DoStep = async (workflow, signal) => {
    if (workflow.status === 'collecting') {
      steps++;
      await new Promise((resolve) => setTimeout(resolve, 900)); // three times the lease
    }
    return walk(workflow, signal, nobodyElse);
  };
  const agents = [agent('a', slow, 300), agent('b', slow, 300)];
  for (const { runner } of agents) runner.start();
  const [first] = agents;
  if (first === undefined) throw new Error('no agent');
  const { id } = await create(first.workflows);
  await untilStatus(first.workflows, id, 'awaiting_approval');
  expect(steps).toBe(1);
  await Promise.all(agents.map(({ runner }) => runner.stop()));
});

const hourMs = 3_600_000;
for (const { what, stepMs } of [
  { what: 'forward', stepMs: 5 * hourMs },
  { what: 'back', stepMs: -5 * hourMs },
]) {
  test(`a clock that is set ${what} by hours in a step: it is done once, and no event is dated before another`, async () => {
    let offsetMs = 0;
    let steps = 0;
    const clock = { nowMs: () => Date.now() + offsetMs };
    const step: DoStep = async (workflow, signal) => {
      if (workflow.status === 'collecting') {
        steps++;
        offsetMs = stepMs;
        await new Promise((resolve) => setTimeout(resolve, 400)); // the runner looks for work eight times meanwhile
      }
      return walk(workflow, signal, nobodyElse);
    };
    const { runner, workflows } = agent('one', step, 60_000, clock);
    runner.start();
    const { id } = await create(workflows);
    const waiting = await untilStatus(workflows, id, 'awaiting_approval');
    await workflows.decide(id, 'rejected', { by: 'ops' });
    const events = await workflows.events(waiting, 0, 100);
    expect([steps, events.map(({ seq }) => seq)]).toEqual([1, [1, 2, 3, 4, 5, 6]]);
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).sort((a, b) => a - b));
    await runner.stop();
  });
}

test('a second agent leaves alone what a live one renews, though the clock was set forward', async () => {
  let offsetMs = 0;
  let steps = 0;
  const clock = { nowMs: () => Date.now() + offsetMs };
  const slow: DoStep = async (workflow, signal) => {
    if (workflow.status === 'collecting') {
      steps++;
      offsetMs = 5 * hourMs; // for both: it is one machine
      await new Promise((resolve) => setTimeout(resolve, 900));
    }
    return walk(workflow, signal, nobodyElse);
  };
  const first = agent('first', slow, 150, clock);
  first.runner.start();
  const { id } = await create(first.workflows);
  await untilStatus(first.workflows, id, 'collecting');
  await new Promise((resolve) => setTimeout(resolve, 100)); // the lease has been renewed by the new clock
  const second = agent('second', slow, 150, clock);
  second.runner.start();
  await untilStatus(first.workflows, id, 'awaiting_approval');
  expect(steps).toBe(1);
  await Promise.all([first.runner.stop(), second.runner.stop()]);
});

test('cancelling interrupts the step, and what was applied is taken back', async () => {
  const hanging: DoStep = (workflow, signal) =>
    workflow.status === 'observing'
      ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted'))))
      : walk(workflow, signal, nobodyElse);
  const { runner, workflows } = agent('one', hanging, 60_000);
  runner.start();
  const { id } = await create(workflows);
  await untilStatus(workflows, id, 'awaiting_approval');
  await workflows.decide(id, 'approved', { by: 'ops' });
  await untilStatus(workflows, id, 'observing');
  await workflows.decide(id, 'cancelled', { by: 'ops', reason: 'enough' });
  const { progress } = await untilStatus(workflows, id, 'rolled_back');
  expect(progress.reason).toBe('cancelled by ops: enough');
  await runner.stop();
});

const failures = [
  { at: 'collecting', to: 'failed' },
  { at: 'observing', to: 'rolled_back' },
  { at: 'rolling_back', to: 'failed' },
] as const;
for (const { at, to } of failures) {
  test(`a workflow whose ${at} fails ends ${to}, with the reason`, async () => {
    const { runner, workflows } = agent('one', async (workflow, signal) => {
      if (workflow.status === at) throw new Error('no luck');
      if (at === 'rolling_back' && workflow.status === 'observing') throw new Error('bad');
      return walk(workflow, signal, nobodyElse);
    });
    runner.start();
    const { id } = await create(workflows);
    if (at !== 'collecting') {
      await untilStatus(workflows, id, 'awaiting_approval');
      await workflows.decide(id, 'approved', { by: 'ops' });
    }
    const { progress } = await untilStatus(workflows, id, to);
    expect(progress.reason).toBe(
      at === 'rolling_back' ? 'rolling_back: no luck; before that observing: bad' : `${at}: no luck`,
    );
    await runner.stop();
  });
}
