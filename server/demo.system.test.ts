/** The demo as a newcomer runs it: the whole path on a fake engine, and the page that waits for a decision. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';

/** Of these tests alone: somebody else on this machine may have a demo, too. */
let temporary: string;
test.beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'agent-demos-'));
});
test.afterAll(() => rm(temporary, { recursive: true }));

function demo(...words: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'demo.ts'), ...words], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  return { child, said };
}

const left = async () => (await readdir(temporary)).filter((name) => name.startsWith('agent-demo-')).sort();

/** The process of one of the demo's programs. */
async function pidOf(program: string, { pid }: ChildProcess): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
  for (const child of children)
    if ((await readFile(`/proc/${child}/cmdline`, 'utf8')).endsWith(`run.mjs\0${program}\0`)) return Number(child);
  throw new Error(`the demo has no \`${program}\``);
}

/** As on a computer that does something else for a moment. */
async function freeze(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await sleep(ms);
  process.kill(pid, 'SIGCONT');
}

test('it prints finding, plan, page, approval, rollout and what was measured', async () => {
  test.setTimeout(120_000);
  const before = await left();
  const { child, said } = demo();
  const [code] = (await once(child, 'close')) as [number | null];
  expect(said.err).toBe('');
  expect(code).toBe(0);
  for (const line of [
    /^analysis {3}score \d+ of 100$/m,
    /^ {2}kv_exhaustion \(critical\): /m,
    /^plan {7}--gpu-memory-utilization: 0\.9 → 0\.95$/m,
    /^page {7}http:\/\/127\.0\.0\.1:\d+\/ says "performance-agent-001: 1 to decide"$/m,
    /^rollout {4}stage 50 %: \w+$/m,
    /^result {5}\w+$/m,
  ])
    expect(said.out).toMatch(line);
  expect(await left()).toEqual(before);
});

test('a computer that stutters does not end it, and its data is there until nobody writes to it', async () => {
  test.setTimeout(120_000);
  const before = await left();
  const { child, said } = demo('--stay');
  await expect.poll(() => said.out, { timeout: 60_000 }).toContain('is yours: press a button on the page');
  const agent = await pidOf('main', child);
  await freeze(agent, 800);
  await sleep(2_000); // so long an agent that counts this as overload would refuse the demo
  expect([child.exitCode, said.err]).toEqual([null, '']);
  child.kill('SIGINT');
  await freeze(agent, 1_500); // longer than its database goes without a look at its file
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, said.err]).toEqual([130, '']);
  expect(await left()).toEqual(before);
});

test('with `--stay` a person decides on the page; Ctrl-C ends it and leaves nothing behind', async () => {
  test.setTimeout(120_000);
  const before = await left();
  const { child, said } = demo('--stay');
  await expect.poll(() => said.out, { timeout: 60_000 }).toContain('is yours: press a button on the page');
  const url = /^page +(\S+) says/m.exec(said.out)?.[1] ?? '';
  const page = await (await fetch(url)).text();
  const action = /formaction="([^"]+\/approve)"/.exec(page)?.[1] ?? '';
  const pressed = await fetch(new URL(action, url), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ reason: 'seen' }),
  });
  expect(pressed.status).toBe(303);
  await expect.poll(() => said.out, { timeout: 60_000 }).toContain('the page stays until Ctrl-C');
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(130);
  expect(await left()).toEqual(before);
});
