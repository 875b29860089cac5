import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { liveThrough, type VirtualRun, type VirtualRunParts } from '../../testing/virtual-run.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { arrivals } from '../profile/arrivals.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import type { ScenarioContext } from './scenario.ts';

type Call = (context: ScenarioContext<unknown>, clock: VirtualClock) => unknown;

function measured(profile: Profile, call: Call, parts: VirtualRunParts = {}): Promise<VirtualRun> {
  const clock = new VirtualClock();
  return liveThrough(profile, async (context) => call(context, clock), { ...parts, clock });
}

const one = users(1).iterations(1);
const never = () => new Promise<never>(() => undefined);

class PoolDrained extends Error {}

/** As query builders are: no promise, but what `await` takes for one. */
function thenable(then: (resolve: (value: unknown) => void) => void): Promise<unknown> {
  return { then } as unknown as Promise<unknown>;
}

const ends = [
  { what: 'a function that resolves', part: async () => 7, counts: { ok: 1 } },
  {
    what: 'an error with a code',
    part: async () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
    counts: { failed: 1 },
    error: { kind: 'ECONNREFUSED', sample: 'connect ECONNREFUSED' },
  },
  {
    what: 'an error of a class of its own',
    part: async () => Promise.reject(new PoolDrained('no client left\nand more')),
    counts: { failed: 1 },
    error: { kind: 'PoolDrained', sample: 'no client left' },
  },
  {
    what: 'an error of gRPC, whose code is a number',
    part: async () => Promise.reject(Object.assign(new Error('14 UNAVAILABLE: No connection'), { code: 14 })),
    counts: { failed: 1 },
    error: { kind: 'UNAVAILABLE', sample: '14 UNAVAILABLE: No connection' },
  },
  {
    what: 'errors of several addresses, without a message of their own',
    part: async () =>
      Promise.reject(
        Object.assign(new AggregateError([new Error('connect ECONNREFUSED 10.0.0.1:5432')]), { code: 'ECONNREFUSED' }),
      ),
    counts: { failed: 1 },
    error: { kind: 'ECONNREFUSED', sample: 'connect ECONNREFUSED 10.0.0.1:5432' },
  },
  {
    what: 'a function that throws at once',
    part: (): Promise<void> => {
      throw new TypeError('x is not a function');
    },
    counts: { failed: 1 },
    error: { kind: 'TypeError', sample: 'x is not a function' },
  },
  {
    what: 'a secret in the message',
    part: async () => Promise.reject(new Error('password=hunter2 refused')),
    counts: { failed: 1 },
    error: { kind: 'Error' },
  },
  {
    what: 'an error whose fields throw',
    part: async () =>
      Promise.reject(
        Object.defineProperty(new Error('x'), 'code', {
          get: () => {
            throw new Error('no');
          },
        }),
      ),
    counts: { failed: 1 },
    error: { kind: 'unreadable error' },
  },
  { what: 'a thenable', part: () => thenable((resolve) => resolve(7)), counts: { ok: 1 } },
  {
    what: 'a thenable that resolves with a promise that rejects',
    part: () => thenable((resolve) => resolve(Promise.reject(new RangeError('inner')))),
    counts: { failed: 1 },
    error: { kind: 'RangeError', sample: 'inner' },
  },
  { what: 'a function that never settles', part: never, counts: { timedOut: 1 }, error: { kind: 'timeout' } },
];
for (const { what, part, counts, error } of ends) {
  test(`measure: ${what} is ${Object.keys(counts).join()}, and the iteration fails if it throws on`, async () => {
    const { data } = await measured(one, async ({ measure }) => measure<unknown>('work', part));
    const all = { scheduled: 1, started: 1, ok: 0, failed: 0, timedOut: 0, dropped: 0, unfinished: 0, ...counts };
    expect(data.counts).toEqual(all);
    expect(data.endpoints.get('work')?.counts).toEqual(all);
    expect([...data.errors.values()]).toEqual(
      error === undefined ? [] : [expect.objectContaining({ ...error, endpoint: 'work', count: 1 })],
    );
    expect(JSON.stringify([...data.errors])).not.toContain('hunter2');
    expect(data.iterations).toEqual({ started: 1, failed: error === undefined ? 0 : 1, unfinished: 0 });
    expect([data.accounting, data.exceptions, data.idleIterations]).toEqual([[], 0, 0]);
  });
}

