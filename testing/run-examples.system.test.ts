/** `npm run examples` on a terminal: Ctrl-C gives the prompt back once Playwright, and the server that it started, have ended. */
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { onTerminal } from './terminal.ts';

const root = resolve(import.meta.dirname, '..');

test('Ctrl-C ends the project that runs, starts no other, and leaves nothing behind', async () => {
  const command = [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'run-examples.ts')];
  const terminal = onTerminal(command, { cwd: root, env: { ...process.env, DEBUG: 'pw:webserver', CI: '' } });
  await expect.poll(terminal.shown, { timeout: 120_000 }).toMatch(/ready pid=\d+ port=\d+[^]*\[load\]/);
  const [, port] = /ready pid=\d+ port=(\d+)/.exec(terminal.shown()) ?? [];
  await pause(1_000); // in the middle of the load
  terminal.process.stdin?.write('\u0003');
  expect(await terminal.ended).toBe(130);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  expect(terminal.shown().match(/── examples\//g)).toHaveLength(1);
});
