/**
 * One load from several cores, in Playwright runs of their own: the same load as from one, and never a part of it taken for
 * the whole. What is killed, hangs or goes another way is real.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type InnerOptions, type InnerResult, runSpec } from '../../../testing/inner-playwright.ts';
import { standstillPath } from '../../../testing/standstill.ts';
import { judgeRun } from '../../verdict/judge.ts';

test.describe.configure({ mode: 'default' });

let server: Server;
let baseURL: string;
const paths: string[] = [];

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '/';
    paths.push(path);
    response.writeHead(path.startsWith('/fail') ? 500 : 200).end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.beforeEach(() => void paths.splice(0));
test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function run(spec: string, options: Partial<InnerOptions> = {}): Promise<InnerResult> {
  const { results } = await runSpec(spec, { baseURL, ...options });
  const [result] = results;
  if (result === undefined) throw new Error('the test did not run');
  return result;
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

/** Each request tells by which process it was sent, and by which Playwright. */
const told =
  '({ request }) => request.get(`/?pid=${process.pid}&runner=${process.ppid}&core=${process.env.LOAD_CORE ?? 1}`)';

/** Processes that have sent, by core, and the Playwright of each. */
function senders(): { readonly pid: number; readonly runner: number; readonly core: number }[] {
  const queries = new Set(paths.filter((path) => path.startsWith('/?pid=')).map((path) => path.slice(1)));
  return [...queries]
    .map((query) => new URLSearchParams(query))
    .map((query) => ({
      pid: Number(query.get('pid')),
      runner: Number(query.get('runner')),
      core: Number(query.get('core')),
    }))
    .sort((a, b) => a.core - b.core);
}

async function untilAllSend(cores: number): Promise<ReturnType<typeof senders>> {
  while (senders().length < cores) await setTimeout(50);
  return senders();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whatever was started for a load is gone soon after it has ended, processes and files. */
async function expectNothingLeft(all: ReturnType<typeof senders>): Promise<void> {
  const pids = all.flatMap(({ pid, runner }) => [pid, runner]);
  await expect.poll(() => pids.filter(isAlive), { timeout: 15_000 }).toEqual([]);
  const [first] = all;
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`playload-cores-${first?.pid ?? ''}-`))).toEqual([]);
}

const rows = "feeder(Array.from({ length: 60 }, (_, n) => ({ n })), { order: 'unique' })";
const loads = [
  { what: 'iterations', profile: 'iterations(60, { users: 5 })' },
  { what: 'arrivals', profile: "arrivals('10/s').for('6s')" }, // so long that cores which begin apart are together all the same
  { what: 'iterations of each user', profile: 'users(5).iterations(12)' },
];
for (const { what, profile } of loads) {
  test(`two cores send the ${what} and rows that one sends`, async () => {
    const sent: string[][] = [];
    for (const cores of [1, 2]) {
      paths.splice(0);
      const result = await run(`test('load', async ({ load }) => {
        const run = await load(${profile}, ({ request, data, user, iteration }) => request.get('/row/' + data.n + '/' + iteration + '/' + user), { cores: ${cores}, data: ${rows} });
        expect(run).toMeet({ requests: '60', successRate: '100%' });
        expect(run.requests.ok).toBe(60);
      });`);
      expect(result, result.errors).toMatchObject({ status: 'passed' });
      expect(result.runs).toHaveLength(1);
      expect(result.runs[0]?.segments.map(({ index, of }) => [index, of])).toEqual(
        cores === 1
          ? [[0, 1]]
          : [
              [0, 2],
              [1, 2],
            ],
      );
      sent.push(paths.map((path) => path.split('/').slice(0, 3).join('/')).sort());
      expect(new Set(paths.map((path) => path.split('/')[3])).size).toBe(60);
    }
    expect(sent[1]).toEqual(sent[0]);
  });
}

/** As long before the start is it said, and from then on a core can be held up. */
const noticeMs = 100;

/** How long the machine let a core stand still within so long before its first request. */
function stoodBeforeFirst(core: number, withinMs: number): number {
  const told = paths.filter((path) => path.startsWith(`/stood/${core}/`)).map((path) => path.split('/')[3] ?? '');
  expect(told).toHaveLength(1);
  const gaps = JSON.parse(decodeURIComponent(told.join(''))) as [agoMs: number, ms: number][];
  return sum(gaps.map(([agoMs, ms]) => (agoMs <= withinMs ? ms : 0)));
}

