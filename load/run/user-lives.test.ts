import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { liveThrough, type VirtualRunParts } from '../../testing/virtual-run.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { arrivals } from '../profile/arrivals.ts';
import { firstStarts } from '../profile/first-starts.ts';
import { batches, iterations } from '../profile/iterations.ts';
import { type Profile, wholeShare } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import { judgeRun } from '../verdict/judge.ts';
import type { Scenario } from './scenario.ts';
import type { LoadUser } from './user-life.ts';

const loginMs = 300;
const answer = (url: string) => ({ afterMs: url === '/login' ? loginMs : url === '/logout' ? 20 : 10 });

/** Logs in, is there, logs out. */
const session: LoadUser = async ({ request, user }, use) => {
  await request.get('/login');
  await use(`token ${user}`);
  await request.get('/logout');
};

interface Lived {
  readonly parts?: VirtualRunParts;
  readonly limitMs?: number;
  readonly nextRow?: () => unknown;
}

async function livedThrough(
  profile: Profile,
  user: LoadUser,
  { parts = {}, limitMs = 30_000, nextRow }: Lived = {},
  scenario: Scenario<unknown> = async ({ request }) => request.get('/'),
) {
  const calls: [url: string, atMs: number][] = [];
  const clock = new VirtualClock();
  const run = await liveThrough(profile, scenario, {
    clock,
    ...parts,
    answer: (url) => {
      calls.push([url, clock.now()]);
      return answer(url);
    },
    lives: { user, limitMs, ...(nextRow && { nextRow }) },
  });
  const at = (url: string) => calls.filter(([called]) => called === url).map(([, atMs]) => atMs);
  return { ...run, at };
}

const profiles: readonly { readonly profile: Profile; readonly crowd: number; readonly parts?: VirtualRunParts }[] = [
  { profile: users(120).for('2s'), crowd: 120 },
  { profile: users(3).iterations(4), crowd: 3 },
  { profile: iterations(10, { users: 4 }), crowd: 4 },
  { profile: batches(3, { of: 5, every: '100ms' }), crowd: 5 },
  { profile: arrivals('100/s').for('2s'), crowd: 60, parts: { maxInFlight: 60 } },
  { profile: users(10).for('2s'), crowd: 10, parts: { warmUpMs: 1_000 } },
  { profile: users.ramp([{ to: 10, over: '10s' }]), crowd: 9 },
];
for (const { profile, crowd, parts = {} } of profiles) {
  test(`of ${profile.describe()}, each user is set up once, ahead of its first start, and torn down once`, async () => {
    const { data, at, end } = await livedThrough(profile, session, { parts });
    expect(at('/login')).toHaveLength(crowd);
    expect(at('/logout')).toHaveLength(crowd);
    expect(Math.min(...at('/logout'))).toBeGreaterThanOrEqual(end.endedAtMs);
    expect(data.users.setUp).toMatchObject({ begun: crowd, failed: 0 });
    expect(data.users.tearDown).toMatchObject({ begun: crowd, failed: 0 });
    expect(data.users.setUp.ms.stats()?.p50).toBeCloseTo(300, 0);
    expect([...data.endpoints.keys()]).toEqual(['GET /']);
    expect(data.counts.started).toBe(data.iterations.started);
    expect([data.errors.size, data.accounting]).toEqual([0, []]);
    expect(data.endpoints.get('GET /')?.service.stats()?.max).toBeCloseTo(10, 1);
    const first = Math.min(...at('/'));
    const late = at('/login').filter((atMs) => atMs + 300 > first);
    expect(late.length).toBe(
      profile.describe().includes('ramp') || profile.describe().includes('from') ? crowd - 1 : 0,
    );
  });
}

test('who comes in a ramp is set up ahead, so that its first start is not late', async () => {
  const { at } = await livedThrough(
    users.ramp([{ to: 5, over: '10s' }, { hold: '1s' }]),
    session,
    {},
    async ({ request, iteration }) => request.get(iteration <= 5 ? '/' : '/again'),
  );
  expect(at('/login')).toEqual([0, ...[3_000, 5_000, 7_000, 9_000].map((ms) => loginMs + ms)]);
});

