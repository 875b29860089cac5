/** A rollout that restarts its engine, which takes its time, while agents die: all of them processes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';
import { startProgram, type Program } from './testing/program.ts';

const secret = 'a secret of the tests';
/** A minute of observation in a second. */
const factor = 60;

let folder: string;
const programs: Program[] = [];

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-restart-'));
});

test.afterEach(async () => {
  for (const { kill } of programs.splice(0)) await kill();
  await rm(folder, { recursive: true });
});

async function start(words: readonly string[], env: Record<string, string>): Promise<Program> {
  const program = await startProgram(words, env);
  programs.push(program);
  return program;
}

const startEngine = (restartMs: number) =>
  start(
    ['fake-engine/main', '--scenario', 'kv_exhaustion', '--speed', '20', '--restart-ms', String(restartMs)],
    { FAKE_ENGINE_SECRET: secret }, // prettier-ignore
  );

const startAgent = (engine: Program) =>
  start(['main'], {
    DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'error',
    SHED_DELAY_MS: '0', // or a machine that stands still has it refuse what the test asks
    CLOCK_FACTOR: String(factor),
    SCRAPE_INTERVAL_MS: '500',
    WORKFLOW_LEASE_MS: '1000',
    WORKFLOW_POLL_MS: '100',
    WEBHOOK_URL: `${engine.url}/rollout`,
    WEBHOOK_SECRET: secret,
  });

async function ask(url: string, method = 'GET', body?: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return (await response.json()) as Record<string, unknown>;
}

async function until(url: string, field: string, value: string): Promise<Record<string, unknown>> {
  await expect.poll(async () => (await ask(url))[field], { timeout: 60_000, intervals: [50] }).toBe(value);
  return ask(url);
}

const guard = { min_requests: 5, max_error_rate: 0.9, max_ttft_p95_regress_pct: 1_000, max_itl_p95_regress_pct: 1_000 };

/** Asks for a change and approves it. @returns the path of the workflow. */
async function change(agent: Program, engine: Program, restartS: number): Promise<string> {
  await ask(`${agent.url}/api/v1/instances/v1`, 'PUT', {
    engine: 'vllm',
    metrics_url: `${engine.url}/metrics`,
    config: { '--gpu-memory-utilization': 0.9, '--max-num-seqs': 256, '--kv-cache-dtype': 'auto' },
  });
  const asked = { instance_id: 'v1', mode: 'webhook', stages: [100], monitor_s: 90, restart_s: restartS, guard };
  const { id } = await ask(`${agent.url}/api/v1/workflows`, 'POST', asked);
  const path = `/api/v1/workflows/${String(id)}`;
  await until(agent.url + path, 'status', 'awaiting_approval');
  await ask(`${agent.url}${path}/approve`, 'POST', {});
  return path;
}

const memoryOf = async (engine: Program) =>
  ((await ask(`${engine.url}/control`))['flags'] as Record<string, unknown>)['--gpu-memory-utilization'];

test('an engine is waited for while its agent dies twice, warms up, and is judged after that', async () => {
  const engine = await startEngine(5_000); // five minutes
  const first = await startAgent(engine);
  const path = await change(first, engine, 900);
  const waiting = await until(first.url + path, 'phase', 'restarting');
  expect(waiting['reason']).toBe('at 100 %: waiting for the engine to restart');
  await first.kill();
  const second = await startAgent(engine);
  await until(second.url + path, 'phase', 'restarting');
  await second.kill();
  const third = await startAgent(engine);
  // It has warmed up where its window is there.
  const warmth = async () => {
    const { phase, warmups } = await ask(third.url + path);
    return warmups === undefined ? phase : 'warming_up';
  };
  await expect.poll(warmth, { timeout: 60_000, intervals: [50] }).toBe('warming_up');
  const done = await until(third.url + path, 'status', 'completed');
  expect([done['applied'], done['phase'], done['reason']]).toEqual([[100], undefined, undefined]);
  expect(done['observations']).toMatchObject([{ stage: 100, restart: 'seen', verdict: 'held' }]);
  const [warmUp] = done['warmups'] as { window: { to: string } }[];
  const [observed] = done['observations'] as { window: { from: string } }[];
  expect(Date.parse(warmUp?.window.to ?? '')).toBeLessThanOrEqual(Date.parse(observed?.window.from ?? ''));
  expect(await memoryOf(engine)).toBe(0.95);
});

test('an engine that does not come back in its time is given back what it had', async () => {
  const engine = await startEngine(60_000);
  const agent = await startAgent(engine);
  const path = await change(agent, engine, 60);
  const over = await until(agent.url + path, 'status', 'rolled_back');
  expect(over['reason']).toMatch(/^at 100 %: the engine did not come back within 60 s of its restart \(.+\)$/);
  expect(over['observations']).toMatchObject([{ verdict: 'broken', restart: 'awaited' }]);
  expect(await memoryOf(engine)).toBe(0.9);
});

test('a wait for an engine can be cancelled at any moment', async () => {
  const engine = await startEngine(60_000);
  const agent = await startAgent(engine);
  const path = await change(agent, engine, 7_200);
  await until(agent.url + path, 'phase', 'restarting');
  await ask(`${agent.url}${path}/cancel`, 'POST', { reason: 'enough' });
  const over = await until(agent.url + path, 'status', 'rolled_back');
  expect([over['reason'], over['phase']]).toEqual(['cancelled by anonymous: enough', undefined]);
  expect(await memoryOf(engine)).toBe(0.9);
});
