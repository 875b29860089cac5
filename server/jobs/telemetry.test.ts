/** A crowd that asks for the agent's own metrics costs as much as one who does, and all of them are told the truth. */
import { setImmediate } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { WorkPool } from './collection/work-pool.ts';
import { EventLoopMonitor } from './event-loop.ts';
import { Telemetry } from './telemetry.ts';

let loop: EventLoopMonitor;
test.beforeEach(() => {
  loop = new EventLoopMonitor();
});
test.afterEach(() => loop.stop());

function watched(countWorkflows: () => Promise<ReadonlyMap<string, number>>): Telemetry {
  const telemetry = new Telemetry();
  telemetry.watch({
    ...{ loop, pool: new WorkPool({ running: 1, waiting: 1 }), countWorkflows },
    oldestWorkflows: async () => new Map(),
    isWritable: async () => true,
  });
  return telemetry;
}

async function textOf(page: ReturnType<Telemetry['page']>): Promise<string> {
  return new TextDecoder().decode((await page).bytes);
}
const refused = (page: string) =>
  Number(/agent_requests_refused_total\{reason="overload"\} (\d+)/.exec(page)?.[1] ?? 0);

test('fifty who ask in one turn of the event loop get one page, and it has what was counted before they asked', async () => {
  const telemetry = watched(async () => new Map());
  const asked = Array.from({ length: 50 }, () => {
    telemetry.onRefused('overload');
    return telemetry.page();
  });
  const pages = await Promise.all(asked);
  expect(new Set(pages).size).toBe(1);
  expect(refused(await textOf(telemetry.page()))).toBe(50);
  expect(refused(new TextDecoder().decode(pages[0]?.bytes))).toBe(50);
});

test('who asks when a page has been begun gets the next one', async () => {
  const counting: (() => void)[] = [];
  const telemetry = watched(() => new Promise((resolve) => counting.push(() => resolve(new Map()))));
  const begun = async (pages: number) => {
    while (counting.length < pages) await setImmediate();
  };
  const first = telemetry.page();
  await begun(1);
  telemetry.onRefused('overload');
  const second = telemetry.page();
  await begun(2);
  for (const done of counting) done();
  expect(second).not.toBe(first);
  expect(refused(await textOf(second))).toBe(1);
});

test('workflows are counted once for all pages of a second, and stay on the page in between', async () => {
  let counts = 0;
  const telemetry = watched(async () => new Map([['queued', (counts += 1)]]));
  for (let n = 0; n < 3; n += 1) expect(await textOf(telemetry.page())).toContain('agent_workflows{status="queued"} 1');
  expect(counts).toBe(1);
});

test('a count that failed is left out, the rest of the page is there, and the next page tries again', async () => {
  let broken = true;
  const telemetry = watched(async () => {
    if (broken) throw new Error('gone');
    return new Map([['queued', 7]]);
  });
  const without = await textOf(telemetry.page());
  expect(without).toContain('agent_database_writable 1');
  expect(without).not.toContain('agent_workflows{');
  broken = false;
  expect(await textOf(telemetry.page())).toContain('agent_workflows{status="queued"} 7');
});
