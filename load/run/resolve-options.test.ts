import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { OptionsError } from '../options-error.ts';
import { arrivals } from '../profile/arrivals.ts';
import { iterations } from '../profile/iterations.ts';
import { users } from '../profile/users.ts';
import { feeder } from './feeder.ts';
import { defaultLoadOptions, type LoadOptions, takenBack, type UseLoadOptions } from './load-options.ts';
import { resolveOptions, saidOf } from './resolve-options.ts';

const timed = users(5).for('10s');
const counted = iterations(100, { users: 5 });
const open = arrivals('10/s').for('10s');

test('without options the defaults hold, in milliseconds', () => {
  expect(resolveOptions({}, timed)).toEqual({
    name: undefined,
    routes: [],
    keepBodies: true,
    warmUpMs: 0,
    startAfterMs: 0,
    requestTimeoutMs: 10_000,
    expectStatus: undefined,
    maxInFlight: 1_000,
    hasLives: false,
    userTimeoutMs: 30_000,
    keepUsers: false,
    gracefulStopMs: 30_000,
    maxDurationMs: 600_000,
    connections: 'shared',
    maxConnections: undefined,
    maxConnectionAgeMs: undefined,
    resend: 'idempotent',
    retryAfterMs: undefined,
    discardBody: false,
    http2: false,
    transport: 'playload',
    apdexMs: undefined,
    abortAfterMs: 0,
    whenSaturated: 'invalid',
    uncounted: 'invalid',
    unjudged: false,
    servers: 'one',
    versionHeader: undefined,
    sampledShare: undefined,
    traceUrl: undefined,
    logsUrl: undefined,
    observeBeforeMs: 0,
    observeAfterMs: 0,
    cores: 1,
    seed: 1,
  });
});

for (const profile of [timed, counted, open]) {
  test(`the defaults given back are no options at all for ${profile.describe()}`, () => {
    expect(resolveOptions({ ...defaultLoadOptions }, profile)).toEqual(resolveOptions({}, profile));
  });
}

test('of `observe` the half that is not said has its default', () => {
  const { observeBeforeMs, observeAfterMs } = resolveOptions({ observe: { after: '5s' } }, timed);
  expect([observeBeforeMs, observeAfterMs]).toEqual([0, 5_000]);
});

test('an option that is undefined does not undo its default', () => {
  const given = { requestTimeout: undefined, seed: undefined } as unknown as LoadOptions;
  expect(resolveOptions(given, timed)).toEqual(resolveOptions({}, timed));
});

const statuses = [
  { rule: [200, 404], ok: [200, 404], not: [201, 500] },
  { rule: (status: number) => status === 418, ok: [418], not: [200] },
];
for (const { rule, ok, not } of statuses) {
  test(`\`expectStatus\` of ${typeof rule === 'function' ? 'a rule' : JSON.stringify(rule)} takes ${ok.join(', ')} alone`, () => {
    const { expectStatus } = resolveOptions({ expectStatus: rule }, timed);
    expect([...ok, ...not].filter((status) => expectStatus?.(status))).toEqual(ok);
  });
}

