/** Once mode as its users see it: real Playwright runs against a server that counts. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { runExperiment } from '../../testing/experiment-run.ts';
import { type InnerResult, runSpec } from '../../testing/inner-playwright.ts';
import { judgeRun } from '../verdict/judge.ts';

/** Keeps what it was asked; `/missing` is not there. */
let server: Server;
let asked: string[] = [];
let baseURL: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.statusCode = request.url?.startsWith('/missing') === true ? 404 : 200;
    if (request.url === '/slow') setTimeout(() => response.end('[]'), 200);
    else response.end('[]');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.beforeEach(() => void (asked = []));
test.afterAll(async () => new Promise((closed) => server.close(closed)));

const LOAD_ONCE = { LOAD_ONCE: '1' };
const only = ([first]: readonly InnerResult[]): InnerResult => {
  if (first === undefined) throw new Error('there was no test');
  return first;
};

test('each profile is one iteration, whatever it says, and nothing of its speed is judged', async () => {
  const profiles = [
    'batch(200)',
    'iterations(1_000, { users: 50 })',
    "users(20).for('10m').thinking('1s')",
    'users(5).iterations(40)',
    "arrivals('500/s').for('10m')",
    "arrivals.ramp([{ to: '500/s', over: '1m' }, { hold: '5m' }])",
    "users.ramp([{ to: 50, over: '1m' }]).followedBy(users(2).for('1h'))",
    "rounds({ atLeast: 200, time: '2m' })",
  ];
  const bodies = profiles.map(
    (profile, at) => `
      test(${JSON.stringify(profile)}, async ({ load }) => {
        const options = { warmUp: '1m', startAfter: '1m', observe: { before: '1m', after: '1m' }, abortOn: { p95: '> 1ms' } };
        const run = await load(${profile}, ({ request }) => request.get('/p${at}'), options);
        expect(run).toMeet({ successRate: '100%', p95: '< 0.001ms', throughput: '> 100000/s', requests: '>= 1000' });
        expect(run.every('10s')).toMeet({ requests: '>= 1000' });
        expect(run.endpoint('GET /nowhere')).toMeet({ p95: '< 1ms' });
        expect(run.once).toBe(true);
        expect(run.serviceMs.p99).toBeGreaterThan(0);
        expect(test.info().timeout).toBe(30_000);
      });`,
  );
  const { exitCode, results } = await runSpec(bodies.join('\n'), { baseURL, env: LOAD_ONCE });
  expect(results.map(({ errors }) => errors).join('')).toBe('');
  expect(exitCode).toBe(0);
  expect(asked).toEqual(profiles.map((_, at) => `GET /p${at}`));
  for (const { runs, title } of results) {
    const [run] = runs;
    if (run === undefined) throw new Error('it attached no run');
    expect(run.plan).toMatchObject({ once: true, profile: expect.stringMatching(/^once: /) });
    const { verdict, reason, thresholds } = judgeRun(run);
    expect(`${title}: ${verdict}: ${reason}`).toMatch(/: passed: once: its threshold is met; 5 not judged$/);
    expect(thresholds.filter((each) => each.verdict === 'measured').map(({ metric }) => metric)).toEqual([
      ...['p95', 'throughput', 'requests', 'requests', 'p95'],
    ]);
  }
});

test('each task of a mix is called once, those of a mix within it too, with the first row', async () => {
  const { exitCode } = await runSpec(
    `const inner = mix([[3, ({ request, data }) => request.get('/b/' + data)], [1, ({ request }) => request.get('/c')]]);
     const all = mix([[10, ({ request, data }) => request.get('/a/' + data)], [1, inner]]);
     test('mixed', async ({ load }) => {
       const run = await load(arrivals('100/s').for('1m'), all, { data: feeder(['first', 'second', 'third']) });
       expect(run).toMeet({ successRate: '100%', responseTime: { p95: '< 1s' }, dropped: '0' });
     });`,
    { baseURL, env: LOAD_ONCE },
  );
  expect(exitCode).toBe(0);
  expect(asked).toEqual(['GET /a/first', 'GET /b/first', 'GET /c']);
});

