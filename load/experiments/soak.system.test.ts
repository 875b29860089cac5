/** `load.soak` as its users run it: a server that leaks and slows down, and one that does nothing of the kind. */
import { expect, test } from '@playwright/test';
import { childServers } from '../../testing/child-server.ts';
import { runExperiment } from '../../testing/experiment-run.ts';

const serve = childServers();

/** A minute in place of ten: its blocks are short, and what it calls a leak is 5 MB a minute or more. */
const scaled = `
  memory: { minBlock: '4s', blocks: 16, honestRun: '1m' }, handles: { minBlock: '4s', blocks: 16, honestRun: '1m' },`;

/** The machine of these tests may be busy with others. */
const unhurried = `test.use({ loadOptions: { whenSaturated: 'warn' } });`;

const minute = `profile: arrivals('50/s').for('66s'),`;
const asking = `({ request }) => request.get('/')`;

test('a server that leaks 60 MB and 300 handles a minute and slows down is told for all three', async () => {
  const { url, pid } = await serve(`
    const kept = [];
    const answer = (response, number) => {
      if (number < 5000) kept.push(Buffer.alloc(20_000, number)); // 100 MB at most
      if (number % 10 === 0 && number < 5000) kept.push(openSync('/dev/null'));
      setTimeout(() => response.end('{}'), 20 + number / 100);
    };`);
  const { code, said, summary } = await runExperiment(
    `${unhurried} test.use({ serverPid: ${pid} });
    test('night', async ({ load }) => {
      const soak = await load.soak({ ${minute} ${scaled} limitMb: 4096 }, ${asking}, { warmUp: '2s' });
      expect(soak.verdict).toBe('failed');
      expect(soak.memory.kind).toBe('leak');
      expect(soak.memory.slopeMbPerMin).toBeGreaterThan(45);
      expect(soak.memory.slopeMbPerMin).toBeLessThan(75);
      expect(soak.memory.minutesToLimit).toBeGreaterThan(40);
      expect(soak.handles.kind).toBe('leak');
      expect(soak.handles.slopePerMin).toBeGreaterThan(285);
      expect(soak.handles.slopePerMin).toBeLessThan(315);
      expect(soak.latency.p50.kind).toBe('rising');
      expect(soak.throughput.kind).toBe('steady');
      expect(soak.run).toMeet({ successRate: '100%' });
    });`,
    url,
  );
  expect(code, said).toBe(1);
  expect(summary?.findings).toMatchObject([
    { kind: 'leak', verdict: 'failed', figures: { outcome: 'leak', limitMb: 4096 }, runs: [0] },
    { kind: 'leak', name: 'handles', verdict: 'failed', figures: { outcome: 'leak' } },
    { kind: 'drift', name: 'latency', verdict: 'failed', figures: { p50Outcome: 'rising' } },
    { kind: 'drift', name: 'throughput', verdict: 'passed', figures: { answeredOutcome: 'steady' } },
  ]);
  expect(summary?.findings?.[0]).not.toHaveProperty('folds');
  expect(summary?.findings?.[0]?.chart?.lines.map(({ name }) => name)).toEqual([
    'memory',
    'low of each block',
    'trend',
  ]);
  expect(said).toMatch(/failed: leak: leak of .* MB\/min .* MB per 1,000 requests, full in .* min/);
  expect(said).toMatch(/failed: leak of handles: leak of .* handles\/min/);
  expect(said).toMatch(/failed: drift of latency: p50 rises by .* from .* ms to .* ms/);
});

/** Other work that begins in the middle is a drift of latency, of which nothing here says whose fault it is. */
const unhurriedDrift = 'drift: { minDifference: 1_000 },';

test('a server that keeps nothing is not accused, and is told how little would have been seen', async () => {
  const { url, pid } = await serve(`const answer = (response) => setTimeout(() => response.end('{}'), 20);`);
  const { code, said, summary } = await runExperiment(
    `${unhurried} test.use({ serverPid: ${pid} });
    test('night', async ({ load }) => {
      const soak = await load.soak({ ${minute} ${scaled} ${unhurriedDrift} name: 'night' }, ${asking}, { warmUp: '15s' });
      expect(['no-leak-found', 'levelling-off']).toContain(soak.memory.kind);
      expect(soak.memory.detectableMbPerMin).toBeLessThan(10);
      expect(['no-leak-found', 'levelling-off']).toContain(soak.handles.kind);
    });`,
    url,
  );
  expect(code, said).toBe(0);
  expect(summary?.findings?.map(({ kind, name }) => [kind, name])).toEqual([
    ['leak', 'night'],
    ['leak', 'night, handles'],
    ['drift', 'night, latency'],
    ['drift', 'night, throughput'],
  ]);
  expect(summary?.findings?.map(({ verdict }) => verdict)).not.toContain('failed');
  expect(summary?.verdict).toBe('passed');
});

test('a server that dies, and one that is not known, are told as what they are', async () => {
  const { url, pid } = await serve(`const answer = (response, number) => {
    if (number > 100) process.exit(1);
    response.end('{}');
  };`);
  const { url: other } = await serve(`const answer = (response) => response.end('{}');`);
  const { code, said, summary } = await runExperiment(
    `${unhurried} test.describe(() => {
      test.use({ serverPid: ${pid} });
      test('dies', async ({ load }) => {
        await load.soak({ profile: arrivals('50/s').for('5s') }, ${asking}, { warmUp: '0s' });
      });
      test('is gone', async ({ load }) => {
        await load.soak({ profile: arrivals('50/s').for('1s') }, ${asking}, { warmUp: '0s' });
      });
    });
    test('is not known', async ({ load }) => {
      const soak = await load.soak({ profile: users(1).for('2s') }, ({ request }) => request.get('${other}'), { warmUp: '0s' });
      expect(soak.verdict).toBe('inconclusive');
      expect(soak).not.toHaveProperty('memory');
    });
    test('is not known, and has a limit', async ({ load }) => {
      await load.soak({ profile: users(1).for('1s'), limitMb: 512 }, ({ request }) => request.get('${other}'), { warmUp: '0s' });
    });`,
    url,
  );
  expect(code, said).toBe(1);
  const told = (title: string) =>
    summary?.findings
      ?.filter((finding) => finding.title.at(-1) === title)
      .map(({ verdict, sentence }) => [verdict, sentence]);
  expect(told('dies')?.[0]).toEqual(['failed', 'the process of the server ended under load']);
  expect(told('is gone')?.at(-1)).toEqual([
    'invalid',
    'none of 50 requests was answered well: there was no server to soak',
  ]);
  const unknown =
    'memory was not watched, as the process of the server is not known: let Playwright start it, or set `serverPid`';
  expect(told('is not known')).toEqual([
    ['inconclusive', unknown],
    ['inconclusive', expect.stringContaining('p50 not enough data: 0 of 12 windows hold enough answers')],
    ['inconclusive', expect.stringContaining('not enough data')],
  ]);
  expect(told('is not known, and has a limit')?.[0]).toEqual(['invalid', unknown]);
});
