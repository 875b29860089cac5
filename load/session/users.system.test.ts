/** Users who log in and out, against a server that keeps a log: real Playwright, real sockets. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type InnerResult, runSpec } from '../../testing/inner-playwright.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const loginMs = 300;
/** By far longer than a machine lets a server stand still. */
const longLoginMs = 3_000;
const loginsMs: Readonly<Record<string, number>> = {
  '/login': loginMs,
  '/login?slow': 3 * loginMs,
  '/login?long': longLoginMs,
};

let server: Server;
let baseURL: string;
/** What came, in its order, with the visitor's cookie. */
let log: { readonly path: string; readonly cookie: string | undefined; readonly atMs: number }[] = [];

test.beforeAll(async () => {
  let visitors = 0;
  server = createServer((request, response) => {
    const { url: path = '' } = request;
    log.push({ path, cookie: request.headers.cookie, atMs: performance.now() });
    if (path.startsWith('/login')) {
      setTimeout(
        () => response.writeHead(200, { 'set-cookie': `visitor=${++visitors}` }).end('{"token":"t"}'),
        loginsMs[path],
      );
    } else if (path === '/hang') return;
    else response.writeHead(path === '/refused' ? 401 : 200).end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.beforeEach(() => {
  log = [];
});

test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const session = `async ({ request, user }, use) => {
  const login = await request.get('/login');
  if (!login.ok()) throw new Error('login answered ' + login.status());
  await use({ token: (await login.json()).token, user });
  await request.get('/logout');
}`;
const scenario = `async ({ request, state, user }) => {
  if (state.token !== 't' || state.user !== user) throw new Error('another state');
  await request.get('/');
}`;

const spec = (profile: string, more = '', user = session) => `
test('load', async ({ load }) => {
  const run = await load(${profile}, ${scenario}, { user: ${user}, ${more} });
  expect(run).toMeet({ successRate: '100%' });
});`;

const of = (path: string) => log.filter((entry) => entry.path === path);

async function only(results: readonly InnerResult[]) {
  expect(results).toHaveLength(1);
  const [result] = results;
  if (result === undefined) throw new Error('one result is there');
  return result;
}

const loads = [
  { what: 'closed', profile: "users(50).for('2s').thinking('50ms')", more: '' },
  { what: 'open', profile: "arrivals('50/s').for('8s')", more: 'maxInFlight: 50' },
  // So long that cores which begin apart are together all the same.
  { what: 'open, on two cores', profile: "arrivals('50/s').for('8s')", more: 'maxInFlight: 50, cores: 2' },
];
for (const { what, profile, more } of loads) {
  test(`${what}: 50 users log in and out once each, in no number, and their first iterations are as quick as later ones`, async () => {
    const slow = session.replace("'/login'", "'/login?long'");
    const { status, errors, runs } = await only((await runSpec(spec(profile, more, slow), { baseURL })).results);
    expect(`${status} ${errors}`).toBe('passed ');
    const [run] = runs;
    expect([of('/login?long').length, of('/logout').length]).toEqual([50, 50]);
    expect(new Set(of('/logout').map(({ cookie }) => cookie)).size).toBe(50);
    expect(run?.counts.started).toBe(of('/').length);
    expect([...(run?.endpoints.keys() ?? [])]).toEqual(['GET /']);
    expect([run?.checks.size, run?.groups.size, run?.errors.size]).toEqual([0, 0, 0]);
    expect(run?.users.setUp).toMatchObject({ begun: 50, failed: 0 });
    expect(run?.users.tearDown).toMatchObject({ begun: 50, failed: 0 });
    const lastLogin = Math.max(...of('/login?long').map(({ atMs }) => atMs)) + longLoginMs;
    expect(Math.min(...of('/').map(({ atMs }) => atMs))).toBeGreaterThan(lastLogin - 1);
    // Were a login in each first iteration, 50 would take as long; that few of them do is the machine's.
    const service = run?.endpoints.get('GET /')?.service;
    expect(service?.percentileMs(100 * (1 - 25 / of('/').length))).toBeLessThan(longLoginMs / 2);
    expect(of('/').every(({ cookie }) => cookie?.startsWith('visitor=') === true)).toBe(true);
    expect(new Set(of('/').map(({ cookie }) => cookie)).size).toBe(50);
  });
}

for (const more of ['', 'cores: 2']) {
  test(`what logging out does to generator and server is not the load's${more === '' ? '' : `, with \`${more}\``}`, async () => {
    const slow = session.replace(
      "await request.get('/logout')",
      'await new Promise((gone) => setTimeout(gone, 4_000))',
    );
    const inner = `test.use({ serverPid: ${process.pid} });${spec("users(4).for('6s').thinking('50ms')", more, slow)}`;
    const { status, errors, runs } = await only((await runSpec(inner, { baseURL })).results);
    expect(`${status} ${errors}`).toBe('passed ');
    const [run] = runs;
    expect(run?.segments.length).toBeGreaterThan(0);
    for (const { generator } of run?.segments ?? [])
      expect(generator.map(({ second }) => second).filter((second) => second > 6)).toEqual([]);
    const atMs = run?.resources[0]?.samples.filter(({ phase }) => phase === 'load').map((sample) => sample.atMs) ?? [];
    expect(atMs.length).toBeGreaterThan(1);
    expect(Math.max(...atMs)).toBeLessThan(8_000);
    expect(run?.users.tearDown.ms.stats()?.min).toBeGreaterThan(3_900);
  });
}

test('users whose login fails are counted and named, and the test fails by them', async () => {
  const some = session.replace("request.get('/login')", "request.get(user <= 3 ? '/refused' : '/login')");
  const { status, errors, runs } = await only(
    (await runSpec(spec("users(50).for('1s')", '', some), { baseURL })).results,
  );
  expect(status).toBe('failed');
  expect(errors).toContain('userFailures');
  expect(errors).toContain('3 of 50 users did not get ready: Error: login answered 401');
  expect([of('/login').length, of('/logout').length]).toEqual([47, 47]);
  expect(runs[0]?.counts.failed).toBe(0);
});

for (const more of ['', 'cores: 2']) {
  test(`users are logged out after Ctrl-C${more === '' ? '' : `, with \`${more}\``}`, async () => {
    const inner = await runSpec(spec("users(50).for('60s').thinking('50ms')", more), {
      baseURL,
      during: async (runner) => {
        while (of('/').length < 200) await sleep(50);
        runner.kill('SIGINT');
      },
    });
    expect(inner.exitCode).not.toBe(0);
    expect([of('/login').length, of('/logout').length]).toEqual([50, 50]);
  });
}

for (const more of ['', ', cores: 2']) {
  test(`users who log in at the moment of Ctrl-C are logged out${more === '' ? '' : `, with \`${more.slice(2)}\``}`, async () => {
    const slow = session.replace("request.get('/login')", "request.get('/login?slow')");
    let tookMs = 0;
    const inner = await runSpec(spec("users(100).for('60s').thinking('50ms')", `userTimeout: '20s'${more}`, slow), {
      baseURL,
      during: async (runner) => {
        while (of('/login?slow').length < 60) await sleep(20);
        const fromMs = performance.now();
        runner.once('close', () => (tookMs = performance.now() - fromMs));
        runner.kill('SIGINT');
      },
    });
    expect(inner.exitCode).not.toBe(0);
    expect(of('/logout')).toHaveLength(of('/login?slow').length);
    expect(tookMs).toBeLessThan(12_000);
  });
}

test('a logout that hangs holds up neither Ctrl-C nor the others for long', async () => {
  const hanging = session.replace("request.get('/logout')", "request.get(user === 1 ? '/hang' : '/logout')");
  let endedAtMs = 0;
  const inner = await runSpec(spec("users(5).for('60s').thinking('50ms')", '', hanging), {
    baseURL,
    during: async (runner) => {
      while (of('/').length < 20) await sleep(50);
      const fromMs = performance.now();
      runner.once('close', () => (endedAtMs = performance.now() - fromMs));
      runner.kill('SIGINT');
    },
  });
  expect(inner.exitCode).not.toBe(0);
  expect(of('/logout')).toHaveLength(4);
  expect(endedAtMs).toBeLessThan(25_000);
});

test('users are logged out where the test fails beside its load, and where its time is over', async () => {
  const failing = `
const all = users(5).for('60s').thinking('50ms');
test('fails beside', async ({ load }) => {
  let fail;
  await Promise.all([
    new Promise((_, reject) => (fail = reject)),
    load(all, async ({ request }) => { await request.get('/'); fail(new Error('beside')); }, { user: ${session} }),
  ]);
});
test('is out of time', async ({ load }, testInfo) => {
  await load(all, async ({ request }) => { await request.get('/'); testInfo.setTimeout(3_000); }, { user: ${session} });
});`;
  const { results } = await runSpec(failing, { baseURL });
  expect(results.map(({ status }) => status)).toEqual(['failed', 'timedOut']);
  expect([of('/login').length, of('/logout').length]).toEqual([10, 10]);
});

test('each load of a search sets up users of its own, and one that lacks some of them tells nothing', async () => {
  const search = (user: string) => `
test('search', async ({ load }) => {
  await load.breakingPoint(
    { slo: { p95: '< 1s' }, of: 'users', from: 2, to: 4, step: '2s', confirmations: 1 },
    async ({ request, pause }) => { await request.get('/'); await pause('100ms'); },
    { user: ${user}, warmUp: '0s' },
  );
});`;
  const { runs, errors } = await only((await runSpec(search(session), { baseURL })).results);
  expect(errors).toBe('');
  const crowd = runs.reduce((sum, { users }) => sum + users.setUp.begun, 0);
  expect(runs.length).toBeGreaterThan(1);
  expect([of('/login').length, of('/logout').length]).toEqual([crowd, crowd]);
  const some = session.replace("request.get('/login')", "request.get(user === 2 ? '/refused' : '/login')");
  const lacking = await only((await runSpec(search(some), { baseURL })).results);
  expect(lacking.status).toBe('failed');
  expect(lacking.errors).toContain('1 of 2 users did not get ready: Error: login answered 401');
});

test('arrivals are strangers, unless their users are to be kept', async () => {
  const visits = (options: string) => `
test('visits', async ({ load }) => {
  const run = await load(arrivals('20/s').for('4s'), ({ request }) => request.get('/login'), { maxInFlight: 40, ${options} });
  expect(run).toMeet({ successRate: '100%' });
});`;
  const returning = async (options: string) => {
    log = [];
    const { errors } = await only((await runSpec(visits(options), { baseURL })).results);
    expect(errors).toBe('');
    return of('/login').filter(({ cookie }) => cookie !== undefined).length;
  };
  expect(await returning('')).toBe(0);
  expect(await returning('keepUsers: true')).toBeGreaterThan(10);
});