const wrong: readonly {
  readonly profile?: typeof timed | typeof open;
  readonly options: object;
  readonly problems: readonly string[];
}[] = [
  {
    options: {
      warmUp: 'soon',
      requestTimeout: '0s',
      maxInFlight: NaN,
      seed: 1.5,
      connections: 'some',
      transport: 'http',
      name: ' ',
    },
    profile: open,
    problems: [
      '`warmUp` must be a duration such as `300ms`, `30s` or `5m`, got "soon"',
      '`requestTimeout` must be longer than nothing, got "0s"',
      '`maxInFlight` must be a whole number of at least 1, got NaN',
      '`seed` must be a whole number, got 1.5',
      '`connections` must be `shared`, `per-user`, `per-iteration` or `per-request`, got "some"',
      '`transport` must be `playload` or `playwright`, got "http"',
      '`name` must be some words, got " "',
    ],
  },
  {
    options: { requestTimeout: 500 },
    problems: ['`requestTimeout` must be a duration such as `300ms`, `30s` or `5m`, got 500'],
  },
  {
    options: { timeout: '1s' },
    problems: ["`timeout` is no option of `load`; the limit of a single request is `requestTimeout`, such as `'10s'`"],
  },
  {
    options: { transport: 'undici', connections: 'per user', servers: 'per shard' },
    problems: [
      '`connections` must be `shared`, `per-user`, `per-iteration` or `per-request`, got "per user", which is `per-user` now',
      '`transport` must be `playload` or `playwright`, got "undici", which is `playload` now',
      '`servers` must be `one` or `per-shard`, got "per shard", which is `per-shard` now',
    ],
  },
  {
    options: { routes: '/shop/:slug' },
    problems: ['`routes` must be a list of paths such as `["/shop/:slug"]`, got "/shop/:slug"'],
  },
  {
    options: { routes: ['shop', '/:page', '/429'] },
    problems: ['`routes` has `shop`: it must be a path, which begins with `/`'],
  },
  {
    options: { user: 'me' },
    problems: ['`user` must be a function such as `async ({ request }, use) => { …; await use(state); … }`, got "me"'],
  },
  {
    options: { keepUsers: false, user: () => undefined },
    profile: open,
    problems: ['`keepUsers: false` would make strangers of users who have logged in: leave out `keepUsers`, or `user`'],
  },
  { options: { keepUsers: 'yes' }, profile: open, problems: ['`keepUsers` must be `true` or `false`, got "yes"'] },
  {
    options: { keepUsers: true },
    problems: ['`keepUsers` is for open models: users of `5 users for 10s` keep what they have'],
  },
  { options: { userTimeout: '5s' }, problems: ['`userTimeout` limits `user`, which is not given'] },
  {
    options: { userTimeout: '0s', user: () => undefined },
    problems: ['`userTimeout` must be longer than nothing, got "0s"'],
  },
  {
    options: { userData: feeder(['a']) },
    problems: ['`userData` has rows for the users that `user` sets up, and there is no `user`'],
  },
  {
    options: { userData: ['a'], user: () => undefined },
    problems: ['`userData` must be a feeder such as `feeder([…])`, got ["a"]'],
  },
  {
    options: { userData: feeder(['a', 'b'], { order: 'unique' }), user: () => undefined },
    problems: [
      '`userData` has 2 unique rows, but `5 users for 10s` has 5 users: give it more rows, or an order other than `unique`',
    ],
  },
  {
    options: { userData: feeder(['a', 'b'], { order: 'unique' }), user: () => undefined, maxInFlight: 3 },
    profile: open,
    problems: [
      '`userData` has 2 unique rows, but `10/s for 10s` has 3 users (`maxInFlight`): give it more rows, or an order other than `unique`',
    ],
  },
  {
    options: { user: () => undefined, transport: 'playwright' },
    problems: ["`user` is not known to Playwright's own transport"],
  },
  { options: { versionHeader: 'x y' }, problems: ['`versionHeader` must be the name of a header, got "x y"'] },
  ...['10', '101%', '-1%', 0.1, true, null].map((traceparent) => ({
    options: { traceparent },
    problems: [
      `\`traceparent\` must be the share of requests that are sampled, such as '10%', got ${JSON.stringify(traceparent)}`,
    ],
  })),
  ...['/trace/{traceId}', 'ftp://a.test/{traceId}', 'javascript:alert({traceId})', 'https://', 7].map((logsUrl) => ({
    options: { logsUrl },
    problems: [
      `\`logsUrl\` must be an address such as \`https://tempo.example/trace/{traceId}\`, got ${JSON.stringify(logsUrl)}`,
    ],
  })),
  {
    options: { traceUrl: 'https://a.test/{traceID}' },
    problems: [
      '`{traceID}` in `traceUrl` is unknown; known are {traceId}, {spanId}, {time}, {fromMs}, {toMs}',
      '`traceUrl` must hold `{traceId}`: it would lead to the same place from each request',
    ],
  },
  {
    options: { traceparent: '1%', transport: 'playwright' },
    problems: ["`traceparent` is not known to Playwright's own transport"],
  },
  { options: { apdex: '0s' }, problems: ['`apdex` must be longer than nothing, got "0s"'] },
  { options: { uncounted: 'ok' }, problems: ['`uncounted` must be `invalid` or `allowed`, got "ok"'] },
  { options: { whenSaturated: 'ignore' }, problems: ['`whenSaturated` must be `invalid` or `warn`, got "ignore"'] },
  ...[['200'], [], [99], 200].map((expectStatus) => ({
    options: { expectStatus },
    problems: [
      `\`expectStatus\` must be a list of statuses such as \`[200, 404]\`, or a function, got ${JSON.stringify(expectStatus)}`,
    ],
  })),
  {
    options: { maxInFlight: 5 },
    problems: ['`maxInFlight` limits arrivals: `5 users for 10s` has no more under way than users'],
  },
  {
    options: { maxDuration: '5s' },
    problems: ['`maxDuration` ends a profile that counts: `5 users for 10s` knows its own end'],
  },
  { options: { abortAfter: '5s' }, problems: ['`abortAfter` needs limits in `abortOn` to put off'] },
  {
    options: { http2: true, transport: 'playwright' },
    problems: ["`http2` is not known to Playwright's own transport"],
  },
  {
    options: { connections: 'per-user', resend: 'any', discardBody: true, maxConnections: 5, transport: 'playwright' },
    problems: [
      "`connections` is not known to Playwright's own transport",
      "`maxConnections` is not known to Playwright's own transport",
      "`resend` is not known to Playwright's own transport",
      "`discardBody` is not known to Playwright's own transport",
    ],
  },
  {
    options: {
      maxConnectionAge: '0s',
      retryAfter: 5,
      resend: 'always',
      discardBody: 'yes',
      http2: 'false',
      unjudged: 0,
    },
    problems: [
      '`maxConnectionAge` must be longer than nothing, got "0s"',
      '`retryAfter` must be a duration such as `300ms`, `30s` or `5m`, got 5',
      '`discardBody` must be `true` or `false`, got "yes"',
      '`http2` must be `true` or `false`, got "false"',
      '`unjudged` must be `true` or `false`, got 0',
      '`resend` must be `idempotent`, `any` or `never`, got "always"',
    ],
  },
  ...[0, 1.5, '5', Infinity].map((maxConnections) => ({
    options: { maxConnections },
    problems: [
      `\`maxConnections\` must be a whole number of at least 1, got ${typeof maxConnections === 'string' ? '"5"' : maxConnections}`,
    ],
  })),
  {
    options: { constructor: 1 },
    problems: [expect.stringMatching(/^`constructor` is no option of `load`; known are /) as unknown as string],
  },
  {
    options: { connections: 'per-request', http2: true },
    problems: ["`connections: 'per-request'` has nothing that requests of `http2` could share"],
  },
  ...[null, true].map((observe) => ({
    options: { observe },
    problems: [`\`observe\` must be such as \`{ before: "5s", after: "10s" }\`, got ${observe}`],
  })),
  { options: { observe: { befor: '5s' } }, problems: ['`observe.befor` is no option; known are before and after'] },
  {
    options: { observe: { before: '5' } },
    problems: ['`observe.before` must be a duration such as `300ms`, `30s` or `5m`, got "5"'],
  },
  { options: { data: ['a'] }, problems: ['`data` must be a feeder such as `feeder([…])`, got ["a"]'] },
  {
    profile: open,
    options: { data: feeder([1, 2, 3], { order: 'unique' }) },
    problems: ['`data` has 3 unique rows, but `10/s for 10s` needs 100'],
  },
];
for (const { profile = timed, options, problems } of wrong) {
  test(`refuses ${JSON.stringify(options)} for ${profile.describe()}`, () => {
    expect(() => resolveOptions(options, profile)).toThrow(expect.objectContaining({ name: 'OptionsError', problems }));
  });
}