const failing = [
  { what: 'a path that is not there', scenario: "({ request }) => request.get('/missing')", says: 'HTTP 404' },
  {
    what: 'a check that fails',
    scenario: "async ({ request, check }) => { await request.get('/'); check('is right', false); }",
    says: 'check "is right"',
  },
  {
    what: 'a scenario that throws',
    scenario: "async ({ request }) => { await request.get('/'); throw new Error('it is broken'); }",
    says: 'it is broken',
  },
  { what: 'a scenario that sends nothing', scenario: '() => undefined', says: 'no request came to an end' },
  {
    what: 'one broken task of a mix',
    scenario: "mix([[9, ({ request }) => request.get('/')], [1, ({ request }) => request.get('/missing')]])",
    says: 'HTTP 404',
  },
];
for (const { what, scenario, says } of failing) {
  test(`${what} fails, also where limits that are not judged would let it pass`, async () => {
    const { exitCode, results } = await runSpec(
      `test('once', async ({ load }) => {
         const run = await load(users(10).for('1m'), ${scenario});
         expect(run).toMeet({ p95: '< 1s', failed: '<= 5', exceptions: '<= 5' });
       });`,
      { baseURL, env: LOAD_ONCE },
    );
    expect(exitCode).toBe(1);
    expect(only(results).errors).toContain(says);
  });
}

const fewOfMany = [
  {
    what: 'a check of twenty',
    limit: "checks: '> 90%'",
    scenario:
      "async ({ request, check }) => { await request.get('/'); for (let n = 0; n < 20; n++) check('is ' + n, n > 0); }",
    says: 'check "is 0"',
  },
  {
    what: 'a wrong path of three tasks',
    limit: "successRate: '> 50%'",
    scenario: "mix(['/', '/b', '/missing'].map((path) => [1, ({ request }) => request.get(path)]))",
    says: 'HTTP 404',
  },
  {
    what: 'a wrong path of twelve requests',
    limit: "errorRate: '< 10%'",
    scenario: "async ({ request }) => { for (let n = 0; n < 12; n++) await request.get(n === 5 ? '/missing' : '/'); }",
    says: 'HTTP 404',
  },
];
test('a share of which some may go wrong lets nothing go wrong', async () => {
  const bodies = fewOfMany.map(
    ({ what, limit, scenario }) => `
      test(${JSON.stringify(what)}, async ({ load }) => {
        expect(await load(users(10).for('1m'), ${scenario})).toMeet({ ${limit} });
      });`,
  );
  const { results } = await runSpec(bodies.join(''), { baseURL, env: LOAD_ONCE });
  expect(results).toMatchObject(
    fewOfMany.map(({ what, says }) => ({
      title: what,
      status: 'failed',
      errors: expect.stringContaining(says),
    })),
  );
});

test('a success rate is judged, and one that wants failures cannot be missed', async () => {
  const { results } = await runSpec(
    `test('strict', async ({ load }) => {
       expect(await load(batch(100), ({ request }) => request.get('/missing'))).toMeet({ successRate: '100%' });
     });
     test('wanted', async ({ load }) => {
       expect(await load(batch(100), ({ request }) => request.get('/'))).toMeet({ errorRate: '> 50%' });
     });`,
    { baseURL, env: LOAD_ONCE },
  );
  expect(results.map(({ title, status }) => `${title} ${status}`)).toEqual(['strict failed', 'wanted passed']);
});

