/** A generator that runs out of file handles, for real: the server is not to blame, and no watch ends the run. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { judgeRun } from '../verdict/judge.ts';

test('more connections than there are file handles make a run invalid, and nothing is lost', async () => {
  const server = createServer((_, response) => {
    setTimeout(() => response.end('{}'), 1_500);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const spec = `
    test('opens too many', async ({ load }) => {
      const run = await load(users(400).for('3s'), ({ request }) => request.get('/'), { connections: 'per-user', whenSaturated: 'invalid' });
      expect(run).toMeet({ p95: '< 1m', successRate: '> 1%' });
    });`;
  try {
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { results, exitCode } = await runSpec(spec, { baseURL, openFiles: 200 });
    expect(exitCode).toBe(1);
    const [result] = results;
    expect(result?.errors).toMatch(
      /^Error: invalid: 400 users for 3s: the load generator's machine ran out of file handles/,
    );
    expect(result?.errors).toContain('raise `ulimit -n`');
    const [run] = result?.runs ?? [];
    if (run === undefined) throw new Error('the run was lost');
    expect(judgeRun(run).verdict).toBe('invalid');
    expect(run.accounting).toEqual([]);
    expect([...run.errors.values()].map(({ kind }) => kind)).toContain('EMFILE');
    expect(run.counts.ok).toBeGreaterThan(0);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});
