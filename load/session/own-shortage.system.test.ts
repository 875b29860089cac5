/** A generator whose own machine fails it, for real: the server is not to blame, and nothing is lost. */
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

const mishaps = `
test.describe.configure({ timeout: 60_000 });
const steady = (load) => load(arrivals('50/s').for('2s'), ({ request }) => request.get('/'));
test('the clock is set', async ({ load }) => {
  const real = Date.now;
  setTimeout(() => (Date.now = () => real() + 3_600_000), 500);
  expect(await steady(load)).toMeet({ successRate: '100%' });
  Date.now = real;
});
test('the thread that keeps time dies', async ({ load }) => {
  process.on('worker', (thread) => setTimeout(() => thread.terminate(), 500));
  expect(await steady(load)).toMeet({ successRate: '100%' });
});
`;

test('a clock that is set and a thread that dies are named, and the run goes on, with all requests', async () => {
  const server = createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { results } = await runSpec(mishaps, { baseURL });
    const told = results.map(({ title, errors, runs: [run] }) => {
      if (run === undefined) throw new Error(`\`${title}\` has no run: ${errors}`);
      const { verdict, generator } = judgeRun(run);
      expect(['suspect', 'saturated']).toContain(generator.verdict); // the latter where the machine is busy as well
      return { title, errors, verdict, ok: run.counts.ok, incidents: run.segments.flatMap((each) => each.incidents) };
    });
    const passed = { errors: '', verdict: 'passed', ok: 100 };
    expect(told).toEqual([
      { title: 'the clock is set', ...passed, incidents: [expect.stringMatching(/clock went forward by 1h at \d/)] },
      {
        title: 'the thread that keeps time dies',
        ...passed,
        incidents: [expect.stringMatching(/^what wakes it at the right time is gone, .*: its thread ended$/)],
      },
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});