test('cores begin together, each with a process of its own, and nothing is left of them', async () => {
  const result = await run(`import { Standstill } from ${JSON.stringify(standstillPath)};
  test('load', async ({ load, request }) => {
    const still = new Standstill();
    let gaps;
    const scenario = (context) => {
      const nowMs = performance.now();
      gaps ??= still.gaps().map(({ endedAtMs, ms }) => [nowMs - endedAtMs, ms]);
      return (${told})(context);
    };
    await load(users(2).for('6s').pacing('500ms'), scenario, { cores: 2, unjudged: true });
    still[Symbol.dispose]();
    await request.get('/stood/' + (process.env.LOAD_CORE ?? 1) + '/' + JSON.stringify(gaps));
  });`);
  expect(result, result.errors).toMatchObject({ status: 'passed' });
  const [data] = result.runs;
  expect(data?.segments.map(({ core }) => [core?.index, core?.of])).toEqual([
    [0, 2],
    [1, 2],
  ]);
  const late = data?.segments.map(({ core }) => core?.lateMs ?? Infinity) ?? [];
  expect(Math.min(...late)).toBe(0);
  const stood = [1, 2].map((core) => stoodBeforeFirst(core, noticeMs + (late[core - 1] ?? 0)));
  expect(Math.max(...late)).toBeLessThan(50 + sum(stood)); // a machine that stands still holds up one or both
  expect(senders().map(({ core }) => core)).toEqual([1, 2]);
  await expectNothingLeft(senders());
});

test('`loadCores` of `use` holds for loads that do not say how many, and steps say it', async () => {
  const result = await run(`test.use({ loadCores: 2 });
  test('load', async ({ load }) => {
    await load(iterations(4, { users: 2 }), ${told}, { unjudged: true });
    await load(iterations(4, { users: 2 }), ${told}, { unjudged: true, cores: 1 });
  });`);
  expect(result, result.errors).toMatchObject({ status: 'passed' });
  expect(result.runs.map(({ segments }) => segments.length)).toEqual([2, 1]);
});

test('every load of a test has its own cores, and the test goes on with the whole on each', async () => {
  const result = await run(
    `test('load', async ({ load, request }) => {
    const one = await load(iterations(3, { users: 1 }), ${told}, { name: 'one', unjudged: true });
    const two = await load(iterations(4, { users: 2 }), ${told}, { name: 'two', unjudged: true, cores: 2 });
    const again = await load(iterations(5, { users: 1 }), ${told}, { name: 'again', unjudged: true });
    const side = await Promise.all([
      load(iterations(6, { users: 2 }), ${told}, { name: 'left', unjudged: true, cores: 2 }),
      load(iterations(7, { users: 2 }), ${told}, { name: 'right', unjudged: true, cores: 2 }),
    ]);
    const counts = [one, two, again, ...side].map((run) => run.requests.ok).join('-');
    await request.get('/counts/' + (process.env.LOAD_CORE ?? 1) + '/' + counts);
  });`,
    {},
  );
  expect(result, result.errors).toMatchObject({ status: 'passed' });
  expect(paths.filter((path) => path.startsWith('/counts')).sort()).toEqual([
    '/counts/1/3-4-5-6-7',
    '/counts/2/3-4-5-6-7',
  ]);
  expect(paths.filter((path) => path.startsWith('/?'))).toHaveLength(25);
  expect(result.runs.map(({ plan, segments }) => [plan.name, segments.length])).toEqual([
    ['one', 1],
    ['two', 2],
    ['again', 1],
    ['left', 2],
    ['right', 2],
  ]);
});

test('a limit that the whole misses fails the test once', async () => {
  const result = await run(`test('load', async ({ load }) => {
    const run = await load(iterations(20, { users: 2 }), ${told}, { cores: 2 });
    expect(run).toMeet({ requests: '> 20', successRate: '100%' });
  });`);
  expect(result.status).toBe('failed');
  expect(result.errors.match(/thresholds missed/g)).toHaveLength(1);
  expect(result.runs.map((data) => judgeRun(data).verdict)).toEqual(['failed']);
});

