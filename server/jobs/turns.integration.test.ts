/** However many ask for an analysis at once, others have their turns in between: new connections, health checks. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { startTestAgent } from '../testing/agent.ts';
import { played } from '../testing/snapshots.ts';
import { Turns } from './turns.ts';

/** In which turn of the event loop each of `all` was done, from the first on. */
async function turnsOf(all: readonly Promise<unknown>[]): Promise<number[]> {
  const [turns, watch]: [number[], { turn: number; left: number }] = [[], { turn: 0, left: all.length }];
  const done = all.map(async (one) => {
    await one;
    turns.push(watch.turn);
    watch.left -= 1;
  });
  while (watch.left > 0) {
    await nextTurn();
    watch.turn += 1;
  }
  await Promise.all(done);
  return turns.map((turn) => turn - (turns[0] ?? 0));
}

for (const count of [1, 2, 50]) {
  test(`${count} who ask at once have ${count} turns, one after the other`, async () => {
    const turns = new Turns();
    const order: number[] = [];
    const all = Array.from({ length: count }, (_, n) => turns.next().then(() => order.push(n)));
    expect(await turnsOf(all)).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(order).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(await turnsOf([turns.next()])).toEqual([0]); // and is there again for the next
  });
}

test('no two analyses are made in one turn', async () => {
  const agent = await startTestAgent();
  try {
    const { instances, diagnosis, snapshots } = agent.parts;
    await agent.ask('PUT', '/api/v1/instances/a', { engine: 'vllm', metrics_url: 'http://127.0.0.1:9/metrics' });
    for (const one of played('vllm', 'healthy')) await snapshots.insert('a', one);
    const instance = await instances.get('a');
    const wanted = { instance, windowS: 600, minRequests: 1, collect: false };
    const turns = await turnsOf(Array.from({ length: 20 }, () => diagnosis.analyse(wanted)));
    expect(new Set(turns).size).toBe(20);
  } finally {
    await agent.stop();
  }
});