test('experiments play their scenario and find nothing', async () => {
  const { exitCode, results } = await runSpec(
    `const call = ({ request }) => request.get('/x');
     test('all', async ({ load, baseURL }) => {
       const point = await load.breakingPoint({ slo: { p95: '< 1ms', errorRate: '< 1%' }, from: '50/s', to: '800/s', atLeast: '100/s' }, call);
       const recovery = await load.recovery({ probe: '100/s', stress: users(10).for('5s'), within: '5s' }, call);
       const soaked = await load.soak({ profile: arrivals('200/s').for('10m') }, call);
       const compared = await load.compare({ a: baseURL, b: baseURL, rate: '100/s' }, call);
       expect([point, recovery, soaked, compared].map(({ verdict }) => verdict)).toEqual(Array(4).fill('measured'));
       expect(point.steps).toEqual([]);
       expect(compared.pairs).toEqual([]);
       expect(recovery.recoveredAfterMs).toBeUndefined();
     });`,
    { baseURL, env: LOAD_ONCE },
  );
  expect(only(results).errors).toBe('');
  expect(exitCode).toBe(0);
  expect(asked).toHaveLength(1 + 2 + 1 + 2);
});

test('an experiment fails whose scenario does', async () => {
  const { results } = await runSpec(
    `test('broken', async ({ load }) => {
       await load.breakingPoint({ slo: { p95: '< 1s' }, from: '50/s', to: '800/s' }, ({ request }) => request.get('/missing'));
     });`,
    { baseURL, env: LOAD_ONCE },
  );
  expect(only(results)).toMatchObject({
    status: 'failed',
    errors: expect.stringContaining('success rate 0 % (limit 100%): 1 × HTTP 404 on GET /missing'),
  });
  expect(asked).toHaveLength(1);
});

test('a test that is played once may be tried again', async () => {
  const { exitCode, stats } = await runSpec(
    `test('flaky', async ({ load }) => {
       const run = await load(users(10).for('1m'), ({ request }) => request.get(test.info().retry === 0 ? '/missing' : '/'));
       expect(run).toMeet({ successRate: '100%' });
     });`,
    { baseURL, env: LOAD_ONCE, retries: 1 },
  );
  expect({ exitCode, flaky: stats.flaky }).toEqual({ exitCode: 0, flaky: 1 });
});

test('groups and measured calls are steps of the test, one within the other', async () => {
  const { results } = await runSpec(
    `test('seen', async ({ load }) => {
       const run = await load(batch(10), async ({ request, group, measure }) =>
         group('checkout', async () => {
           await request.get('/cart');
           await measure('charge sesame=sesame-sesame', async () => new Promise((done) => setTimeout(done, 1)));
         }));
       expect(run.group('checkout')).toMeet({ failed: '0' });
     });`,
    { baseURL, env: LOAD_ONCE },
  );
  const { allSteps: steps, errors } = only(results);
  expect(errors).toBe('');
  expect(steps.join('\n')).toMatch(/checkout[^]*GET \/cart[^]*200 OK[^]*charge/);
});

test('requests are steps of the test, with the status that came back and no secret', async () => {
  const { results } = await runSpec(
    `test('seen', async ({ load }) => {
       const run = await load(batch(10), async ({ request, newContext }) => {
         await request.get('/list?token=sesame-sesame');
         const other = await newContext();
         await other.fetch('/missing', { method: 'PUT' });
       }, { expectStatus: [200, 404] });
       expect(run).toMeet({ successRate: '100%' });
     });`,
    { baseURL, env: LOAD_ONCE },
  );
  const { allSteps: steps, errors } = only(results);
  expect(errors).toBe('');
  expect(steps.join('\n')).toMatch(/GET \/list[^]*200 OK[^]*PUT \/missing[^]*404 Not Found/);
  expect(steps.join('\n')).not.toContain('sesame');
});

test('with the reporter too, a second try counts, and tests of several workers do not disturb each other', async () => {
  const { code, summary, said } = await runExperiment(
    `test.describe.configure({ mode: 'parallel' });
     for (const name of ['a', 'b', 'c', 'd'])
       test(name, async ({ load }) => {
         const path = name === 'a' && test.info().retry === 0 ? '/missing' : '/slow';
         const run = await load(arrivals('50/s').for('1m'), ({ request }) => request.get(path));
         expect(run).toMeet({ successRate: '100%', p95: '< 1ms' });
       });`,
    baseURL,
    ['--retries=1', '--workers=4', '--trace=on'],
    LOAD_ONCE,
  );
  expect(code, said).toBe(0);
  expect(said).toContain('✓ passed · 4 load runs played once: 4 passed');
  expect(summary?.runs.map(({ once, verdict, beside }) => ({ once, verdict, beside }))).toEqual(
    Array(4).fill({ once: true, verdict: 'passed', beside: undefined }),
  );
});

