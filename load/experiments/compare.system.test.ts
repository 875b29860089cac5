/** `load.compare` as its users run it: two real servers, whose difference is known by their construction. */
import { createServer, type Server } from 'node:http';
import { expect, test } from '@playwright/test';
import { runExperiment } from '../../testing/experiment-run.ts';
import { listening } from '../../testing/listening.ts';

const { listen, sockets } = listening();

/** Answers each request after so many milliseconds. */
async function answeringAfter(ms: number): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((_, response) => setTimeout(() => response.end('{}'), ms));
  return { server, url: `http://127.0.0.1:${await listen(server)}` };
}

/** Short blocks, and nothing but the median: these machines are busy with other tests. */
const short = `pairs: 7, rate: '60/s', block: '1s', metrics: ['p50'], tolerance: '15%'`;
/** As many again where the first ones leave it open. */
const enough = [7, 14];
const compare = (question: string, options = '{}') =>
  `test('builds', async ({ load }) => {
    const found = await load.compare({ ${question}, ${short} }, ({ request }) => request.get('/'), ${options});
    console.log('PAIRS', found.pairs.length, found.runs.length);
  });`;

test('two equal servers pass, and every surface has the pairs', async () => {
  const [old, now] = [await answeringAfter(120), await answeringAfter(120)];
  const { code, said, summary } = await runExperiment(
    compare(`a: { baseURL: '${old.url}', name: 'main' }, b: { baseURL: '${now.url}', name: 'branch' }`),
    old.url,
  );
  expect(code, said).toBe(0);
  const [finding] = summary?.findings ?? [];
  expect(finding).toMatchObject({
    kind: 'comparison',
    verdict: 'passed',
    folds: true,
    figures: { a: 'main', b: 'branch', sameServer: false, aLostShare: 0, bLostShare: 0, p50Outcome: 'ok' },
  });
  const pairs = Number(finding?.figures['pairs']);
  expect(enough).toContain(pairs);
  expect(finding?.runs).toEqual(summary?.runs.map((_, at) => at));
  expect(summary?.runs.map(({ title }) => title.at(-1)).slice(0, 7)).toEqual([
    ...['warm-up, main', 'warm-up, branch', 'pair 1, main', 'pair 1, branch', 'pair 2, branch', 'pair 2, main'],
    'pair 3, main',
  ]);
  expect(finding?.table?.rows).toHaveLength(pairs);
  expect(finding?.chart?.lines.map(({ name, points }) => [name, points.length])).toEqual([
    ['p50', pairs],
    ['p50 of all', 1],
  ]);
  // by chance one of two equal servers may be a little faster throughout
  expect(said).toMatch(/comparison: branch is (no slower than main by more than is allowed|faster than main): p50/);
  expect(said).toContain(`PAIRS ${pairs} ${2 + 2 * pairs}`);
});

test('a server that is slower by 30 % fails the test, the summary and the command', async () => {
  const [old, now] = [await answeringAfter(120), await answeringAfter(156)];
  const { code, said, summary } = await runExperiment(compare(`a: '${old.url}', b: '${now.url}'`), old.url);
  expect(code, said).toBe(1);
  expect(summary).toMatchObject({ verdict: 'failed', findings: [{ kind: 'comparison', verdict: 'failed' }] });
  const { p50Ratio } = summary?.findings?.[0]?.figures ?? {};
  expect(Number(p50Ratio)).toBeGreaterThan(1.2);
  expect(Number(p50Ratio)).toBeLessThan(1.4);
  expect(said).toContain('failed: comparison: b is slower than a: p50 +');
});

test('a server that dies is named, and nothing more is sent to the other', async () => {
  const [old, now] = [await answeringAfter(5), await answeringAfter(5)];
  let requests = 0;
  now.server.on('request', () => {
    requests += 1;
    if (requests < 200) return;
    now.server.close();
    for (const socket of sockets) if (socket.localPort === Number(new URL(now.url).port)) socket.destroy();
  });
  const { code, said, summary } = await runExperiment(compare(`a: '${old.url}', b: '${now.url}'`), old.url);
  expect(code, said).toBe(1);
  const [finding] = summary?.findings ?? [];
  expect(finding).toMatchObject({ kind: 'comparison', verdict: 'failed' });
  expect(finding?.sentence).toMatch(
    new RegExp(`^b \\(${now.url}\\) answered nothing well \\(\\d+ × ECONNREFUSED\\), in pair [23]$`),
  );
  expect(summary?.runs.length).toBeLessThan(9);
});

test('a server that was never there is told from one that is slow', async () => {
  const old = await answeringAfter(5);
  const { code, said, summary } = await runExperiment(compare(`a: '${old.url}', b: 'http://127.0.0.1:1'`), old.url);
  expect(code, said).toBe(1);
  expect(summary?.findings).toMatchObject([
    {
      verdict: 'invalid',
      sentence: 'b (http://127.0.0.1:1) answered nothing well (60 × ECONNREFUSED), in its warm-up',
    },
  ]);
  expect(summary?.findings?.[0]).not.toHaveProperty('table');
});

test('a scenario that names a server itself compares nothing', async () => {
  const [old, now] = [await answeringAfter(5), await answeringAfter(5)];
  const { code, said, summary } = await runExperiment(
    compare(`a: '${old.url}', b: '${now.url}'`).replace(`request.get('/')`, `request.get('${old.url}/')`),
    old.url,
  );
  expect(code, said).toBe(1);
  expect(summary?.findings).toMatchObject([{ verdict: 'invalid' }]);
  expect(said).toContain(`the load meant for b (${now.url}) went to ${old.url}: give the scenario's requests paths`);
});

test('one server twice, from two cores', async () => {
  const { url } = await answeringAfter(120);
  const { code, said, summary } = await runExperiment(compare(`a: '${url}', b: '${url}'`, `{ cores: 2 }`), url);
  expect(code, said).toBe(0);
  expect(summary?.findings).toMatchObject([{ kind: 'comparison', verdict: 'passed', figures: { sameServer: true } }]);
  expect(enough).toContain(summary?.findings?.[0]?.figures['pairs']);
  // as above: by chance
  expect(said).toMatch(/comparison: the same server twice \(A\/A\): b is (no slower|faster) than a/);
  expect(new Set(summary?.runs.map(({ cores }) => cores))).toEqual(new Set([2]));
});

test('a comparison under shards is refused', async () => {
  const { code, said } = await runExperiment(
    compare(`a: 'http://127.0.0.1:1', b: 'http://127.0.0.1:2'`),
    'http://127.0.0.1:1',
    ['--shard=1/2'],
  );
  expect(code).toBe(1);
  expect(said).toContain('`load.compare` decides by what it has measured, and shard 1 of 2 measures its part alone');
});
