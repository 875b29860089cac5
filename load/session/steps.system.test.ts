/** What scenarios assert and do, as Playwright's own reporters see it: in a Playwright of its own, by real steps. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type InnerResult, type InnerRun, runSpec } from '../../testing/inner-playwright.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

let server: Server;
let inner: InnerRun;

/** By its path, since the inner suite lies where no package is found. */
const playwrightPath = fileURLToPath(import.meta.resolve('@playwright/test'));

const suite = `
import { expect as playwrights, test as playwright, mergeExpects } from ${JSON.stringify(playwrightPath)};
const withOwn = expect.extend({ toBeTwice: (received, n) => ({ pass: received === 2 * n, message: () => received + ' is not twice ' + n }) });
const loaded = async (load, assert, options = {}) => load(iterations(20, { users: 4 }), async (context) => {
  const response = await context.request.get('/');
  await assert({ response, ...context });
}, { unjudged: true, ...options });

for (const [from, use] of [['ours', expect], ["Playwright's", playwrights]]) {
  test('passes by ' + from, async ({ load }) => {
    await loaded(load, async ({ response }) => {
      use(response.status()).toBe(200);
      use(await response.json()).toMatchObject({ id: use.any(Number), tags: ['a'] });
      use({ a: 1, b: 2 }).toEqual(use.objectContaining({ a: 1 }));
      use([1, 2]).not.toContain(3);
      use(3, 'three').toBeCloseTo(3);
      use(() => { throw new Error('no') }).toThrow('no');
      use.soft(1).toBe(1);
      use.configure({ timeout: 100, soft: true })(1).toBeTruthy();
      await use(response).toBeOK();
      await use(Promise.resolve(1)).resolves.toBe(1);
      await use(Promise.reject(new Error('no'))).rejects.toThrow('no');
      await use(async () => { use(1).toBe(1); }).toPass();
      await use.poll(() => 1, { intervals: [1] }).toBe(1);
    }, { warmUp: '100ms' });
  });
  test('fails by ' + from, async ({ load }) => {
    await loaded(load, ({ response }) => use(response.status()).toBe(201));
  });
  test('has users who assert by ' + from, async ({ load }) => {
    await loaded(load, async () => undefined, {
      user: async ({ request }, give) => {
        await test.step('log in', async () => use(await request.get('/')).toBeOK());
        await give('in');
        use(1).toBe(1);
      },
    });
  });
  test('has a user who fails by ' + from, async ({ load }) => {
    await loaded(load, async () => undefined, {
      user: async ({ user }, give) => {
        if (user === 1) use(user, 'user 1 is in').toBe(2);
        if (user === 2) use.soft(user, 'user 2 is out').toBe(1);
        await give('in');
      },
    });
  });
  test('fails with a message of its own by ' + from, async ({ load }) => {
    await loaded(load, ({ response }) => use(response.status(), 'created').toBe(201));
  });
  test('is not OK by ' + from, async ({ load }) => {
    await loaded(load, async ({ request }) => use(await request.get('/missing', { expectStatus: () => true })).toBeOK());
  });
  test('fails softly by ' + from, async ({ load }) => {
    await loaded(load, ({ response, iteration, metrics }) => {
      if (iteration % 2 === 0) use.soft(response.status()).toBe(201);
      metrics.counter('went on');
    });
  });
  test('never passes by ' + from, async ({ load }) => {
    await loaded(load, async ({ response }) => {
      await use.poll(() => response.status(), { timeout: 20, intervals: [5] }).toBe(201);
    });
  });
}
for (const [from, own] of [['ours', withOwn], ['mergeExpects', mergeExpects(withOwn, playwrights)]]) {
  test('has matchers of its own, of ' + from, async ({ load }) => {
    own(4).toBeTwice(2);
    await loaded(load, () => { own(4).toBeTwice(2); own([4]).toEqual([own.toBeTwice(2)]); own(5).not.toBeTwice(2); });
  });
  test('fails by matchers of its own, of ' + from, async ({ load }) => {
    await loaded(load, () => own(5).toBeTwice(2));
  });
}
for (const [from, { step }] of [['ours', test], ["Playwright's", playwright]]) {
  test('has steps of ' + from, async ({ load }) => {
    const before = await step('before', async () => 7);
    await loaded(load, async ({ request, metrics }) => {
      const value = await step('outer', async (outer) => {
        await request.get('/');
        const inner = await step('inner', async () => 7, { box: true });
        await step.skip('later', async () => { throw new Error('skipped'); });
        await step('leaves', async (leaves) => { leaves.skip(); throw new Error('skipped'); });
        return inner + outer.titlePath.length * 0;
      });
      metrics.counter('sum', value);
    });
  });
  for (const [by, use] of [['ours', expect], ["Playwright's", playwrights]]) {
    test('polls by steps of ' + from + ', asserts by ' + by, async ({ load }) => {
      await loaded(load, async () => {
        let times = 0;
        const status = async () => step('status', async () => step('ask', async () => (++times > 1 ? 'done' : 'busy')));
        await use.poll(status, { intervals: [1] }).toBe('done');
      });
    });
    test('passes in time by steps of ' + from + ', asserts by ' + by, async ({ load }) => {
      await loaded(load, async () => {
        let times = 0;
        await use(async () => step('try', async () => use(++times).toBe(2))).toPass({ intervals: [1], timeout: 20_000 });
      });
    });
  }
  test('has a step that throws, of ' + from, async ({ load }) => {
    await loaded(load, async () => step('breaks', async () => { throw new TypeError('broken'); }));
  });
  test('has a step that takes too long, of ' + from, async ({ load }) => {
    await loaded(load, async () => step('waits', async () => new Promise(() => undefined), { timeout: 20 }));
  });
  test('has a step that throws when its time is over, of ' + from, async ({ load }) => {
    await loaded(load, async ({ pause }) => {
      await step('slow', async () => { await pause('60ms'); throw new Error('too late'); }, { timeout: 20 }).catch(() => undefined);
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
}
test('goes on beside a load', async ({ load }) => {
  await Promise.all([
    loaded(load, async ({ response }) => { expect(response.status()).toBe(200); playwrights(response.status()).toBe(200); }),
    (async () => {
      for (let n = 0; n < 5; n++) {
        await test.step('beside', async () => expect(n).toBe(n));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })(),
  ]);
  expect(1).toBe(1);
});
test('attaches in a scenario', async ({ load }) => {
  await loaded(load, async ({ iteration }) => {
    await test.step('inside', async () => { if (iteration === 1) await test.info().attach('seen', { body: 'x' }); });
  });
});
`;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/missing') response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":1,"tags":["a"]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  inner = await runSpec(suite, { baseURL: `http://127.0.0.1:${port}` });
});