const logins = [0, 300, 1_000, 3_000, 7_000].map((ms) => ({ ms, profile: users.ramp([{ to: 50, over: '30s' }]) }));
for (const { ms, profile } of [...logins, { ms: 2_000, profile: users.ramp([{ to: 2, over: '90s' }]) }]) {
  test(`nobody is late in ${profile.describe()} with a login of ${ms} ms`, async () => {
    const clock = new VirtualClock();
    const firstAtMs = new Map<number, number>();
    const { end } = await livedThrough(
      profile,
      async (_, use) => {
        await clock.sleep(ms);
        await use(undefined);
      },
      { parts: { clock } },
      async ({ request, user }) => {
        if (!firstAtMs.has(user)) firstAtMs.set(user, clock.now());
        await request.get('/');
        await clock.sleep(500);
      },
    );
    const starts = firstStarts({ profile, share: wholeShare, maxInFlight: 1, warmUpMs: 0 });
    const lateMs = [...firstAtMs].map(
      ([number, atMs]) => atMs - end.beganAtMs - (starts.find(({ user }) => user === number)?.atMs ?? NaN),
    );
    expect(lateMs.length).toBe(starts.length);
    expect(Math.max(...lateMs)).toBeLessThan(1);
  });
}

test('the load is told to be over before anybody is torn down', async () => {
  const told: string[] = [];
  await livedThrough(
    users(3).for('1s'),
    async ({ user }, use) => {
      await use(undefined);
      told.push(`tear-down of ${user}`);
    },
    { parts: { onEnd: () => told.push('over') } },
  );
  expect(told).toEqual(['over', 'tear-down of 1', 'tear-down of 2', 'tear-down of 3']);
});

test('at most 50 are set up, and torn down, at a time', async () => {
  let [now, most, leaving, mostLeaving] = [0, 0, 0, 0];
  const clock = new VirtualClock();
  const user: LoadUser = async (_, use) => {
    most = Math.max(most, ++now);
    await clock.sleep(100);
    now -= 1;
    await use(undefined);
    mostLeaving = Math.max(mostLeaving, ++leaving);
    await clock.sleep(100);
    leaving -= 1;
  };
  const { data } = await liveThrough(arrivals('10/s').for('1s'), undefined, {
    clock,
    lives: { user, limitMs: 1_000 },
    maxInFlight: 10_000,
  });
  expect([most, mostLeaving, data.users.tearDown.begun]).toEqual([50, 50, 10_000]);
});

test('each iteration finds the state and the row of its own user', async () => {
  const seen = new Set<string>();
  const rows = ['a', 'b', 'c'][Symbol.iterator]();
  await livedThrough(
    arrivals('30/s').for('1s'),
    async ({ data, user }, use) => use({ token: `${String(data)}${user}` }),
    { parts: { maxInFlight: 3 }, nextRow: () => rows.next().value },
    async ({ request, state, user, userData }) => {
      seen.add(JSON.stringify([state, user, userData]));
      await request.get('/');
    },
  );
  expect([...seen].sort()).toEqual(
    ['a', 'b', 'c'].map((row, at) => JSON.stringify([{ token: `${row}${at + 1}` }, at + 1, row])),
  );
});

const hang = async () => new Promise<never>(() => undefined);
const wrongs: readonly {
  readonly what: string;
  readonly user: LoadUser;
  readonly says: string;
  readonly setUp?: number;
  readonly tearDown?: number;
}[] = [
  { what: 'ends without `use`', user: () => undefined, says: 'set-up: Error: it ended without `use`', setUp: 1 },
  {
    what: 'throws before `use`',
    user: () => {
      throw new Error('login answered 401');
    },
    says: 'set-up: Error: login answered 401',
    setUp: 1,
  },
  {
    what: 'hangs before `use`',
    user: hang,
    says: 'set-up: Error: it did not call `use` within 5s (`userTimeout`)',
    setUp: 1,
  },
  {
    what: 'throws after `use`',
    user: async (_, use) => {
      await use(1);
      throw new TypeError('logout broke');
    },
    says: 'tear-down: TypeError: logout broke',
    tearDown: 1,
  },
  {
    what: 'hangs after `use`',
    user: async (_, use) => {
      await use(1);
      await hang();
    },
    says: 'tear-down: Error: it did not end within 5s of the end of the load',
    tearDown: 1,
  },
  {
    what: 'does not await `use`',
    user: (_, use) => void use(1),
    says: 'tear-down: Error: it ended before its load did: is an `await` missing before `use`?',
    tearDown: 1,
  },
  {
    what: 'calls `use` twice',
    user: async (_, use) => {
      await use(1);
      await use(2);
    },
    says: 'tear-down: Error: it called `use` twice: a user has one life',
    tearDown: 1,
  },
  {
    what: 'calls `use` twice and catches what it says',
    user: async (_, use) => {
      const first = use(1);
      await use(2).catch(() => undefined);
      await first;
    },
    says: 'tear-down: Error: it called `use` twice: a user has one life',
    tearDown: 1,
  },
];
for (const { what, user: wrong, says, setUp = 0, tearDown = 0 } of wrongs) {
  test(`a user that ${what} is counted and named, and the others go on`, async () => {
    const user: LoadUser = (context, use) => (context.user === 2 ? wrong(context, use) : session(context, use));
    const { data } = await livedThrough(iterations(12, { users: 3 }), user, { limitMs: 5_000 });
    expect(data.users.setUp).toMatchObject({ begun: 3, failed: setUp });
    expect(data.users.tearDown).toMatchObject({ begun: 3 - setUp, failed: tearDown });
    expect([...data.errors.values()].map(({ kind, endpoint }) => [kind, endpoint])).toEqual([['user', says]]);
    expect(data.iterations.started).toBe(12);
    const judged = judgeRun({ ...data, thresholds: [...data.thresholds] });
    expect(judged.thresholds.find(({ metric }) => metric === 'userFailures')).toMatchObject({
      verdict: 'failed',
      implied: true,
      actual: 1,
    });
  });
}

