/** Loads as their users write them, against a small server, in a Playwright of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type InnerResult, type InnerRun, runSpec } from '../../testing/inner-playwright.ts';
import { standstillPath } from '../../testing/standstill.ts';
import { judgeRun } from '../verdict/judge.ts';

test.describe.configure({ mode: 'default' });

let server: Server;
let baseURL: string;
const seen = { requests: 0, withCookie: 0 };

test.beforeAll(async () => {
  server = createServer((request, response) => {
    seen.requests += 1;
    if (request.headers.cookie !== undefined) seen.withCookie += 1;
    const path = request.url ?? '/';
    if (path === '/slow') void setTimeout(3_000).then(() => response.end('{}'));
    else if (path === '/hang') response.writeHead(200, { 'content-length': 10 }).write('half');
    else if (path === '/fail') response.writeHead(503).end('down');
    else if (path === '/cookie') response.writeHead(200, { 'set-cookie': `visitor=${seen.requests}` }).end('{}');
    else response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function resultOf({ results }: InnerRun, title: string): InnerResult {
  const result = results.find((each) => each.title === title);
  if (result === undefined)
    throw new Error(`no test \`${title}\` among ${results.map((each) => each.title).join(', ')}`);
  return result;
}

const suite = `
test('passes', async ({ load }) => {
  const run = await load(iterations(200, { users: 4 }), ({ request }) => request.get('/ok'), { warmUp: '100ms' });
  expect(run).toMeet({ successRate: '100%', requests: '200', p95: '< 5s' });
});
test('is too slow', async ({ load }) => {
  const run = await load(iterations(5, { users: 5 }), ({ request }) => request.get('/slow'));
  expect(run).toMeet({ p95: '< 100ms' });
});
test('has an endpoint that is too slow', async ({ load }) => {
  const run = await load(iterations(5, { users: 5 }), ({ request }) => request.get('/slow'));
  expect(run.endpoint('GET /slow')).toMeet({ max: '< 100ms' });
});
test('is refused', async ({ load }) => {
  const run = await load(iterations(3, { users: 1 }), ({ request }) => request.get('http://127.0.0.1:1/'));
  expect(run).toMeet({ successRate: '100%' });
});
test('knows no such host', async ({ load }) => {
  const run = await load(iterations(1, { users: 1 }), ({ request }) => request.get('http://no-such-host.invalid/'));
  expect(run).toMeet({ successRate: '100%' });
});
test('asks for nothing', async ({ load }) => {
  await load(batch(2), ({ request }) => request.get('/ok'));
});
test('throws', async ({ load }) => {
  const run = await load(iterations(6, { users: 2 }), async ({ request, iteration }) => {
    await request.get('/ok');
    if (iteration % 2 === 0) throw new TypeError('the cart is empty');
  });
  expect(run).toMeet({ successRate: '100%' });
});
test('hangs', async ({ load }) => {
  const run = await load(iterations(2, { users: 2 }), ({ request }) => request.get('/hang'), { requestTimeout: '300ms' });
  expect(run).toMeet({ timedOut: '2', successRate: '0%' });
});
test('has wrong options', async ({ load }) => {
  await load(arrivals('5/s').for('1s'), ({ request }) => request.get('/ok'), { warmUp: 'soon', maxInFlight: 0, wramUp: '1s' } as never);
});
test('forgets to await', async ({ load }) => {
  const run = load(batch(1), ({ request }) => request.get('/ok'));
  expect(run as never).toMeet({ p95: '< 1s' } as never);
});
test('may take weeks', async ({ load }) => {
  const run = await load(iterations(5, { users: 2 }), ({ request }) => request.get('/ok'), { maxDuration: '600h', gracefulStop: '9999h', requestTimeout: '900h' });
  expect(run).toMeet({ successRate: '100%' });
});
test("uses Playwright's transport", async ({ load }) => {
  const run = await load(iterations(10, { users: 2 }), ({ request }) => request.get('/ok'), { transport: 'playwright' });
  expect(run).toMeet({ requests: '10', successRate: '100%' });
});
test('has several loads', async ({ load }) => {
  const first = await load(batch(3), ({ request }) => request.get('/ok'), { name: 'first' });
  const [left, right] = await Promise.all([
    load(iterations(4, { users: 2 }), ({ request }) => request.get('/ok'), { name: 'left' }),
    load(arrivals('20/s').for('500ms'), ({ request }) => request.get('/ok'), { name: 'right', startAfter: '200ms' }),
  ]);
  for (const run of [first, left, right]) expect(run).toMeet({ successRate: '100%' });
});
test('meets strangers', async ({ load }) => {
  const run = await load(arrivals('40/s').for('500ms'), ({ request }) => request.get('/cookie'));
  expect(run).toMeet({ successRate: '100%', dropped: '0' });
});
test('despairs', async ({ load }) => {
  const run = await load(arrivals('20/s').for('60s'), ({ request }) => request.get('/fail'), {
    abortOn: { errorRate: '> 50%' },
    abortAfter: '500ms',
  });
  expect(run).toMeet({ throughput: '>= 0/s' });
});
test('runs out of time', async ({ load }) => {
  await load(users(1).for('60s').thinking('50ms'), async ({ request, iteration }) => {
    if (iteration === 3) test.info().setTimeout(1_500);
    await request.get('/ok');
  });
});
`;

test.describe('a suite of loads', () => {
  test.describe.configure({ mode: 'serial', timeout: 300_000 });
  let inner: InnerRun;
  let before: typeof seen;

  test('runs to its end', async () => {
    before = { ...seen };
    inner = await runSpec(suite, { baseURL });
    expect(inner.exitCode).toBe(1);
    expect(inner.results).toHaveLength(16);
  });

  const outcomes: readonly {
    readonly title: string;
    readonly status: 'passed' | 'failed' | 'timedOut';
    readonly says?: readonly (string | RegExp)[];
    readonly counts?: readonly object[];
    readonly verdicts?: readonly string[];
  }[] = [
    { title: 'passes', status: 'passed', counts: [{ scheduled: 200, started: 200, ok: 200 }], verdicts: ['passed'] },
    {
      title: 'is too slow',
      status: 'failed',
      says: [
        '5 iterations by 5 users: 1 of 1 thresholds missed',
        /✗ {2}run {2}p95 {2}expected < 100ms {2}received 3\.\d\d s \(GET \/slow, \d+ % of its time waiting for the first byte\)/,
      ],
      verdicts: ['failed'],
    },
    {
      title: 'has an endpoint that is too slow',
      status: 'failed',
      says: [/✗ {2}GET \/slow {2}max {2}expected < 100ms {2}received 3\.\d\d s/],
      verdicts: ['failed'],
    },
    {
      title: 'is refused',
      status: 'failed',
      says: [/received 0 % \(3 × ECONNREFUSED \(first 127\.0\.0\.1:1\) on GET \//],
      counts: [{ started: 3, failed: 3, unfinished: 0 }],
      verdicts: ['failed'],
    },
    {
      title: 'knows no such host',
      status: 'failed',
      says: [/1 × (?:ENOTFOUND|EAI_AGAIN) no-such-host\.invalid on GET \//],
      counts: [{ started: 1, failed: 1 }],
    },
    {
      title: 'asks for nothing',
      status: 'failed',
      says: ['failed: batch of 2: no threshold was set: say what is good enough with `expect(run).toMeet({ … })`'],
      counts: [{ ok: 2 }],
    },
    {
      title: 'throws',
      status: 'failed',
      says: [/run {2}exceptions {2}expected 0 \(implied\) {2}received 3/],
      counts: [{ ok: 6, failed: 0 }],
      verdicts: ['failed'],
    },
    { title: 'hangs', status: 'passed', counts: [{ started: 2, timedOut: 2, ok: 0 }], verdicts: ['passed'] },
    {
      title: 'has wrong options',
      status: 'failed',
      says: [
        'OptionsError: 3 problems:',
        '`wramUp` is no option of `load`; known are',
        '`warmUp` must be a duration such as `300ms`, `30s` or `5m`, got "soon"',
        '`maxInFlight` must be a whole number of at least 1, got 0',
      ],
      counts: [],
    },
    { title: 'forgets to await', status: 'failed', says: ['was an `await` forgotten?'] },
    { title: 'may take weeks', status: 'passed', counts: [{ ok: 5 }], verdicts: ['passed'] },
    { title: "uses Playwright's transport", status: 'passed', counts: [{ ok: 10 }], verdicts: ['passed'] },
    {
      title: 'has several loads',
      status: 'passed',
      counts: [{ ok: 3 }, { ok: 4 }, { ok: 10, dropped: 0 }],
      verdicts: ['passed', 'passed', 'passed'],
    },
    { title: 'meets strangers', status: 'passed', counts: [{ ok: 20 }] },
    {
      title: 'despairs',
      status: 'failed',
      says: ['the run was stopped early: `abortOn` was met: errorRate > 50%'],
      verdicts: ['failed'],
    },
    { title: 'runs out of time', status: 'timedOut', verdicts: ['incomplete'] },
  ];
  for (const { title, status, says = [], counts, verdicts } of outcomes) {
    test(`a load that ${title} has ${status}`, () => {
      const result = resultOf(inner, title);
      expect(result.status).toBe(status);
      for (const words of says) expect(result.errors).toMatch(words instanceof RegExp ? words : literally(words));
      if (counts !== undefined) expect(result.runs.map((run) => ({ ...run.counts }))).toMatchObject([...counts]);
      if (verdicts !== undefined) expect(result.runs.map((run) => judgeRun(run).verdict)).toEqual(verdicts);
      for (const run of result.runs) expect(run.accounting).toEqual([]);
    });
  }

  test('errors of a scenario are grouped by their message', () => {
    const [run] = resultOf(inner, 'throws').runs;
    expect([...(run?.errors.values() ?? [])]).toMatchObject([
      {
        kind: 'exception',
        endpoint: 'scenario: TypeError: the cart is empty',
        count: 3,
        sample: 'TypeError: the cart is empty',
      },
    ]);
  });

  test('a load is one step of its test, however many requests it sends', () => {
    expect(resultOf(inner, 'passes').steps).toEqual(['200 iterations by 4 users']);
    expect(resultOf(inner, "uses Playwright's transport").steps).toHaveLength(1);
  });

  test('loads of one test are told apart by their place and name', () => {
    expect(resultOf(inner, 'has several loads').runs.map(({ plan }) => [plan.index, plan.name])).toEqual([
      [0, 'first'],
      [1, 'left'],
      [2, 'right'],
    ]);
  });

  test('no arrival brought the cookie of another', () => {
    expect(seen.withCookie - before.withCookie).toBe(0);
  });

  test('a hopeless run was stopped long before its end', () => {
    const [segment] = resultOf(inner, 'despairs').runs.flatMap(({ segments }) => segments);
    expect(segment?.durationMs).toBeGreaterThan(500);
    expect(segment?.durationMs).toBeLessThan(10_000);
  });

  test('a load that ran out of time keeps what was measured', () => {
    const [run] = resultOf(inner, 'runs out of time').runs;
    expect(run?.counts.ok).toBeGreaterThanOrEqual(3);
    expect(run?.segments[0]?.stopped).toBe('interrupted');
  });
});

function literally(words: string): RegExp {
  return new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

test('a segment carries its share, and leaves the judging to the merge', async () => {
  const spec = `
    test('is one of two', async ({ load }) => {
      const run = await load(iterations(10, { users: 4 }), ({ request }) => request.get('/ok'));
      expect(run).toMeet({ max: '< 1us' });
    });`;
  const segments = [];
  for (const shard of ['1/2', '2/2']) {
    const { exitCode, results } = await runSpec(spec, { baseURL, env: { LOAD_SHARD: shard, LOAD_RUN_ID: 'together' } });
    expect(exitCode).toBe(0);
    segments.push(...(results[0]?.runs ?? []));
  }
  expect(segments.map(({ counts }) => counts.ok)).toEqual([5, 5]);
  expect(segments.map(({ segments: [segment] }) => [segment?.index, segment?.of, segment?.runId])).toEqual([
    [0, 2, 'together'],
    [1, 2, 'together'],
  ]);
  expect(segments.map(({ thresholds }) => thresholds.length)).toEqual([1, 1]);
});

test('an attempt that failed before any load is none; a load that was sent is not sent again', async () => {
  const spec = `
    test('has a hiccup first', async ({ load }) => {
      if (test.info().retry === 0) throw new Error('setup hiccup');
      const run = await load(batch(2), ({ request }) => request.get('/ok'));
      expect(run).toMeet(test.info().retry === 1 ? { max: '< 1us' } : { max: '< 1h' });
    });
    test('has two hiccups', async ({ load }) => {
      if (test.info().retry < 2) throw new Error('setup hiccup');
      const run = await load(batch(2), ({ request }) => request.get('/ok'));
      expect(run).toMeet({ max: '< 1h' });
    });`;
  const { results } = await runSpec(spec, { baseURL, retries: 2 });
  expect(results.map(({ status, runs }) => [status, runs.length])).toEqual([
    ['failed', 0],
    ['failed', 1],
    ['failed', 0],
    ['failed', 0],
    ['failed', 0],
    ['passed', 1],
  ]);
  expect(results[2]?.errors).toMatch(/attempt 2 has sent its load \(.*, at \d{4}-.*\), and another one would only/);
});

test('a share of a load that no load reporter puts together with the rest is refused before it sends', async () => {
  const spec = `
    test('is alone', async ({ load }) => {
      await load(iterations(10, { users: 4 }), ({ request }) => request.get('/ok'));
    });`;
  const { exitCode, results } = await runSpec(spec, { baseURL, env: { LOAD_SHARD: '1/2', NO_LOAD_REPORTER: '1' } });
  expect(exitCode).toBe(1);
  expect(results[0]?.errors).toContain('say `--add-reporter=blob` instead');
  expect(results[0]?.runs).toEqual([]);
});

test('a load test is not retried into green', async () => {
  const spec = `
    test('fails, then would pass', async ({ load }) => {
      const run = await load(batch(2), ({ request }) => request.get('/ok'));
      expect(run).toMeet(test.info().retry === 0 ? { max: '< 1us' } : { max: '< 1h' });
    });`;
  const { exitCode, results, stats } = await runSpec(spec, { baseURL, retries: 1 });
  expect(exitCode).toBe(1);
  expect(results.map(({ status, runs }) => [status, runs.length])).toEqual([
    ['failed', 1],
    ['failed', 0],
  ]);
  expect(results[1]?.errors).toContain('a load test is not retried');
  expect(stats).toMatchObject({ unexpected: 1, flaky: 0 });
});

test('Ctrl-C in the middle keeps what was measured, marked as interrupted', async () => {
  const before = seen.requests;
  const { results } = await runSpec(
    `test('is long', async ({ load }) => {
       const run = await load(users(2).for('10m').thinking('20ms'), ({ request }) => request.get('/ok'));
       expect(run).toMeet({ successRate: '100%' });
     });`,
    {
      baseURL,
      during: async (runner) => {
        while (seen.requests < before + 20 && runner.exitCode === null) await setTimeout(50);
        runner.kill('SIGINT');
      },
    },
  );
  expect(results[0]?.status).toBe('interrupted');
  const [run] = results[0]?.runs ?? [];
  if (run === undefined) throw new Error('no run was attached');
  expect(run.counts.ok).toBeGreaterThanOrEqual(18);
  expect(run.accounting).toEqual([]);
  expect(judgeRun(run)).toMatchObject({ verdict: 'incomplete', reason: 'the run was interrupted before its end' });
});

test('a server that stands still for a second of five shows in the response times of all who came meanwhile', async () => {
  const frozen = spawn(process.execPath, ['-e', tinyServer], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(frozen.stdout, 'data')) as [Buffer];
    const { results } = await runSpec(
      `import { Standstill } from ${JSON.stringify(standstillPath)};
       test('freezes', async ({ load }) => {
         const still = new Standstill();
         const pid = Number(process.env.FROZEN_PID);
         const run = load(arrivals('500/s').for('5s'), ({ request }) => request.get('/'), { whenSaturated: 'warn', maxInFlight: 2_500 });
         setTimeout(() => {
           process.kill(pid, 'SIGSTOP');
           setTimeout(() => process.kill(pid, 'SIGCONT'), 1_000); // however late it was stopped
         }, 2_000);
         const whole = await run;
         still[Symbol.dispose]();
         await test.step('stood still: ' + still.ms, () => undefined);
         expect(whole).toMeet({ dropped: '0', successRate: '100%', requests: '2500' });
       });`,
      { baseURL: `http://127.0.0.1:${line.toString()}`, env: { FROZEN_PID: String(frozen.pid) } },
    );
    expect(results[0]?.errors).toBe('');
    const [run] = results[0]?.runs ?? [];
    const stoodMs = Number(await (await fetch(`http://127.0.0.1:${line.toString()}/stood`)).text());
    const generatorMs =
      results[0]?.steps.flatMap((step) => /^stood still: (.+)/.exec(step)?.[1] ?? []).map(Number) ?? [];
    expect(generatorMs).toHaveLength(1);
    // Where the machine lets server or generator stand still besides, it shows as well; not what holds up the generator else.
    const addedMs = Math.max(0, stoodMs - 1_000) + (generatorMs[0] ?? 0);
    expect(run?.lag.stats()?.max).toBeLessThan(200 + addedMs);
    const response = run?.endpoints.get('GET /')?.response;
    expect(run?.counts).toMatchObject({ scheduled: 2_500, started: 2_500, ok: 2_500, dropped: 0, unfinished: 0 });
    // A fifth waits from 1 s down to 0: the 99th of a hundred waits 0.95 s, the median not at all.
    expect(response?.percentileMs(99)).toBeGreaterThan(850);
    expect(response?.percentileMs(99)).toBeLessThan(1_300 + addedMs);
    expect(response?.percentileMs(50)).toBeLessThan(200 + addedMs);
  } finally {
    frozen.kill('SIGKILL');
  }
});

/** Tells at `/stood` how many milliseconds it stood still. */
const tinyServer = `
  let [lookedAtMs, stoodMs] = [performance.now(), 0];
  setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lookedAtMs > 50) stoodMs += nowMs - lookedAtMs;
    lookedAtMs = nowMs;
  }, 5);
  const server = require('node:http').createServer((request, response) => response.end(request.url === '/stood' ? String(stoodMs) : '{}'));
  server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));
`;