test('what is no value of LOAD_ONCE is refused with words, and nothing is sent', async () => {
  const body =
    "test('a', async ({ load }) => void (await load(users(1).for('1s'), ({ request }) => request.get('/'))));";
  const { code, said } = await runExperiment(body, baseURL, [], { LOAD_ONCE: 'perhaps' });
  expect(code).toBe(1);
  expect(said).toContain('`LOAD_ONCE` must be `1`, or `0` for loads as they are, got "perhaps"');
  expect(asked).toEqual([]);
});

test('use says it too, the environment goes before it, and what says neither is refused', async () => {
  const spec = (value: string) =>
    `test.use({ loadOnce: ${value} });
     test('used', async ({ load }) => {
       const run = await load(iterations(3, { users: 1 }), ({ request }) => request.get('/'));
       expect(run).toMeet({ successRate: '100%' });
     });`;
  await runSpec(spec('true'), { baseURL });
  expect(asked).toHaveLength(1);
  await runSpec(spec('true'), { baseURL, env: { LOAD_ONCE: '0' } });
  expect(asked).toHaveLength(1 + 3);
  const { results } = await runSpec(spec("'yes'"), { baseURL });
  expect(only(results).errors).toContain('`loadOnce` in `use` must be `true` or `false`, got "yes"');
  expect(asked).toHaveLength(1 + 3);
});

for (const use of [true, false, undefined])
  for (const env of use === undefined ? ['1'] : [use ? '0' : '1', '']) {
    const once = env === '' ? use === true : env === '1';
    test(`with loadOnce ${use} and LOAD_ONCE=${env}, load.once is ${once}, as the load is, and so is loadSegment`, async () => {
      const { results } = await runSpec(
        `${use === undefined ? '' : `test.use({ loadOnce: ${use} });`}
         test('asked', async ({ load, loadSegment }) => {
           expect(load.once).toBe(${once});
           expect(loadSegment).toEqual(${once} ? { shard: 1, shards: 1, core: 1 } : { shard: 2, shards: 3, core: 1 });
           const run = await load(iterations(3, { users: 3 }), ({ request }) => request.get('/'), { unjudged: true });
           expect(run.once).toBe(${once});
         });`,
        { baseURL, env: { LOAD_ONCE: env, ...(!once && { LOAD_SHARD: '2/3' }) } },
      );
      expect(only(results).errors).toBe('');
      expect(asked).toHaveLength(1);
    });
  }

test('a load is scaled and shortened, and its limits on amounts with it', async () => {
  const { exitCode, results } = await runSpec(
    `test('shrunk', async ({ load }) => {
       const open = await load(arrivals('100/s').for('10s'), ({ request }) => request.get('/'), { name: 'open' });
       expect(open).toMeet({ successRate: '100%', requests: '1000', throughput: '> 40/s', dropped: '0' });
       const counted = await load(iterations(200, { users: 20 }), ({ request }) => request.get('/'), { name: 'counted' });
       expect(counted).toMeet({ requests: '200', throughput: '> 1000000/s' });
     });`,
    { baseURL, env: { LOAD_SCALE: '0.1', LOAD_DURATION: '2s' } },
  );
  const { errors, runs } = only(results);
  expect(errors).toBe('');
  expect(exitCode).toBe(0);
  expect(asked).toHaveLength(20 + 20);
  expect(runs.map(({ plan }) => plan.profile)).toEqual([
    '100/s for 10s, scaled by 0.1, in 2s',
    '200 iterations by 20 users, scaled by 0.1, not shortened, since it counts',
  ]);
});
