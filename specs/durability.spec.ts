/**
 * Durability: an agent that is killed in the middle of accepting workflows has, when it is started again, every one
 * that it had accepted. It is an agent of this spec's own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, users } from 'playload';

let folder: string;
const agents: ChildProcess[] = [];

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-'));
});

test.afterAll(async () => {
  for (const agent of agents) agent.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Starts an agent on the same data; resolves with its address when it listens. */
async function startAgent(): Promise<{ agent: ChildProcess; url: string }> {
  const agent = spawn(process.execPath, ['server/run.mjs', 'main'], {
    env: { ...process.env, PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  agents.push(agent);
  let said = '';
  for await (const chunk of agent.stdout) {
    said += String(chunk);
    const port = /ready pid=\d+ port=(\d+)/.exec(said)?.[1];
    if (port !== undefined) return { agent, url: `http://127.0.0.1:${port}` };
  }
  throw new Error(`the agent ended before it listened: ${said}`);
}

test('a killed agent loses no workflow that it had accepted', { tag: ['@stress', '@slow'] }, async ({ load }) => {
  const first = await startAgent();
  const accepted: string[] = [];
  const kill = setTimeout(() => first.agent.kill('SIGKILL'), 2_000);
  let least = 100;
  try {
    const until = await load(
      users(20).for('3s').thinking('5ms'),
      async ({ request }) => {
        const created = await request.post(`${first.url}/api/v1/workflows`, { data: { instance_id: 'kept' } });
        if (created.status() === 202) accepted.push(created.headers()['location'] ?? '');
      },
      { name: 'until it is killed', unjudged: true },
    );
    if (until.once) {
      least = 0;
      first.agent.kill('SIGKILL');
    }
  } finally {
    clearTimeout(kill);
  }
  if (first.agent.exitCode === null && first.agent.signalCode === null) await once(first.agent, 'exit');
  expect(accepted.length).toBeGreaterThan(least);

  const second = await startAgent();
  const left = accepted.slice();
  const run = await load(
    users(10).iterations(Math.ceil(accepted.length / 10)),
    async ({ request }) => {
      const path = left.pop();
      if (path !== undefined) await request.get(`${second.url}${path}`);
    },
    { name: 'after it was started again' },
  );
  expect(run).toMeet({ successRate: '100%', requests: `${accepted.length}`, idleIterations: '< 10' }); // the last round has fewer than users
});
