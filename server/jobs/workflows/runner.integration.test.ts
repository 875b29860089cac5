/** The runner on a real database: what is stopped is given back, what is decided interrupts. */
import { expect } from '@playwright/test';
import type { WorkflowStatus } from '../../domain/workflows/states.ts';
import type { Move, Workflow } from '../../domain/workflows/workflow.ts';
import { WorkflowIds } from '../../domain/workflows/workflow-id.ts';
import { LeaseStore } from '../../store/leases.ts';
import { WorkflowStore } from '../../store/workflows.ts';
import { test } from '../../testing/plain-test.ts';
import { create, SharedDatabase, untilStatus, walk, type DoStep } from '../../testing/runners.ts';
import { workflow } from '../../testing/workflows.ts';
import { fenced, type Rollout } from './actuator.ts';
import type { StillOurs } from './runner.ts';

let shared: SharedDatabase;
test.beforeEach(async () => {
  shared = await SharedDatabase.open();
});
test.afterEach(() => shared.close());

const agent = (...given: Parameters<SharedDatabase['agent']>) => shared.agent(...given);

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
      : walk(workflow),
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
      await shared.db.updateTable('workflows').set(change).where('id', '=', workflow.id).execute();
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
    await new WorkflowStore(shared.db).insert(made);
    runner.start();
    await expect.poll(() => ended, { intervals: [10], timeout: 20_000 }).toBe(true);
    await untilStatus(workflows, made.id, status as WorkflowStatus);
    expect(told).toBe(sent);
    await runner.stop();
  });
}

test('a nudge does nothing before the start, nor after the stop', async () => {
  let steps = 0;
  const { runner, workflows } = agent('one', async (workflow) => {
    steps++;
    return walk(workflow);
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
  const leases = new LeaseStore(shared.db);
  const nowMs = Date.now();
  const claim = async (owner: string) => (await leases.claim({ owner, nowMs, untilMs: nowMs + 60_000 }, 1, new Set())).map((one) => one.id); // prettier-ignore
  expect(await claim('one')).toEqual([id]);
  expect(await claim('two')).toEqual([]);
  await leases.release('one');
  expect(await claim('two')).toEqual([id]);
});

test('cancelling interrupts the step, and what was applied is taken back', async () => {
  const hanging: DoStep = (workflow, signal) =>
    workflow.status === 'observing'
      ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted'))))
      : walk(workflow);
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
    const { runner, workflows } = agent('one', async (workflow) => {
      if (workflow.status === at) throw new Error('no luck');
      if (at === 'rolling_back' && workflow.status === 'observing') throw new Error('bad');
      return walk(workflow);
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
