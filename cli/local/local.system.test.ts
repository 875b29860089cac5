/** `playload local` as people run it: real processes, a server that Playwright starts, signals. */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { readSummary } from '../../testing/child-suite.ts';
import { linesOf, runCommand, writeLocalProject } from '../../testing/local-project.ts';

const folder = () => resolve(tmpdir(), `playload-local-test-${process.pid}`, test.info().testId);
test.afterEach(async () => rm(folder(), { recursive: true, force: true }));

const spec = ({ forTime = '2s', limits = "successRate: '100%'", before = '' } = {}) => `
import { appendFileSync } from 'node:fs';
const shard = () => test.info().config.shard.current;
test('browse', async ({ load }) => {
  ${before}
  expect(process.env.TOKEN).toBe('from the setup');
  const run = await load(arrivals('30/s').for('${forTime}'), ({ request }) => request.get('/' + shard()), { whenSaturated: 'warn' });
  expect(run).toMeet({ ${limits} });
});`;

/** Everything of the command is gone: its own files, and the server that it had started. */
async function expectNothingLeft(): Promise<void> {
  expect((await readdir(resolve(folder(), 'tmp'))).filter((name) => name.startsWith('playload'))).toEqual([]);
  expect((await readdir(folder())).filter((name) => name.startsWith('.playload'))).toEqual([]);
  const [pid = ''] = await linesOf(folder(), 'starts.log');
  await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('three shards load one server together and are judged as one', async () => {
  await writeLocalProject(folder(), spec());
  const { code, said } = await runCommand(folder(), ['local', '--shards', '3', '--project=load']);
  expect(code, said).toBe(0);
  const requests = await linesOf(folder(), 'requests.log');
  const of = (shard: number) => requests.filter((line) => line.endsWith(`/${shard}`));
  expect([requests.length, of(1).length, of(2).length, of(3).length]).toEqual([60, 20, 20, 20]);
  expect(await linesOf(folder(), 'starts.log')).toHaveLength(1);
  expect(await linesOf(folder(), 'setups.log')).toEqual(['setup', 'teardown']);
  for (const shard of [1, 2, 3]) expect(said).toContain(`shard ${shard} │   1 passed`);
  const summary = await readSummary(folder());
  expect(summary).toMatchObject({ verdict: 'passed', segments: { expected: 3, present: [1, 2, 3] } });
  expect(summary.runs).toMatchObject([{ requests: { scheduled: 60, ok: 60 }, resources: [{ name: 'server' }] }]);
  expect(summary.runs[0]?.resources).toHaveLength(1);
  await expectNothingLeft();
});

test('a limit that is missed by all together ends it with 1', async () => {
  await writeLocalProject(folder(), spec({ limits: "p95: '< 0.001ms'" }));
  const { code, said } = await runCommand(folder(), ['local', '--shards=2']);
  expect(code, said).toBe(1);
  expect(said).toContain('load run failed: load.spec.ts › browse');
  await expectNothingLeft();
});

test('a shard that ends before its load is not waited for', async () => {
  const before = 'if (shard() === 2) process.exit(3);';
  await writeLocalProject(folder(), spec({ before }));
  const { code, said } = await runCommand(folder(), ['local', '--shards', '2']);
  expect(code, said).toBe(1);
  expect(said).toContain('shard 2 ended with exit code 1');
  expect(await linesOf(folder(), 'requests.log')).toEqual([]);
  await expectNothingLeft();
});

const signals = [
  { signal: 'SIGINT', exits: 130 },
  { signal: 'SIGTERM', exits: 143 },
  { signal: 'SIGKILL', exits: null },
] as const;
for (const { signal, exits } of signals) {
  test(`${signal} in the middle of the load ends the shards and the server`, async () => {
    await writeLocalProject(folder(), spec({ forTime: '60s' }));
    const { code, said } = await runCommand(folder(), ['local', '--shards', '2'], async (command) => {
      await expect.poll(async () => (await linesOf(folder(), 'requests.log')).length, { timeout: 150_000 }).toBeGreaterThan(20); // prettier-ignore
      command.kill(signal);
    });
    expect(code, said).toBe(exits);
    if (signal !== 'SIGKILL') return expectNothingLeft();
    const [pid = ''] = await linesOf(folder(), 'starts.log');
    await expect.poll(() => isAlive(Number(pid)), { timeout: 30_000 }).toBe(false);
    const { length } = await linesOf(folder(), 'requests.log');
    await new Promise((over) => setTimeout(over, 500));
    expect(await linesOf(folder(), 'requests.log')).toHaveLength(length);
  });
}

test('a shard that is stopped is ended by a second Ctrl-C, with the rest', async () => {
  await writeLocalProject(
    folder(),
    spec({ forTime: '60s', before: "appendFileSync('runners.log', process.ppid + '\\n');" }),
  );
  const { code, said } = await runCommand(folder(), ['local', '--shards', '2'], async (command) => {
    await expect.poll(async () => (await linesOf(folder(), 'requests.log')).length, { timeout: 150_000 }).toBeGreaterThan(20); // prettier-ignore
    const [runner = '', other = ''] = await linesOf(folder(), 'runners.log');
    process.kill(Number(runner), 'SIGSTOP');
    command.kill('SIGINT');
    await expect.poll(() => isAlive(Number(other)), { timeout: 150_000 }).toBe(false); // so the first one was heard
    command.kill('SIGINT');
  });
  expect(code, said).toBe(130);
  expect(said).toMatch(/shard [12] │ was ended by SIGKILL/);
  await expectNothingLeft();
});

test('without a load reporter nothing is sent, and it says who would judge', async () => {
  await writeLocalProject(folder(), spec(), [['list']]);
  const { code, said } = await runCommand(folder(), ['local', '--shards', '2']);
  expect(code, said).toBe(1);
  expect(said).toContain('`playload local` needs `playload/reporter` among the reporters of');
  expect(await linesOf(folder(), 'starts.log')).toEqual([]);
  expect((await readdir(resolve(folder(), 'tmp'))).filter((name) => name.startsWith('playload'))).toEqual([]);
});