test('an unknown option is named beside the known ones', () => {
  expect(() => resolveOptions({ wramUp: '5s' } as LoadOptions, timed)).toThrow(
    /^`wramUp` is no option of `load`; known are name, warmUp, startAfter, data,/,
  );
});

test('rows that suffice, or that come round again, are fine', () => {
  expect(resolveOptions({ data: feeder(Array.from({ length: 100 }, String), { order: 'unique' }) }, counted).seed).toBe(
    1,
  );
  expect(resolveOptions({ data: feeder([1]) }, counted).seed).toBe(1);
});

const uses: readonly {
  readonly use: UseLoadOptions;
  readonly own: LoadOptions;
  readonly says: Record<string, unknown>;
}[] = [
  { use: { requestTimeout: '5s' }, own: {}, says: { requestTimeoutMs: 5_000 } },
  { use: { requestTimeout: '5s' }, own: { requestTimeout: '1s' }, says: { requestTimeoutMs: 1_000 } },
  { use: { routes: ['/a/:b'], resend: 'never' }, own: { routes: [] }, says: { routes: [], resend: 'never' } },
  { use: { keepBodies: false }, own: { keepBodies: true }, says: { keepBodies: true } },
  { use: { maxInFlight: 5, maxDuration: '1m' }, own: {}, says: { maxInFlight: 5 } }, // closed and timed: looks at neither
  { use: { http2: true }, own: { transport: 'playwright' }, says: { transport: 'playwright' } },
];
for (const { use, own, says } of uses) {
  test(`${JSON.stringify(own)} over ${JSON.stringify(use)} in \`use\` is ${JSON.stringify(says)}`, () => {
    expect(resolveOptions(own, timed, use)).toMatchObject(says);
  });
}