test('limits of despair see all cores', async () => {
  const result = await run(`test('load', async ({ load }) => {
    await load(users(2).for('60s').pacing('50ms'), ({ request }) => request.get(process.env.LOAD_CORE === '2' ? '/fail' : '/ok'), {
      cores: 2, unjudged: true, abortOn: { errorRate: '> 30%' },
    });
  });`);
  const [data] = result.runs;
  expect(data?.segments.map(({ stopped }) => stopped)).toEqual([
    '`abortOn` was met: errorRate > 30%',
    '`abortOn` was met: errorRate > 30%',
  ]);
  expect(Math.max(...(data?.segments.map(({ durationMs }) => durationMs) ?? []))).toBeLessThan(20_000);
});

const longLoad = `test('load', async ({ load }) => {
  const run = await load(users(2).for('60s').pacing('50ms'), ${told}, { cores: 2 });
  expect(run).toMeet({ successRate: '100%' });
});`;

const losses = [
  { what: 'is killed', signal: 'SIGKILL', says: /core 2 of 2 ended its test as failed: .*SIGKILL/s },
  { what: 'hangs', signal: 'SIGSTOP', says: /core 2 of 2 hung: it said nothing for 10 s/ },
] as const;
for (const { what, signal, says } of losses) {
  test(`a core that ${what} is named, ends the load on all, and leaves it incomplete`, async () => {
    let all: ReturnType<typeof senders> = [];
    const result = await run(longLoad, {
      during: async () => {
        all = await untilAllSend(2);
        process.kill(all[1]?.pid ?? 0, signal);
      },
    });
    expect(result.status).toBe('failed');
    expect(result.errors).toMatch(says);
    const [data] = result.runs;
    expect(data && judgeRun(data)).toMatchObject({ verdict: 'incomplete' });
    expect(data?.segments.map(({ index, stopped }) => [index, stopped])).toEqual([[0, 'core 2 of 2 was lost']]);
    await expectNothingLeft(all);
  });
}

const astray: { readonly what: string; readonly spec: string; readonly says: RegExp }[] = [
  {
    what: 'calls another load',
    spec: `test('load', async ({ load }) => {
      const rate = process.env.LOAD_CORE === '2' ? '10/s' : '20/s';
      await load(arrivals(rate).for('1s'), ${told}, { cores: 2, unjudged: true });
    });`,
    says: /nothing was sent: core 2 of 2 called `10\/s for 1s`, and the first core `20\/s for 1s`: the test runs once on each core/,
  },
  {
    what: 'has other options',
    spec: `test('load', async ({ load }) => {
      await load(arrivals('20/s').for('1s'), ${told}, { cores: 2, unjudged: true, seed: Number(process.env.LOAD_CORE ?? 1) });
    });`,
    says: /core 2 of 2 .*with other options/,
  },
  {
    what: 'has another server',
    spec: `test.use({ baseURL: async ({}, use) => use('http://127.0.0.1:' + (process.env.LOAD_CORE ?? 1)) });
    test('load', async ({ load }) => {
      await load(iterations(4, { users: 2 }), ${told}, { cores: 2, unjudged: true });
    });`,
    says: /core 2 of 2 has the `baseURL` `http:\/\/127\.0\.0\.1:2`, and the first core the `baseURL` `http:\/\/127\.0\.0\.1:1`: a server that a fixture starts is one for each core/,
  },
  {
    what: 'comes to no load',
    spec: `test('load', async ({ load }) => {
      if (process.env.LOAD_CORE === undefined) await load(iterations(4, { users: 2 }), ${told}, { cores: 2, unjudged: true });
    });`,
    says: /core 2 of 2 ended its test without coming to this load/,
  },
  {
    what: 'fails in a fixture that only one process can have',
    spec: `import { createServer } from 'node:net';
    import { once } from 'node:events';
    test.beforeEach(async () => {
      await once(createServer().listen(process.env.BUSY_PATH).unref(), 'listening');
    });
    test('load', async ({ load }) => {
      await load(iterations(4, { users: 2 }), ${told}, { cores: 2, unjudged: true });
    });`,
    says: /core 2 of 2 ended its test as failed: .*EADDRINUSE.*belongs in `globalSetup`, or under `loadSegment\.core === 1`/s,
  },
];
astray.push(
  {
    what: 'has to begin in the middle of a series',
    spec: `test.describe.serial('a series', () => {
      test('first', async () => undefined);
      test('load', async ({ load }) => {
        await load(iterations(4, { users: 2 }), ${told}, { cores: 2, unjudged: true });
      });
    });`,
    says: /core 2 of 2 cannot run this test: it is `serial` and builds on the tests before it/,
  },
  {
    what: 'comes to a load in `beforeAll`',
    spec: `test.beforeAll(async ({ load, loadSegment }) => {
      if (process.env.LOAD_CORE !== undefined) await load(iterations(1, { users: 1 }), ${told}, { unjudged: true });
    });
    test('load', async ({ load }) => {
      await load(iterations(4, { users: 2 }), ${told}, { cores: 2, unjudged: true });
    });`,
    says: /core 2 of 2 ended its test as failed: OptionsError: `beforeAll` runs once on each core, and would send its load from each: say `if \(loadSegment\.core === 1\)`/,
  },
  {
    what: 'would be of a load in `beforeAll`',
    spec: `test.beforeAll(async ({ load }) => {
      await load(iterations(4, { users: 2 }), ${told}, { cores: 2, unjudged: true });
    });
    test('load', async () => undefined);`,
    says: /OptionsError: a load in `beforeAll` is sent from one core: say `cores: 1`/,
  },
  {
    what: 'dies while all wait for their start',
    spec: `test('load', async ({ load }) => {
      if (process.env.LOAD_CORE === '2') setTimeout(() => process.kill(process.pid, 'SIGKILL'), 3_000);
      await load(iterations(4, { users: 2 }), ${told}, { cores: 2, unjudged: true, startAfter: '60s' });
    });`,
    says: /nothing was sent: core 2 of 2 ended its test as failed: .*SIGKILL/s,
  },
);
for (const { what, spec, says } of astray) {
  test(`a core that ${what} is named before anything is sent`, async () => {
    const busy = join(tmpdir(), `playload-busy-${process.pid}.sock`); // a port that was free might be taken meanwhile
    await rm(busy, { force: true });
    const { results } = await runSpec(spec, { baseURL, env: { BUSY_PATH: busy } });
    await rm(busy, { force: true });
    const result = results.at(-1);
    if (result === undefined) throw new Error('the test did not run');
    expect(result.status).toBe('failed');
    expect(result.errors).toMatch(says);
    expect(paths).toEqual([]);
    expect(result.runs).toEqual([]);
  });
}

