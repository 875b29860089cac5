/** An SLO as its users share it, and a server that is still warming up: what the summary and the terminal tell of both. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { runExperiment } from '../testing/experiment-run.ts';

const library = JSON.stringify(resolve(import.meta.dirname, 'index.ts'));

let server: Server | undefined;
test.afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done) ?? done(undefined));
  server = undefined;
});

/**
 * Slow for the first five seconds after the first request; then still by far slower than what a busy machine adds, so
 * that its noise is no change of level.
 */
async function warmingUp(): Promise<string> {
  let beganMs: number | undefined;
  server = createServer((_, response) => {
    beganMs ??= performance.now();
    setTimeout(() => response.end('{}'), performance.now() - beganMs < 5_000 ? 500 : 50);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what users got of an SLO and a warm-up that was too short are told, and change no verdict', async () => {
  const { code, said, summary } = await runExperiment(
    `import { slo } from ${library};
    const quick = slo({ p50: '< 300ms', errorRate: '< 1%' }, { name: 'quick' });
    test('warm', async ({ load }) => {
      const run = await load(arrivals('20/s').for('32s'), ({ request }) => request.get('/'), { whenSaturated: 'warn' });
      expect(run).toMeet(quick);
      expect(run.errorBudget(quick)[0]?.limit).toBe('p50 < 300ms');
      expect(run.steadiness?.verdict, run.steadiness?.reason).toBe('warming-up');
    });`,
    await warmingUp(),
  );
  expect(code, said).toBe(0);
  const [run] = summary?.runs ?? [];
  expect(run).toMatchObject({
    verdict: 'passed',
    slos: [{ name: 'quick', of: 640 }],
    steadiness: { verdict: 'warming-up' },
  });
  const { groups } =
    /^the first (?<seconds>\d+)s ran at a p50 of 5\d\d ms, the rest at [56]\d/.exec(run?.steadiness?.reason ?? '') ??
    {};
  expect(Number(groups?.['seconds']), run?.steadiness?.reason).toBeGreaterThanOrEqual(5);
  expect(Number(groups?.['seconds'])).toBeLessThanOrEqual(10); // a third of the run at most is a warm-up
  expect(run?.slos?.[0]?.share).toBeGreaterThan(0.6);
  expect(run?.slos?.[0]?.share).toBeLessThan(0.86); // a hundred were slow
  expect(said).toMatch(/goodput +quick: [6-8]\d\.\d % of 640 requests good/);
  expect(said).toMatch(/steadiness still warming up: the first \d+s ran at a p50 of 5/);
});
