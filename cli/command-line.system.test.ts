/** The command as a process: what it prints, its exit codes, and a meeting server that shards use. */
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { meetPath } from '../load/session/meeting/meeting-message.ts';
import { runCommand } from '../testing/local-project.ts';
import { test } from '../testing/plain-test.ts';

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-command-'));
  await mkdir(join(folder, 'tmp'));
});
test.afterAll(async () => rm(folder, { recursive: true, force: true }));

const cases = [
  { args: ['--help'], code: 0, says: 'Usage: npx playload <command>' },
  { args: ['local', '--help'], code: 0, says: 'Usage: npx playload local --shards <n>' },
  { args: ['init', '--help'], code: 0, says: 'Usage: npx playload init' },
  { args: ['doctor', '--help'], code: 0, says: 'Usage: npx playload doctor' },
  { args: ['meet', '-h'], code: 0, says: 'Usage: npx playload meet --shards <n>' },
  { args: [], code: 2, says: 'playload: a command is missing' },
  { args: ['lokal'], code: 2, says: 'playload: `lokal` is no command' },
  { args: ['toString'], code: 2, says: 'playload: `toString` is no command' },
  { args: ['local'], code: 2, says: 'playload: `--shards` must be a whole number from 1 to 64' },
  { args: ['local', '--shards', '2'], code: 2, says: 'playload: no configuration of Playwright was found at' },
  {
    args: ['meet', '--shards', '2', '--prot', '1'],
    code: 2,
    says: 'playload: `--prot` is no option of `playload meet`',
  },
  { args: ['meet', '--shards', '2', '--timeout', '5'], code: 2, says: 'playload: `--timeout` must be a duration' },
];
for (const { args, code, says } of cases) {
  test(`\`playload ${args.join(' ')}\` ends with ${code}`, async () => {
    const result = await runCommand(folder, args);
    expect(result.said).toContain(says);
    expect(result.code).toBe(code);
  });
}

test('`playload meet` serves shards of its run alone, and ends once nobody has waited for long', async () => {
  const args = ['meet', '--shards', '2', '--port', '0', '--host', '127.0.0.1', '--timeout', '6s'];
  const { code, said } = await runCommand(
    folder,
    args,
    async (command) => {
      const line = await new Promise<string>((heard) => {
        command.stdout?.once('data', (chunk: Buffer) => heard(chunk.toString()));
      });
      const [, port = ''] = /2 shards meet at port (\d+), of run mine/.exec(line) ?? [];
      const ask = async (shard: number, runId: string) => {
        const body = JSON.stringify({ key: 'k', nonce: `n${shard}`, what: 'browse', of: 2, shard, runId });
        const answer = await fetch(`http://127.0.0.1:${port}${meetPath}`, { method: 'POST', body });
        return `${answer.status} ${await answer.text()}`;
      };
      expect(await ask(1, 'other')).toContain('409 this is the meeting of run `mine`');
      const answers = await Promise.all([ask(1, 'mine'), ask(2, 'mine')]);
      for (const answer of answers) expect(answer).toMatch(/^200 [^]*\{"kind":"start"\}\n$/);
    },
    { LOAD_RUN_ID: 'mine' },
  );
  expect(code, said).toBe(0);
  expect(said).toContain('shard 2 waits for browse');
  expect(said).toContain('all are there: browse starts');
});

test('`playload meet` ends with 143 by SIGTERM', async () => {
  const args = ['meet', '--shards', '2', '--port', '0', '--host', '127.0.0.1'];
  const { code } = await runCommand(folder, args, async (command) => {
    await new Promise((heard) => command.stdout?.once('data', heard));
    command.kill('SIGTERM');
  });
  expect(code).toBe(143);
});
