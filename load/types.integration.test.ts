/** What is red in the editor: each row is compiled as a spec of its own, with the project's own settings. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import ts from 'typescript';
import { test } from '../testing/plain-test.ts';

const here = dirname(fileURLToPath(import.meta.url));

const inTest = (body: string) => `test('row', async ({ load }) => { ${body} });`;
const meet = (limits: string, subject = 'run') =>
  inTest(
    `const run = await load(arrivals('5/s').for('1s'), ({ request }) => request.get('/')); expect(${subject}).toMeet(${limits});`,
  );

const scenario = (body: string) =>
  inTest(`await load(users(1).for('1s'), async ({ request, measure }) => { void request; void measure; ${body} });`);

const compare = (question: string, options = '{}') =>
  inTest(
    `await load.compare({ a: 'http://a', b: { baseURL: 'http://b', name: 'new' }, ${question} }, ({ request }) => request.get('/'), ${options});`,
  );

const life = (user: string, before = '') =>
  inTest(
    `${before} await load(users(1).for('1s'), ({ state, userData, request }) => request.get(state.token + userData.toUpperCase()), { user: ${user}, userData: feeder(['a']) });`,
  );

const rows: readonly { readonly code: string; readonly red?: RegExp }[] = [
  { code: meet(`{ p95: '< 100ms', successRate: '100%', throughput: '> 495/s', dropped: '0' }`) },
  { code: meet(`{ p95: { target: '< 50ms', acceptable: '< 100ms' }, serviceTime: { p99: '<= 1.5s' } }`) },
  { code: meet(`{ p95: '<100ms' }`, `run.endpoint('GET /')`) },
  { code: meet(`{ p95: '< 100ms', requests: '>= 10' }`, `run.after('10s')`) },
  { code: meet(`{ max: '< 1s' }`, 'run.steady') },
  { code: meet(`{ rate: '> 99%' }`, `run.check('ok')`) },
  { code: meet(`{ p95: '< 12', last: '> 3' }`, `run.metric('basket')`) },
  { code: meet(`{ p95: '< 1s', failed: '0', count: '> 5', errorRate: '< 1%' }`, `run.group('visit')`) },
  { code: meet(`{ throughput: '> 5/s' }`, `run.group('visit')`), red: /'throughput' does not exist/ },
  { code: meet(`{ p95: '< 1s', requests: '> 5' }`, `run.tag('paid', true).every('10s')`) },
  { code: meet(`{ dropped: '0' }`, `run.tag('tenant', 'a')`), red: /'dropped' does not exist/ },
  {
    code: inTest(
      `const run = await load(users(1).for('1s'), ({ request }) => request.get('/')); expect.loads(run, run).toMeet({ p95: '< 1s' });`,
    ),
  },
  { code: inTest(`expect.loads(42).toMeet({ p95: '< 1s' });`), red: /not assignable/ },
  { code: scenario(`(await measure('x', async ({ signal }) => (signal.aborted ? 1 : 2))).toFixed();`) },
  { code: scenario(`await measure('x', () => 5);`), red: /not assignable/ },
  { code: scenario(`await measure('x', async () => 5, { tags: { a: {} } });`), red: /not assignable/ },
  { code: scenario(`await request.get('/', { tags: { tenant: 'a', paid: true } });`) },
  { code: meet(`{ p9999: '< 100ms', lag: { p9999: '< 10ms' }, stdev: '< 1s' }`) },
  { code: meet(`{ p9999: '< 12' }`, `run.metric('basket')`) },
  { code: meet(`slo({ p95: '< 100ms', errorRate: '< 1%' }, { name: 'quick' })`) },
  { code: meet(`{ ...slo({ p95: '< 100ms' }), max: '< 1s' }`, `run.endpoint('GET /')`) },
  { code: `slo({ p59: '< 100ms' });`, red: /'p59' does not exist/ },
  { code: meet(`{ p95: '< 1s' }`, `(run.goodput({ p95: '100ms' }), run)`), red: /not assignable/ },
  { code: meet(`{ p59: '< 100ms' }`), red: /'p59' does not exist/ },
  { code: meet(`{ p99999: '< 100ms' }`), red: /'p99999' does not exist/ },
  { code: meet(`{ stdev: '< 1s' }`, 'run.steady'), red: /'stdev' does not exist/ },
  { code: meet(`{ stdev: '< 1' }`, `run.metric('basket')`), red: /'stdev' does not exist/ },
  { code: meet(`{ p95: '< 1s' }`, `run.metric('basket').value('p42')`), red: /"p42"' is not assignable/ },
  { code: meet(`{ p95: '< 1s' }`, `(run.data, run)`), red: /'data' does not exist/ },
  { code: `import { LoadRun } from './index.ts'; new LoadRun();`, red: /exported using 'export type'/ },
  { code: meet(`{ sucessRate: '100%' }`), red: /'sucessRate' does not exist/ },
  { code: meet(`{ p95: '< 100' }`), red: /not assignable/ },
  { code: meet(`{ p95: '100ms' }`), red: /not assignable/ },
  { code: meet(`{ p95: 100 }`), red: /not assignable/ },
  { code: meet(`{ successRate: '> 0.99' }`), red: /not assignable/ },
  { code: meet(`{ throughput: '> 495' }`), red: /not assignable/ },
  { code: meet(`{ p95: { target: '< 50ms' } }`), red: /not assignable/ },
  { code: meet(`{ serviceTime: { successRate: '100%' } }`), red: /'successRate' does not exist/ },
  { code: meet(`{ checks: '100%' }`, `run.endpoint('GET /')`), red: /'checks' does not exist/ },
  { code: meet(`{ dropped: '0' }`, `run.after('10s')`), red: /'dropped' does not exist/ },
  { code: meet(`{ p95: '< 1s' }`, `run.check('ok')`), red: /'p95' does not exist/ },
  { code: meet(`{ p95: '< 1s' }`, '42'), red: /not assignable/ },
  { code: meet(`{ p95: '< 1s' }`, `run.after(10)`), red: /not assignable/ },
  { code: `users(5).for('30s').thinking(between('1s', '3s')).pacing('5s');` },
  { code: `users(5).for('30x');`, red: /not assignable/ },
  { code: `users(5).for(30);`, red: /not assignable/ },
  { code: `arrivals(500).for('1s');`, red: /not assignable/ },
  { code: `arrivals('500').for('1s');`, red: /not assignable/ },
  { code: `arrivals('500/d').for('1s');`, red: /not assignable/ },
  { code: `arrivals('5/s', { distribution: 'normal' }).for('1s');`, red: /not assignable/ },
  { code: `users.ramp([{ to: 10, over: '5s' }, { hold: '1m' }]);` },
  { code: `users.ramp([{ until: 10, over: '5s' }]);`, red: /'until' does not exist/ },
  { code: `iterations(100);`, red: /Expected 2 arguments/ },
  {
    code: inTest(
      `await load(users(1).for('1s'), ({ request }) => request.get('/'), { warmUp: '5s', requestTimeout: '1s' });`,
    ),
  },
  {
    code: inTest(
      `await load(users(1).for('1s'), ({ request }) => request.get('/'), { ...defaultLoadOptions, seed: 7 });`,
    ),
  },
  ...[`timeout: '1s'`, `transport: 'undici'`, `connections: 'per user'`, `servers: 'per shard'`].map((option) => ({
    code: inTest(`await load(users(1).for('1s'), ({ request }) => request.get('/'), { ${option} });`),
    red: /does not exist|not assignable/,
  })),
  { code: `feeder(['a'], { order: 'in-order' });` },
  { code: `feeder(['a'], { order: 'in order' });`, red: /not assignable/ },
  {
    code: inTest(`await load(users(1).for('1s'), ({ request }) => request.get('/'), { warmup: '5s' });`),
    red: /'warmup' does not exist/,
  },
  {
    code: inTest(`await load(users(1).for('1s'), ({ request }) => request.get('/'), { warmUp: 5 });`),
    red: /not assignable/,
  },
  {
    code: inTest(
      `await load(users(1).for('1s'), ({ request }) => request.get('/'), { abortOn: { errorRate: '> 50%' } });`,
    ),
  },
  {
    code: inTest(
      `await load(users(1).for('1s'), ({ request }) => request.get('/'), { abortOn: { errorRat: '> 50%' } });`,
    ),
    red: /'errorRat' does not exist/,
  },
  { code: inTest(`await load(users(1).for('1s'), ({ data }) => data.toUpperCase(), { data: feeder(['a', 'b']) });`) },
  {
    code: inTest(`await load(users(1).for('1s'), ({ data }) => data.toUpperCase(), { data: feeder([1, 2]) });`),
    red: /'toUpperCase' does not exist/,
  },
  {
    code: life(
      `async ({ request, data }: UserContext<string>, use: Use<{ token: string }>) => { await request.get(data); await use({ token: data }); }`,
    ),
  },
  {
    code: life(
      `session`,
      `const session: LoadUser<{ token: string }, string> = async ({ data }, use) => use({ token: data });`,
    ),
  },
  { code: life(`async (_: UserContext<string>, use: Use<number>) => use(1)`), red: /'token' does not exist/ },
  {
    code: life(`session`, `const session: LoadUser<{ token: string }, string> = async (_, use) => use('token');`),
    red: /not assignable/,
  },
  {
    code: inTest(`await load(users(1).for('1s'), ({ state }: ScenarioContext<undefined, string>) => state.length, {
      user: async ({ request }, use) => { await request.get('/'); await use('token'); },
    });`),
  },
  {
    code: inTest(`await load(users(1).for('1s'), ({ state }: ScenarioContext<undefined, string>) => state.length, {
      user: async (_, use) => use(5),
    });`),
    red: /not assignable/,
  },
  {
    code: inTest(`await load(users(1).for('1s'), ({ state }) => state, { user: async (_, use) => use('token') });`),
    red: /not assignable to parameter of type 'undefined'/,
  },
  { code: inTest(`await load(users(1).for('1s'), ({ state }) => state, { user: async (_, use) => use(undefined) });`) },
  {
    code: inTest(
      `await load(users(1).for('1s'), async ({ pause }) => { await pause('1s'); await pause(between('1s', '3s')); });`,
    ),
  },
  { code: inTest(`await load(users(1).for('1s'), ({ pause }) => pause(5));`), red: /not assignable/ },
  {
    code: inTest(
      `await load(users(1).for('1s'), ({ request }) => request.get('/', { name: 'home', params: { a: 1 } }));`,
    ),
  },
  {
    code: inTest(`await load(users(1).for('1s'), ({ request }) => request.get('/', { nme: 'home' }));`),
    red: /'nme' does not exist/,
  },
  { code: compare(`rate: '100/s', block: '2s', pairs: 12, tolerance: { p50: '5%', errors: '0%' }`) },
  { code: compare(`profile: users(5).for('3s'), metrics: ['mean', 'p99'], tolerance: '5%', failOnInconclusive: true`) },
  { code: compare(`rate: '100/s', profile: users(5).for('3s')`), red: /not assignable/ },
  { code: compare(`rate: '100/s', tolerence: '5%'`), red: /'tolerence' does not exist/ },
  { code: compare(`rate: '100/s', tolerance: { p90: '5%' }`), red: /'p90' does not exist/ },
  { code: compare(`rate: '100/s', tolerance: 0.05`), red: /not assignable/ },
  { code: compare(`rate: '100/s', metrics: ['p90']`), red: /not assignable/ },
  { code: compare(`rate: '100/s'`, `{ name: 'x' }`), red: /'name' does not exist/ },
  { code: compare(`pairs: 12`), red: /not assignable/ },
];

test('misspelt metrics, options and wrong units do not compile, and what is right does', () => {
  const file = (at: number) => join(here, `row-${at}.ts`);
  const sources = new Map(
    rows.map(({ code }, at) => [
      file(at),
      `import { arrivals, between, defaultLoadOptions, expect, feeder, iterations, slo, test, users, type LoadUser, type ScenarioContext, type Use, type UserContext } from './index.ts';\nvoid [arrivals, between, defaultLoadOptions, expect, feeder, iterations, slo, test, users];\nexport type Types = [LoadUser, ScenarioContext, Use<1>, UserContext];\n${code}\n`,
    ]),
  );
  const diagnostics = compile(sources);
  const found = rows.map(({ code }, at) => ({ code, red: diagnostics.get(file(at)) ?? '' }));
  for (const [at, { code, red }] of rows.entries()) {
    const said = found[at]?.red ?? '';
    if (red === undefined) expect(said, code).toBe('');
    else expect(said, code).toMatch(red);
  }
});

/** What the compiler says of each file that exists only in memory. */
function compile(sources: ReadonlyMap<string, string>): Map<string, string> {
  const configPath = join(here, '../tsconfig.json');
  const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configPath));
  const host = ts.createCompilerHost(options);
  const onDisk = ts.createCompilerHost(options);
  host.readFile = (path) => sources.get(path) ?? onDisk.readFile(path);
  host.fileExists = (path) => sources.has(path) || onDisk.fileExists(path);
  const program = ts.createProgram([...sources.keys()], options, host);
  return new Map(
    [...sources.keys()].map((path) => [
      path,
      program
        .getSemanticDiagnostics(program.getSourceFile(path))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
        .join('\n'),
    ]),
  );
}
