/** Leases in real time: what is killed is taken up, what is renewed is left alone, whatever the clocks do. */
import { expect } from '@playwright/test';
import { LeaseStore } from '../../store/leases.ts';
import { test } from '../../testing/plain-test.ts';
import { create, SharedDatabase, untilStatus, walk, type DoStep } from '../../testing/runners.ts';

let shared: SharedDatabase;
test.beforeEach(async () => {
  shared = await SharedDatabase.open();
});
test.afterEach(() => shared.close());

const agent = (...given: Parameters<SharedDatabase['agent']>) => shared.agent(...given);

test('what a silent agent held is taken up by another one when the lease runs out', async () => {
  const seen: string[] = [];
  const silent = new LeaseStore(shared.db);
  const second = agent('second', async (workflow) => {
    seen.push(workflow.status);
    return walk(workflow);
  });
  const { id } = await create(second.workflows);
  const [claimed] = await silent.claim({ owner: 'dead', nowMs: Date.now(), untilMs: Date.now() + 400 }, 1, new Set());
  expect(claimed?.id).toBe(id);
  second.runner.start();
  await untilStatus(second.workflows, id, 'awaiting_approval');
  expect(seen).toEqual(['queued', 'collecting', 'analyzing', 'planned']);
  await second.runner.stop();
});

test('a lease is renewed as long as a step takes', async () => {
  let steps = 0;
  const slow: DoStep = async (workflow) => {
    if (workflow.status === 'collecting') {
      steps++;
      await new Promise((resolve) => setTimeout(resolve, 900)); // three times the lease
    }
    return walk(workflow);
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
    const step: DoStep = async (workflow) => {
      if (workflow.status === 'collecting') {
        steps++;
        offsetMs = stepMs;
        await new Promise((resolve) => setTimeout(resolve, 400)); // the runner looks for work eight times meanwhile
      }
      return walk(workflow);
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
  let finish: () => void = () => undefined;
  const isFinished = new Promise<void>((resolve) => (finish = resolve));
  const slow: DoStep = async (workflow) => {
    if (workflow.status === 'collecting') {
      steps++;
      offsetMs = 5 * hourMs; // for both: it is one machine
      await isFinished;
    }
    return walk(workflow);
  };
  const first = agent('first', slow, 150, clock);
  first.runner.start();
  const { id } = await create(first.workflows);
  const lease = () => shared.db.selectFrom('workflows').select('lease_until').where('id', '=', id).executeTakeFirst();
  const byNewClock = expect.poll(async () => (await lease())?.lease_until, { intervals: [10], timeout: 20_000 });
  await byNewClock.toBeGreaterThan(Date.now() + 4 * hourMs);
  const second = agent('second', slow, 150, clock);
  second.runner.start();
  await shared.lived(750); // five leases
  finish();
  await untilStatus(first.workflows, id, 'awaiting_approval');
  expect(steps).toBe(1);
  await Promise.all([first.runner.stop(), second.runner.stop()]);
});
