/**
 * Experiments as their users run them: Playwright in a process of its own, a server whose capacity is known by its
 * construction, and what the reporter then writes.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { runExperiment as run } from '../../testing/experiment-run.ts';

let server: Server | undefined;
test.afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done) ?? done(undefined));
  server = undefined;
});

/** Answers one request after the other, each in so many milliseconds: 1,000 / ms are its capacity. */
async function queue(ms: number): Promise<string> {
  let freeAtMs = 0;
  return listening((answer) => {
    freeAtMs = Math.max(freeAtMs, performance.now()) + ms;
    setTimeout(() => answer(200), freeAtMs - performance.now());
  });
}

async function listening(onRequest: (answer: (status: number) => void, path: string) => void): Promise<string> {
  server = createServer((request, response) => {
    onRequest((status) => response.writeHead(status).end('{}'), request.url ?? '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * So slow that a busy machine adds no half of it: a step whose second half is slower by that has a backlog, and is taken
 * once more. A step of 2 s ends with them soon enough to be too short for its generator to be judged.
 */
const calmMs = 150;

test('a queue of 20 ms breaks near 50/s, which is a finding in the summary and the terminal', async () => {
  const { code, said, summary } = await run(
    `test('where', async ({ load }) => {
      const found = await load.breakingPoint(
        { slo: { p95: '< 200ms' }, from: '20/s', to: '160/s', step: '3s', tolerance: 1.2, confirmations: 0 },
        ({ request }) => request.get('/'), { warmUp: '1s' });
      expect(found.limitedBy).toBe('latency');
    });`,
    await queue(20),
  );
  expect(code, said).toBe(0);
  const [finding] = summary?.findings ?? [];
  expect(finding).toMatchObject({
    kind: 'breaking-point',
    verdict: 'measured',
    figures: { of: 'rate', limitedBy: 'latency' },
    folds: true,
    project: 'load',
    title: ['inner.spec.ts', 'where'],
  });
  expect(Number(finding?.figures['sustainedPerSec'])).toBeGreaterThan(38);
  expect(Number(finding?.figures['sustainedPerSec'])).toBeLessThanOrEqual(52);
  expect(finding?.runs).toEqual(summary?.runs.map((_, at) => at));
  expect(finding?.table?.rows).toHaveLength(summary?.runs.length ?? 0);
  expect(finding?.chart?.lines.map(({ name }) => name)).toEqual(['p50', 'p95', 'throughput', 'goodput']);
  expect(summary?.verdict).toBe('measured');
  expect(said).toContain(`breaking point: ${finding?.sentence ?? ''}`.slice(0, 60));
  expect(said).toContain(`rests on ${summary?.runs.length ?? 0} runs`);
});

test('what was promised and is not sustained fails the test, the summary and the command', async () => {
  const { code, said, summary } = await run(
    `test('where', async ({ load }) => {
      await load.breakingPoint(
        { slo: { errorRate: '< 1%' }, of: 'users', from: 1, to: 8, atLeast: 4, step: '2s', confirmations: 0 },
        ({ request }) => request.get('/'), { warmUp: '0s' });
    });`,
    await listening((answer) => setTimeout(() => answer(429), 20)),
  );
  expect(code, said).toBe(1);
  expect(summary).toMatchObject({
    verdict: 'failed',
    findings: [
      {
        verdict: 'failed',
        sentence: expect.stringMatching(
          /^fails even 1 user \(0 of 2\), first by errors \(\d+ × HTTP 429\); at least 4 users was asked of it$/,
        ) as unknown as string,
        figures: { limitedBy: 'errors' },
      },
    ],
  });
  expect(said).toContain('failed: breaking point: fails even 1 user (0 of 2), first by errors');
});

test('a scenario that does not expect to be refused is searched by its refusals', async () => {
  const { code, said, summary } = await run(
    `test('where', async ({ load }) => {
      await load.breakingPoint(
        { slo: { p95: '< 20s' }, from: '20/s', to: '80/s', step: '2s', tolerance: 2, confirmations: 0 },
        async ({ request, iteration }) => {
          const response = await request.get('/' + iteration, { name: 'GET /' });
          expect(response.ok()).toBe(true);
        }, { warmUp: '0s' });
    });`,
    await listening((answer, path) => {
      const iteration = Number(path.slice(1));
      const isBeyond = iteration > 40 * 2; // the third level alone has so many
      setTimeout(() => answer(isBeyond && iteration % 2 === 0 ? 429 : 200), calmMs);
    }),
  );
  expect(code, said).toBe(0);
  expect(summary?.verdict).toBe('measured');
  expect(summary?.findings).toMatchObject([
    { verdict: 'measured', figures: { sustainedPerSec: 40, limitedBy: 'errors' } },
  ]);
  expect(summary?.findings?.[0]?.sentence).toMatch(/fails 80\.0\/s \(0 of 2\), first by errors \(\d+ × HTTP 429\)$/);
});

test('a search whose test does not wait for it sends nothing more once that ends, and says what it knows', async () => {
  const beyond: number[] = [];
  const { code, said, summary } = await run(
    `test('forgetful', async ({ load }) => {
      await new Promise((done) => {
        void load.breakingPoint(
          { slo: { p95: '< 20s' }, from: '20/s', to: '1280/s', step: '2s', confirmations: 0 },
          ({ request, iteration }) => {
            if (iteration > 20 * 2 + 5) done();
            return request.get('/' + iteration, { name: 'GET /' });
          }, { warmUp: '0s' });
      });
    });
    test('next', async () => { await new Promise((done) => setTimeout(done, 3000)); });`,
    await listening((answer, path) => {
      const iteration = Number(path.slice(1));
      if (iteration <= 20 * 2) setTimeout(() => answer(200), calmMs);
      else beyond.push(iteration); // of the second level, which has no end but that of the test
    }),
  );
  expect(code, said).toBe(1);
  expect(said).toContain('1 passed');
  expect(beyond.length).toBeGreaterThan(3);
  expect(beyond.length).toBeLessThan(20 * 2);
  // The first level is sent once more where the machine kept the generator from it.
  const knows =
    /^stopped: the load at 40\.0\/s is incomplete: the run was interrupted before its end; sustains 20\.0\/s \(1 of [12]\)$/;
  expect(summary?.findings).toMatchObject([{ verdict: 'invalid', sentence: expect.stringMatching(knows) as unknown }]);
  const levels = summary?.runs.filter(({ title }) => title.includes('forgetful')) ?? [];
  expect(summary?.findings?.[0]?.runs).toEqual(levels.map((_, at) => at));
  expect(levels.at(-1)?.profile).toContain('40/s');
});

test('several cores find one answer, and the first of them tells it', async () => {
  let requests = 0;
  const { code, said, summary } = await run(
    `test('where', async ({ load }) => {
      await load.breakingPoint(
        { slo: { p95: '< 20s' }, from: '20/s', to: '40/s', step: '2s', confirmations: 0 },
        ({ request }) => request.get('/'), { cores: 2 });
    });`,
    await listening((answer) => {
      requests += 1;
      setTimeout(() => answer(200), calmMs);
    }),
  );
  expect(code, said).toBe(0);
  expect(summary?.findings).toMatchObject([
    { kind: 'breaking-point', figures: { sustainedPerSec: 40, steps: 2 }, runs: [0, 1] },
  ]);
  expect(summary?.runs.map(({ cores }) => cores)).toEqual([2, 2]);
  expect(requests).toBe((20 + 40) * (2 + 2)); // a warm-up of 2 s each
});

const refused: readonly {
  readonly what: string;
  readonly call: string;
  readonly args?: readonly string[];
  readonly says: readonly string[];
}[] = [
  {
    what: 'levels that are none, and options that are its own',
    call: `load.breakingPoint({ slo: { p59: '< 1s' }, from: 50, to: '10/s', step: '1s', spee: 1 }, ({ request }) => request.get('/'))`,
    says: [
      '`spee` is no option of `load.breakingPoint`',
      '`p59` is no metric',
      '`from` must be a rate such as `50/s`, got 50',
      '`step` must be at least 2s',
    ],
  },
  {
    what: 'an option that a search says itself',
    call: `load.breakingPoint({ slo: { p95: '< 1s' }, from: '5/s', to: '10/s' }, ({ request }) => request.get('/'), { unjudged: true })`,
    says: ['`unjudged` is no option of `load.breakingPoint`: it judges its loads itself'],
  },
  {
    what: 'a search under shards',
    call: `load.breakingPoint({ slo: { p95: '< 1s' }, from: '5/s', to: '10/s' }, ({ request }) => request.get('/'))`,
    args: ['--shard=1/2'],
    says: ['`load.breakingPoint` decides by what it has measured, and shard 1 of 2 measures its part alone'],
  },
];
for (const { what, call, args = [], says } of refused) {
  test(`refused before anything is sent: ${what}`, async () => {
    let requests = 0;
    const url = await listening((answer) => {
      requests += 1;
      answer(200);
    });
    const { code, said } = await run(`test('wrong', async ({ load }) => { await ${call}; });`, url, args);
    expect(code).toBe(1);
    for (const words of says) expect(said).toContain(words);
    expect(requests).toBe(0);
  });
}
