/**
 * A log of 5,000 lines with bursts, sent again by Playwright in processes of its own: each line once, when it was due, by
 * one process and by two shards; and what can't be sent is told where its user sees it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readSummary } from '../../testing/child-suite.ts';
import { checkoutOf, CountingServer, mergeShards, runShards } from '../../testing/shard-suite.ts';

const index = JSON.stringify(join(import.meta.dirname, '../index.ts'));
const lines = 5_000;
const seconds = 60;
const speed = 4;
/** How late or early half of the starts may be; how late a few are tells of the machine, and `npm run bench` holds it. */
const mostMs = 5;
/** A busy machine may spoil a run, not each of them. */
const mostRuns = 3;

/** Requests of each second: bursts of ten times the usual. */
const perSecond = Array.from({ length: seconds }, (_, second) => (second % 10 === 3 ? 10 : 1));
const unit = Math.floor(lines / perSecond.reduce((sum, each) => sum + each, 0));
const counts = perSecond.map((each) => each * unit);
counts[0] = (counts[0] ?? 0) + lines - counts.reduce((sum, each) => sum + each, 0);
const dueMs = counts.flatMap((count, second) =>
  Array.from({ length: count }, (_, at) => ((second + at / count) * 1_000) / speed),
);
const time = (second: number) => `10/Oct/2026:12:00:${String(second).padStart(2, '0')} +0000`;
const text = counts
  .flatMap((count, second) => Array.from({ length: count }, () => time(second)))
  .map((at, number) => `10.0.0.1 - - [${at}] "GET /r/${number} HTTP/1.1" 200 5 "-" "-"`)
  .concat(`10.0.0.1 - - [${time(1)}] "CONNECT a:443 HTTP/1.1" 405 0`, 'no line of a log')
  .join('\n');

const spec = `
import { replay } from ${index};
test('the log again', async ({ load }) => {
  // What is compiled for the first time is late, whatever it sends.
  await load(arrivals('400/s').for('2s'), ({ request }) => request.get('/warm'), { name: 'warm', unjudged: true, whenSaturated: 'warn' });
  const run = await load(replay(process.env.LOG ?? '', { speed: ${speed} }), undefined, { whenSaturated: 'warn', maxInFlight: 5_000 });
  expect(run).toMeet({ successRate: '100%', requests: '${lines}' });
});`;

let folder: string;
let server: CountingServer;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-replay-'));
  server = await CountingServer.start();
});
test.afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** The median of how far the server's log is from the moments asked for, whenever the first of them was. */
function p50Ms(): number {
  const offsets = server.paths.flatMap((path, at) =>
    path === '/warm' ? [] : [(server.atMs[at] ?? 0) - (dueMs[Number(path.slice(3))] ?? 0)],
  );
  const first = Math.min(...offsets);
  return offsets.map((offset) => offset - first).sort((a, b) => a - b)[Math.floor(offsets.length / 2)] ?? Infinity;
}

for (const shards of [1, 2]) {
  test(`each of 5,000 lines is sent once, when it was due, by ${shards === 1 ? 'one process' : '2 shards'}`, async () => {
    const log = join(folder, 'access.log');
    await writeFile(log, text);
    const found: number[] = [];
    const lagMs: number[] = [];
    for (let run = 1; run <= mostRuns && !found.some((ms) => ms <= mostMs); run++) {
      server.paths.length = 0;
      server.atMs.length = 0;
      const here = join(folder, `run-${run}`);
      const shard = { baseURL: server.url, env: { LOG: log } };
      const results = await runShards({
        folder: here,
        specs: { 'replay.spec.ts': spec },
        shards: Array.from({ length: shards }, () => shard),
      });
      const said = results.map(({ stdout, stderr }) => stdout + stderr).join('\n');
      expect(
        results.map(({ code }) => code),
        said,
      ).toEqual(results.map(() => 0));
      expect(server.paths.filter((path) => path !== '/warm').sort()).toEqual(
        Array.from({ length: lines }, (_, n) => `/r/${n}`).sort(),
      );
      const merged = await mergeShards(here);
      expect(merged.code, merged.stdout + merged.stderr).toBe(0);
      expect(merged.stdout).toContain('2 lines left out (1 CONNECT, 1 malformed)');
      const summary = await readSummary(checkoutOf(here, 1));
      const replayed = summary.runs.at(-1);
      expect(replayed).toMatchObject({ model: 'open', requests: { scheduled: lines, ok: lines, dropped: 0 } });
      found.push(p50Ms());
      lagMs.push(replayed?.lagMs?.p99 ?? NaN);
    }
    // Lag near to it says that this machine was too busy to start them; none says that its server was too busy to note them.
    const figures = found
      .map((ms, run) => `${ms.toFixed(1)} ms (lag p99 ${lagMs[run]?.toFixed(1) ?? '?'} ms)`)
      .join(', ');
    test.info().annotations.push({ type: 'p50', description: figures });
    expect(Math.min(...found), `p50 of each run: ${figures}`).toBeLessThanOrEqual(mostMs);
  });
}

for (const { mode, env } of [
  { mode: 'as a load', env: {} },
  { mode: 'once', env: { LOAD_ONCE: '1' } },
]) {
  test(`what was a 404 then and is one now is good, ${mode}; a 404 that was none is not`, async () => {
    const missing = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((listening) => missing.listen(0, '127.0.0.1', listening));
    try {
      for (const [status, code] of [
        [404, 0],
        [200, 1],
      ] as const) {
        const log = join(folder, `${status}.log`);
        await writeFile(log, `10.0.0.1 - - [${time(1)}] "GET /gone HTTP/1.1" ${status} 5`);
        const again = `
import { replay } from ${index};
test('the log again', async ({ load }) => {
  expect(await load(replay(process.env.LOG ?? ''), undefined, { whenSaturated: 'warn' })).toMeet({ successRate: '100%' });
});`;
        const baseURL = `http://127.0.0.1:${(missing.address() as AddressInfo).port}`;
        const here = join(folder, `${status}`);
        const shard = { baseURL, env: { LOG: log, ...env } };
        const [result] = await runShards({ folder: here, specs: { 'replay.spec.ts': again }, shards: [shard] });
        expect(result?.code, `${result?.stdout} ${result?.stderr}`).toBe(code);
      }
    } finally {
      missing.close();
    }
  });
}