test('each core makes the attempt that the first one makes, for as long as that takes, and loads in `beforeAll` are its own', async () => {
  const spec = `let seeded = 0;
  test.beforeAll(async ({ load, loadSegment }) => {
    if (loadSegment.core === 1) seeded = (await load(iterations(3, { users: 1 }), ({ request }) => request.get('/seed'), { unjudged: true })).requests.ok;
  });
  test('load', async ({ load }) => {
    test.setTimeout(6_000);
    if (test.info().retry === 0) throw new Error('the first attempt');
    await load(iterations(4, { users: 2 }), ({ request }) => request.get('/retry/' + test.info().retry + test.info().repeatEachIndex), { cores: 2, unjudged: true, startAfter: '7s' });
  });`;
  const { results } = await runSpec(spec, { baseURL, retries: 1 });
  expect(results.map(({ status, errors }) => [status, errors.split('\n')[0]])).toEqual([
    ['failed', 'Error: the first attempt'],
    ['passed', ''],
  ]);
  expect(paths.filter((path) => path === '/retry/10')).toHaveLength(4);
});

test('of a test that is made in a loop the same one runs on each core', async () => {
  const result = await run(`for (const name of ['a', 'a (b)', 'a.*'])
    test(name, async ({ load }) => {
      await load(iterations(4, { users: 2 }), ({ request }) => request.get('/' + encodeURIComponent(name)), { cores: name === 'a' ? 2 : 1, unjudged: true });
    });`);
  expect(result, result.errors).toMatchObject({ title: 'a', status: 'passed' });
  expect(paths.filter((path) => path === '/a')).toHaveLength(4);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  test(`${signal} to Playwright ends all cores and leaves nothing`, async () => {
    let all: ReturnType<typeof senders> = [];
    const during = async (runner: ChildProcess) => {
      all = await untilAllSend(2);
      runner.kill(signal);
    };
    await runSpec(longLoad, { baseURL, during }).catch(() => undefined); // who is killed writes no report
    expect(all).toHaveLength(2);
    await expectNothingLeft(all);
  });
}