test.afterAll(async () => {
  server.close();
  await once(server, 'close');
});

interface Outcome {
  readonly title: string;
  /** Steps that a reporter is told of beside hooks and fixtures; the load itself is one. */
  readonly steps: Readonly<Record<string, number>>;
  readonly failed?: number;
  /** What the run says of failed iterations; the test says nothing else. */
  readonly says?: string;
  /** What users' lives have failed in, in part. */
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly counters?: Readonly<Record<string, number>>;
}

const theLoad = { 'test.step': 1 };
const ofEach = ['ours', "Playwright's"].flatMap((from): Outcome[] => [
  { title: `passes by ${from}`, steps: theLoad },
  {
    title: `fails by ${from}`,
    steps: theLoad,
    failed: 20,
    says: 'Error: expect(received).toBe(expected) // Object.is equality',
  },
  { title: `has users who assert by ${from}`, steps: { 'test.step': 2 } },
  { title: `has a user who fails by ${from}`, steps: { 'test.step': 2 }, users: ['user 1 is in', 'user 2 is out'] },
  { title: `fails with a message of its own by ${from}`, steps: theLoad, failed: 20, says: 'Error: created' },
  { title: `is not OK by ${from}`, steps: theLoad, failed: 20, says: 'Error: expect(response).toBeOK() failed' },
  {
    title: `fails softly by ${from}`,
    steps: theLoad,
    failed: 10,
    says: 'expect.soft: expect(received).toBe(expected) // Object.is equality, Expected: 201, Received: 200',
    counters: { 'went on': 20 },
  },
  {
    title: `never passes by ${from}`,
    steps: theLoad,
    failed: 20,
    says: 'Error: expect(received).toBe(expected) // Object.is equality',
  },
  {
    title: `has steps of ${from}`,
    steps: { 'test.step': 2 },
    groups: ['inner', 'outer'],
    counters: { sum: 140 },
  },
  {
    title: `has a step that throws, of ${from}`,
    steps: theLoad,
    failed: 20,
    says: 'TypeError: broken',
    groups: ['breaks'],
  },
  {
    title: `has a step that takes too long, of ${from}`,
    steps: theLoad,
    failed: 20,
    says: 'TimeoutError: Step timeout of 20ms exceeded.',
    groups: ['waits'],
  },
  { title: `has a step that throws when its time is over, of ${from}`, steps: theLoad, groups: ['slow'] },
]);
const ofPolling = ['ours', "Playwright's"].flatMap((from) =>
  ['ours', "Playwright's"].flatMap((by): Outcome[] => [
    { title: `polls by steps of ${from}, asserts by ${by}`, steps: theLoad, groups: ['ask', 'status'] },
    { title: `passes in time by steps of ${from}, asserts by ${by}`, steps: theLoad, groups: ['try'] },
  ]),
);
const ofOwn = ['ours', 'mergeExpects'].flatMap((from): Outcome[] => [
  { title: `has matchers of its own, of ${from}`, steps: { 'test.step': 1, expect: 1 } },
  { title: `fails by matchers of its own, of ${from}`, steps: theLoad, failed: 20, says: 'Error: 5 is not twice 2' },
]);
const outcomes: readonly Outcome[] = [
  ...ofEach,
  ...ofPolling,
  ...ofOwn,
  { title: 'goes on beside a load', steps: { 'test.step': 6, expect: 6 } },
  { title: 'attaches in a scenario', steps: { 'test.step': 1, 'test.attach': 1 }, groups: ['inside'] },
];