test('where nobody gets ready, the load ends at once and says why; not everybody is tried', async () => {
  const user: LoadUser = () => {
    throw new Error('login answered 401');
  };
  const { data, end, clock } = await livedThrough(arrivals('10/s').for('60s'), user, { parts: { maxInFlight: 1_000 } });
  expect(data.users.setUp).toMatchObject({ begun: 50, failed: 50 });
  expect(end.stopped).toBe('no user got ready: Error: login answered 401');
  expect(clock.now()).toBeLessThan(1_000);
  expect(judgeRun(data).reason).toBe(
    'no request came to an end, so nothing was measured (50 × Error: login answered 401)',
  );
});

const reasons: readonly { readonly thrown: unknown; readonly says: RegExp }[] = [
  {
    thrown: new Error('POST /login?access_token=s3cret9 answered 401'),
    says: /^Error: POST \/login\?access_token=(?!s3cret9)/,
  },
  { thrown: new TypeError('no token\nin what came:\n{}'), says: /^TypeError: no token$/ },
  { thrown: new Error('x'.repeat(100_000)), says: /^Error: x{100,500}$/ },
  { thrown: Object.create(null), says: /^object thrown: it cannot be read/ },
  { thrown: undefined, says: /^undefined$/ },
];
for (const { thrown, says } of reasons) {
  test(`why nobody got ready can be printed: ${says.source}`, async () => {
    const user: LoadUser = () => {
      throw thrown;
    };
    const { end } = await livedThrough(users(2).for('2s'), user);
    expect(end.stopped).toMatch(/^no user got ready: /);
    expect(end.stopped?.replace('no user got ready: ', '')).toMatch(says);
  });
}

test('where logging out hangs for everybody, the last are not waited for', async () => {
  const user: LoadUser = async (_, use) => {
    await use(1);
    await hang();
  };
  const { data, clock } = await livedThrough(users(1_000).for('1s'), user, { limitMs: 10_000 });
  expect(data.users.tearDown).toMatchObject({ begun: 1_000, failed: 1_000 });
  expect(clock.now()).toBeLessThan(22_000);
});

const stops: readonly { readonly what: string; readonly parts: (stop: AbortController) => VirtualRunParts }[] = [
  { what: 'is aborted', parts: () => ({ shouldAbort: () => 'enough' }) },
  { what: 'is interrupted', parts: ({ signal }) => ({ signal }) },
];
for (const { what, parts } of stops) {
  test(`users are torn down when the load ${what}`, async () => {
    const stop = new AbortController();
    const clock = new VirtualClock();
    const cancel = clock.at(3_000, () => stop.abort());
    const { data } = await livedThrough(users.ramp([{ to: 20, over: '20s' }]), session, {
      parts: { clock, ...parts(stop) },
    });
    cancel();
    const { setUp, tearDown } = data.users;
    expect(setUp.begun).toBeGreaterThan(0);
    expect(setUp.begun).toBeLessThan(20);
    expect(tearDown).toMatchObject({ begun: setUp.begun, failed: 0 });
    expect(data.accounting).toEqual([]);
  });
}

test('of users dealt to segments, each is set up in one of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 4, max: 30 }), async (of, crowd) => {
      const numbers: number[] = [];
      for (let index = 0; index < of; index++)
        await livedThrough(
          users(crowd).for('1s'),
          async ({ user }, use) => {
            numbers.push(user);
            await use(1);
          },
          { parts: { share: { index, of } } },
        );
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: crowd }, (_, at) => at + 1));
    }),
    { numRuns: 20 },
  );
});