const said = {
  keepUsers: true,
  expectStatus: [200],
  maxConnections: 5,
  maxConnectionAge: '30s',
  retryAfter: '5s',
  apdex: '100ms',
  versionHeader: 'x-build',
  traceparent: '10%',
  traceUrl: 'https://tempo.test/{traceId}',
  logsUrl: 'https://loki.test/?from={fromMs}',
  abortOn: { errorRate: '> 50%' },
} as const satisfies UseLoadOptions;

test('each option without a default is one that `false` takes back', () => {
  const plain = resolveOptions({}, timed);
  expect(Object.keys(said).sort()).toEqual([...takenBack].sort());
  expect(resolveOptions({}, timed, said)).not.toEqual(plain);
  const none = Object.fromEntries(takenBack.map((option) => [option, false]));
  expect(resolveOptions(none, timed, said)).toEqual(plain);
  expect(saidOf(none, said)).toEqual({});
  for (const option of takenBack) {
    const others = Object.fromEntries(Object.entries(said).filter(([name]) => name !== option));
    expect(saidOf({ [option]: false }, said)).toEqual(others);
  }
  expect(resolveOptions({ ...none, transport: 'playwright' }, timed, said)).toMatchObject({ transport: 'playwright' });
});

const wrongUses: readonly { readonly use: object; readonly own: LoadOptions; readonly says: string }[] = [
  {
    use: { name: 'a' },
    own: {},
    says: '`name` is for `load`, not for `loadOptions` in `use`: it tells the loads of one test apart',
  },
  {
    use: { startAfter: '1s' },
    own: {},
    says: '`startAfter` is for `load`, not for `loadOptions` in `use`: it puts loads of one test side by side',
  },
  {
    use: { data: feeder([{}]) },
    own: {},
    says: '`data` is for `load`, not for `loadOptions` in `use`: its rows are of one scenario',
  },
  {
    use: { unjudged: true },
    own: {},
    says: '`unjudged` is for `load`, not for `loadOptions` in `use`: a test that judges nothing says so itself',
  },
  {
    use: { timeout: '1s' },
    own: {},
    says: "`timeout` is no option of `loadOptions`; the limit of a single request is `requestTimeout`, such as `'10s'`",
  },
  { use: { resend: 'always' }, own: {}, says: '`resend` must be `idempotent`, `any` or `never`, got "always"' },
  {
    use: { http2: true },
    own: { connections: 'per-request' },
    says: "`connections: 'per-request'` has nothing that requests of `http2` could share",
  },
  {
    use: { transport: 'playwright' },
    own: { http2: true },
    says: "`http2` is not known to Playwright's own transport",
  },
];
for (const { use, own, says } of wrongUses) {
  test(`${JSON.stringify(use)} in \`use\` with ${JSON.stringify(own)}: ${says}`, () => {
    expect(() => resolveOptions(own, timed, use)).toThrow(new OptionsError([says]));
  });
}

for (const cores of [0, -1, 1.5, 'all', '2', null]) {
  test(`\`cores: ${JSON.stringify(cores)}\` is refused, and what it takes is said`, () => {
    const given = { cores } as unknown as LoadOptions;
    expect(() => resolveOptions(given, users(1).for('1s'))).toThrow(
      "`cores` must be a whole number of at least 1, or `'auto'` for all that this process may use but one, got ",
    );
  });
}