test('no test of the suite is without its row', () => {
  expect(inner.results.map(({ title }) => title).toSorted()).toEqual(outcomes.map(({ title }) => title).toSorted());
});

for (const { title, steps, failed = 0, says, users = [], groups = [], counters = {} } of outcomes) {
  test(`\`${title}\`: ${JSON.stringify(steps)}, ${failed} of 20 iterations fail`, () => {
    const { status, stepCounts, errors, runs } = resultOf(title);
    expect({ ...stepCounts, hook: 0, fixture: 0 }).toEqual({ ...steps, hook: 0, fixture: 0 });
    const [run] = runs;
    expect(run?.iterations).toMatchObject({ started: 20, failed });
    const said = [...(run?.errors.values() ?? [])].filter(({ kind }) => kind === 'exception');
    expect(said.map(({ sample, count }) => [sample, count])).toEqual(says === undefined ? [] : [[says, failed]]);
    const ofUsers = [...(run?.errors.values() ?? [])].filter(({ kind }) => kind === 'user').map(({ sample }) => sample);
    expect(ofUsers.toSorted()).toEqual(users.map((words) => expect.stringContaining(words) as unknown));
    const isGood = failed === 0 && users.length === 0;
    expect(status).toBe(isGood ? 'passed' : 'failed');
    // The run is told to have failed; what its iterations failed in is no error of the test.
    const own = errors.split('\n').filter((line) => /^\w*Error: /.test(line));
    expect(own).toEqual(isGood ? [] : [expect.stringMatching('^Error: failed: 20 iterations by 4 users')]);
    expect([...(run?.groups.keys() ?? [])].toSorted()).toEqual(groups);
    for (const [name, total] of Object.entries(counters)) expect(run?.metrics.get(name)).toMatchObject({ total });
  });
}

const functional = `
test('is played once', async ({ load }) => {
  await load(iterations(20, { users: 4 }), async ({ request }) => {
    await test.step('look', async () => expect(await request.get('/')).toBeOK());
    expect.soft(1, 'one is two').toBe(2);
  }, { user: async (_, give) => { expect('life').toBe('life'); await give('in'); } });
});
`;

test('a load that is played once makes its steps, and a soft failure is the test’s', async () => {
  const { port } = server.address() as AddressInfo;
  const { results } = await runSpec(functional, { baseURL: `http://127.0.0.1:${port}`, env: { LOAD_ONCE: '1' } });
  expect(results).toMatchObject([
    { status: 'failed', stepCounts: { expect: 3 }, errors: expect.stringContaining('one is two') as unknown },
  ]);
  expect(results[0]?.allSteps).toEqual(expect.arrayContaining(['look']));
});

function resultOf(title: string): InnerResult {
  const result = inner.results.find((each) => each.title === title);
  if (result === undefined) throw new Error(`no test \`${title}\``);
  return result;
}
