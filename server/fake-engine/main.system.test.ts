/** The fake engine's command, as a process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const command = (...args: string[]) => spawn(process.execPath, ['--import', 'tsx', main, ...args]);

test('the command says when it is ready, and SIGTERM ends it', async () => {
  const child = command('--engine', 'tgi', '--scenario', 'errors');
  const exited = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const [, pid, port] = /^ready pid=(\d+) port=(\d+)\n$/.exec(line.toString()) ?? [];
  expect(Number(pid)).toBe(child.pid);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

for (const [args, says] of [
  [['--engine', 'llama'], /`engine`: .*vllm/],
  [['--speed', 'fast'], /`speed`: /],
  [['--sped', '1'], /Unknown option '--sped'/],
] as const) {
  test(`the command with ${args.join(' ')} fails and says why`, async () => {
    const child = command(...args);
    const exited = once(child, 'close'); // when all is said
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await exited).toEqual([1, null]);
    expect(stderr).toMatch(says);
  });
}