test('a scenario that throws what cannot be read has failed its iteration, and the run goes on', async () => {
  const { data } = await measured(users(1).iterations(3), async ({ measure }) =>
    measure('work', async () => {
      throw Object.create(null);
    }),
  );
  expect([data.counts.failed, data.iterations.failed, data.accounting]).toEqual([3, 3, []]);
  expect([...data.errors.values()].map(({ kind, count }) => [kind, count])).toEqual([
    ['error', 3],
    ['exception', 3],
  ]);
});

test('tags that are null are none', async () => {
  const { data } = await measured(one, async ({ measure }) =>
    measure('work', async () => 1, { tags: null as unknown as Record<string, string> }),
  );
  expect([data.counts.ok, data.tags.size, data.accounting]).toEqual([1, 0, []]);
});

test('measure gives back the value, and throws the very error', async () => {
  const error = new Error('mine');
  const seen: unknown[] = [];
  await measured(one, async ({ measure }) => {
    seen.push(await measure('good', async () => 7));
    seen.push(await measure('bad', async () => Promise.reject(error)).catch((thrown: unknown) => thrown));
  });
  expect(seen[0]).toBe(7);
  expect(seen[1]).toBe(error);
});

test('an error that the scenario catches is a failed request of a good iteration', async () => {
  const { data } = await measured(one, async ({ measure }) =>
    measure('bad', async () => Promise.reject(new Error('x'))).catch(() => undefined),
  );
  expect([data.counts.failed, data.iterations.failed]).toEqual([1, 0]);
});

test('in an open model the first call of an iteration counts from the intended start, and later ones from their own', async () => {
  const { data } = await measured(arrivals('1/s').for('1s'), async ({ measure }, clock) => {
    await clock.sleep(30);
    await measure('first', async () => clock.sleep(100));
    await measure('second', async () => clock.sleep(100));
  });
  const [first, second] = [data.endpoints.get('first'), data.endpoints.get('second')];
  expect([first?.service.stats()?.max, first?.response.stats()?.max]).toEqual([100, 130]);
  expect([second?.service.stats()?.max, second?.response.stats()?.max]).toEqual([100, 100]);
});

test('a stall of the generator is in the response time of a measured call', async () => {
  const { data } = await measured(arrivals('10/s').for('1s'), async ({ measure, iteration }, clock) =>
    measure('work', async () => (iteration === 5 ? clock.stall(300) : clock.sleep(1))),
  );
  expect(data.endpoints.get('work')?.response.stats()?.max).toBeGreaterThan(200);
});

test('a call that is given up has its signal aborted, and one that ends well has not', async () => {
  const aborted: boolean[] = [];
  await measured(one, async ({ measure }) => {
    let kept: AbortSignal | undefined;
    await measure('quick', async ({ signal }) => {
      kept = signal;
    });
    await measure('hangs', ({ signal }) => {
      signal.addEventListener('abort', () => aborted.push(signal.aborted));
      return never();
    }).catch(() => undefined);
    aborted.push(kept?.aborted === true);
  });
  expect(aborted).toEqual([true, false]);
});

test('calls of several lengths time out each at its own moment', async () => {
  const ended: number[] = [];
  await measured(
    users(3).iterations(1),
    async ({ measure, user }, clock) => {
      await clock.sleep(100 * user);
      await measure('hangs', never).catch(() => ended.push(clock.now()));
    },
    { requestTimeoutMs: 500 },
  );
  expect(ended).toEqual([600, 700, 800]);
});

test('what is under way when the run is over is unfinished, and its scenario is told', async () => {
  const told: string[] = [];
  const { data } = await measured(
    users(1).for('1s'),
    async ({ measure }) =>
      measure('hangs', never).catch((error: unknown) => told.push(error instanceof Error ? error.message : '')),
    { gracefulStopMs: 100, requestTimeoutMs: 60_000 },
  );
  expect(data.endpoints.get('hangs')?.counts).toMatchObject({ started: 1, unfinished: 1 });
  expect(data.accounting).toEqual([]);
  expect(told).toEqual(['the load run is over, and this call was still under way']);
});

test('a call without `await` fails its iteration, and names the line', async () => {
  const { data } = await measured(one, ({ measure }, clock) => {
    void measure('lost', async () => clock.sleep(50));
  });
  const [error] = [...data.errors.values()];
  expect(error?.sample).toContain('is an `await` missing?');
  expect(error?.sample).toContain('measure.test.ts');
});

