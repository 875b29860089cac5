/** `load.recovery` as its users run it, at a server whose queue is drained after a time that is known by construction. */
import { expect, test } from '@playwright/test';
import { childServers } from '../../testing/child-server.ts';
import { runExperiment } from '../../testing/experiment-run.ts';

const serve = childServers();

/**
 * One request after the other, each in 10 ms. It tells for how long nobody sent anything just before it had a queue, where
 * the probe always does and the stress should have begun.
 */
const queue = `
  let freeAtMs = 0;
  let silentMs = 0;
  let heardAtMs = 0;
  let hasQueue = false;
  const answer = (response) => {
    if (response.req.url === '/silent') return void response.end(String(silentMs));
    const nowMs = performance.now();
    const idleMs = freeAtMs === 0 ? 0 : nowMs - freeAtMs;
    if (!hasQueue && idleMs > 100) [silentMs, heardAtMs] = [idleMs, nowMs];
    freeAtMs = Math.max(freeAtMs, nowMs) + 10;
    if (!hasQueue && freeAtMs - nowMs > 500) {
      hasQueue = true;
      if (nowMs - heardAtMs > 2_000) silentMs = 0; // of long before
    }
    setTimeout(() => response.end('{}'), freeAtMs - performance.now());
  };
`;

const asking = `({ request }) => request.get('/')`;

/** 150/s and the probe's 25/s for 4 s are 7 s of work, 3 s of it left; the probe takes a quarter of what is worked off. */
const drainMs = 4_000;
/** A machine that stands still for a moment makes no window slower than that. */
const floorMs = 500;
/** When the queue is so short. */
const backMs = drainMs - floorMs / 0.75;

/** A generator that the machine lets stand still as its stress begins has the server work off that much later. */
const inTime = `const silentMs = Number(await (await request.get('/silent')).text());
      expect(recoveredAfterMs).toBeLessThanOrEqual(${drainMs} + 1_100 + silentMs / 0.75);`;

test('a queue of known length: recovery to the window, CPU and memory of its process, one finding', async () => {
  const { url, pid } = await serve(queue);
  const { code, said, summary } = await runExperiment(
    `test.use({ serverPid: ${pid} });
    test('back', async ({ load, request }) => {
      const { recoveredAfterMs, cpu, memory, recovery } = await load.recovery(
        { probe: '25/s', stress: arrivals('150/s').for('4s'), within: '14s', floor: '${floorMs}ms' }, ${asking});
      expect(recovery.kind).toBe('recovered');
      expect(recoveredAfterMs).toBeGreaterThan(${backMs} - 300);
      ${inTime}
      expect(cpu.kind).toBe('recovered');
      expect(memory.kind).toBe('settled');
    });`,
    url,
  );
  expect(code, said).toBe(0);
  expect(summary?.findings).toMatchObject([
    {
      kind: 'recovery',
      verdict: 'passed',
      figures: { outcome: 'recovered', withinMs: 14_000, resolutionMs: 1_000, cpu: 'recovered', memory: 'settled' },
      runs: [0, 1],
      folds: true,
      table: { rows: [{ phase: 'before' }, { phase: 'stress' }, { phase: 'after' }] },
      chart: { lines: [{ name: 'p95' }, { name: 'CPU' }], spans: [{ name: 'stress' }] },
    },
  ]);
  const [finding] = summary?.findings ?? [];
  expect(finding?.sentence).toMatch(
    /^recovered after .*; peak .*; backlog gone after .*; CPU back to its level before .*; memory grew/,
  );
  expect(Number(finding?.figures['drainedAfterMs'])).toBeGreaterThan(drainMs - 1_100);
  expect(Number(finding?.figures['peakP95Ms'])).toBeGreaterThan(2_000);
  expect(summary?.verdict).toBe('passed');
});

test('a server that the stress has broken is not back in time, which fails the test and the command', async () => {
  const { url } = await serve(`const answer = (response, number) => {
    response.statusCode = number > 400 ? 503 : 200;
    response.end();
  };`);
  const { code, said, summary } = await runExperiment(
    `test('back', async ({ load }) => {
      await load.recovery({ probe: '25/s', stress: users(5).for('2s'), before: '10s', within: '5s' }, ${asking});
    });`,
    url,
  );
  expect(code, said).toBe(1);
  expect(summary?.findings).toMatchObject([{ verdict: 'failed', figures: { outcome: 'not-recovered' } }]);
  const [finding] = summary?.findings ?? [];
  expect(finding?.sentence).toContain('not recovered within 5s');
  expect(finding?.sentence).not.toMatch(/CPU|memory/);
  expect(finding?.figures).not.toHaveProperty('recoveredAfterMs');
  expect(said).toContain('failed: recovery: not recovered within 5s');
});

test('a server that failed before the stress has nothing to come back to, which is invalid', async () => {
  const { url } = await serve(`const answer = (response) => { response.statusCode = 500; response.end(); };`);
  const { code, said, summary } = await runExperiment(
    `test('back', async ({ load }) => {
      await load.recovery({ probe: '25/s', stress: users(2).for('1s'), before: '10s', within: '5s', name: 'health' }, ${asking});
    });`,
    url,
  );
  expect(code, said).toBe(1);
  expect(summary?.findings).toMatchObject([
    { verdict: 'invalid', name: 'health', figures: { outcome: 'not-enough-data' } },
  ]);
  expect(summary?.findings?.[0]?.sentence).toContain('the baseline itself failed');
});

test('two cores find one recovery, and the first of them tells it', async () => {
  const { url } = await serve(queue);
  const { code, said, summary } = await runExperiment(
    `test('back', async ({ load, request }) => {
      const { recoveredAfterMs } = await load.recovery(
        { probe: '25/s', stress: arrivals('150/s').for('4s'), before: '10s', within: '8s', floor: '${floorMs}ms' }, ${asking}, { cores: 2 });
      expect(recoveredAfterMs).toBeGreaterThan(${backMs} - 300);
      ${inTime}
    });`,
    url,
  );
  expect(code, said).toBe(0);
  expect(summary?.findings).toMatchObject([{ kind: 'recovery', verdict: 'passed', runs: [0, 1] }]);
  expect(summary?.runs.map(({ cores }) => cores)).toEqual([2, 2]);
});