test('a call that comes when the run is over makes it invalid, and calls nothing', async () => {
  let late: (() => Promise<unknown>) | undefined;
  let calls = 0;
  const { data } = await measured(one, async ({ measure }) => {
    late = async () => measure('late', async () => (calls += 1));
    await measure('work', async () => 1);
  });
  await expect(late?.()).rejects.toThrow('the load run is over');
  expect(calls).toBe(0);
  expect(data.accounting).toEqual(['run: a measured call came when it was over: is an `await` missing?']);
});

test('the warm-up is in no number', async () => {
  const { data } = await measured(
    users(1).for('1s'),
    async ({ measure }, clock) => measure('work', async () => clock.sleep(100)),
    { warmUpMs: 500 },
  );
  expect(data.endpoints.get('work')?.counts.started).toBe(10);
});

test('requests within a measured call have rows of their own', async () => {
  const { data } = await measured(one, async ({ measure, request }) =>
    measure('checkout', async () => {
      await request.get('/a');
      await request.get('/b');
    }),
  );
  expect([...data.endpoints].map(([name, { counts }]) => [name, counts.ok])).toEqual([
    ['GET /a', 1],
    ['GET /b', 1],
    ['checkout', 1],
  ]);
  expect(data.counts.ok).toBe(3);
});

test('names beyond the bound are counted together, and hostile ones are plain lines', async () => {
  const { data } = await measured(users(1).iterations(600), async ({ measure, iteration }) =>
    measure(`\u001b[31mcall\n::error::${iteration}`, async () => iteration),
  );
  expect(data.endpoints.size).toBe(501);
  expect(data.counts.ok).toBe(600);
  for (const name of data.endpoints.keys()) expect(name).not.toMatch(/[\u001b\n]|(^|\s)::/u);
});

test('kinds of errors are bounded too', async () => {
  const { data } = await measured(users(1).iterations(700), async ({ measure, iteration }) =>
    measure('x', async () => Promise.reject(Object.assign(new Error('x'), { code: `E${iteration}` }))),
  );
  const kinds = new Set([...data.windows.values()].flatMap(({ errors }) => [...errors.keys()]));
  expect(kinds.size).toBe(501);
  expect(data.counts.failed).toBe(700);
});

const wrong: { readonly what: string; readonly args: unknown[]; readonly says: string }[] = [
  { what: 'no name', args: [undefined, async () => 1], says: '`measure` takes a name first' },
  { what: 'a promise for the function', args: ['x', Promise.resolve(1)], says: 'was `() =>` forgotten before it?' },
  { what: 'no function', args: ['x', 5], says: '`measure` of "x" takes the function to measure' },
  { what: 'a function that returns no promise', args: ['x', () => 5], says: 'its function returned 5' },
  { what: 'a function that returns nothing', args: ['x', () => undefined], says: 'its function returned undefined' },
  {
    what: 'an unknown option',
    args: ['x', async () => 1, { timeout: 5 }],
    says: '`timeout` is no option of `measure`',
  },
  { what: 'tags that are a list', args: ['x', async () => 1, { tags: ['a'] }], says: '`tags` must be an object' },
  { what: 'a tag of an object', args: ['x', async () => 1, { tags: { a: {} } }], says: '`tags.a` must be a text' },
  { what: 'a key with `=`', args: ['x', async () => 1, { tags: { 'a=b': 1 } }], says: 'is a word without `=`' },
];
for (const { what, args, says } of wrong) {
  test(`measure refuses ${what}, even if the scenario catches it`, async () => {
    let message = '';
    const { data } = await measured(one, async ({ measure }) => {
      const call = measure as unknown as (...all: unknown[]) => Promise<unknown>;
      await call(...args).catch((error: unknown) => (message = error instanceof Error ? error.message : ''));
    });
    expect(message).toContain(says);
    expect(data.iterations.failed).toBe(1);
    expect(data.exceptions).toBe(1);
  });
}

test('a group counts how often it was begun, failed and was cut off, and times those that ended well', async () => {
  const { data } = await measured(
    users(1).for('1s'),
    async ({ group, iteration }, clock) =>
      group('visit', async () => {
        await clock.sleep(iteration === 4 ? 5_000 : 100);
        if (iteration === 2) throw new Error('no');
      }),
    { gracefulStopMs: 10 },
  );
  const { started, failed, durations } = data.groups.get('visit') ?? {};
  expect([started, failed, durations?.count, durations?.stats()?.max]).toEqual([4, 1, 2, 100]);
});
