/**
 * The declarations of the packed package, compiled with the versions of Playwright and TypeScript that it takes, in
 * projects of both kinds of modules. Declarations are checked too; only what is wrong in those of others is left out.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { otherVersion } from '../testing/other-versions.ts';
import { installPacked, packInto } from '../testing/packed-package.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');

let folder: string;
let tarball: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-types-'));
  tarball = await packInto(folder);
});

test.afterAll(async () => rm(folder, { recursive: true, force: true }));

const typed = `
import { arrivals, type ConnectOptions, expect, iterations, type LoadRun, type LoadSocket, type LoadUser, type RequestStream, type LoadRequestContext, type ScenarioContext, type SocketMessage, type StreamEnd, type StreamEvent, type StreamOptions, test, users } from 'playload';
import { defaultObjective, findLeak, judgeStep, type Leak } from 'playload/analysis';
import LoadReporter, { type LoadReporterOptions } from 'playload/reporter';
import { type APIRequestContext, type APIResponse, defineConfig } from '@playwright/test';

class Shop {
  constructor(private readonly request: APIRequestContext) {}
  async home(): Promise<APIResponse> { return this.request.get('/'); }
}
export default defineConfig({ reporter: [['playload/reporter', { html: true } satisfies LoadReporterOptions]] });
export const reporter: LoadReporter = new LoadReporter();
export const mine = test.extend<{ shop: string }>({ shop: async ({ baseURL }, use) => { await use(baseURL ?? ''); } });

mine('types', async ({ load, shop, request }) => {
  const run: LoadRun = await load(users(5).for('1s'), async ({ request: measured, check }) => {
    const response = await measured.get<{ id: number }>('/', { name: shop });
    check('an id', (await response.json()).id === 1);
    // @ts-expect-error it is a number
    const text: string = (await response.json()).id;
    void text;
    expect(response).toBeOK();
    void response.timing().responseEnd;
    const plain: APIResponse = response;
    void plain;
    const context: APIRequestContext = measured;
    void context;
    await measured.addCookies([{ name: 'a', value: 'b', url: 'http://127.0.0.1/' }]);
    const cookies = await measured.cookies();
    void cookies[0]?.sameSite;
    await measured.clearCookies({ name: 'a' });
    await new Shop(measured).home();
  }, { warmUp: '1s' });
  expect(run).toMeet({ p9999: '< 1s' });
  // @ts-expect-error a misspelt metric
  expect(run).toMeet({ p59: '< 1s' });
  const leak: Leak = findLeak({ readings: run.resources[0]?.samples ?? [] });
  if (leak.kind === 'leak') void leak.slopeMbPerMin.toFixed(1);
  judgeStep(run.step(5), { ...defaultObjective, p95: '10s' });
  void iterations; void request;
});
export type Kept = LoadRequestContext | ScenarioContext | ConnectOptions;

mine('what streams', async ({ load, probe, page }) => {
  const ux = await probe(page, async ({ action }) => { await action('add', () => page.click('#add')); }, { name: 'shop', every: '5s' });
  const person: LoadUser<LoadSocket> = async ({ connect }, use) => use(await connect('/ws', { protocols: ['a'] }));
  const options: StreamOptions = { tokens: 'openai', allow: ['cut'], stallAfter: '2s' };
  const run = await load(arrivals('5/s').for('1s'), async ({ request, state }) => {
    const stream: RequestStream = request.stream('/chat', { ...options, data: {} });
    for await (const event of stream) { const { data, id }: StreamEvent = event; void data.length; void id?.length; }
    const { tokens, endedBy }: StreamEnd = await stream.end();
    // @ts-expect-error no such ending
    if (endedBy === 'late') void tokens;
    const heard: SocketMessage = await state.roundTrip('a', { matches: ({ data }) => data === 'a' });
    void heard.binary?.byteLength;
  }, { user: person, traceparent: '1%', traceUrl: 'http://127.0.0.1/{traceId}' });
  expect(run).toMeet({ firstEvent: { p95: '< 1s' }, tokensPerStream: { min: '>= 1' }, serverTiming: { db: { p95: '< 1s' } }, abnormalCloses: '0' });
  // @ts-expect-error a misspelt metric of streams
  expect(run).toMeet({ firstEvents: { p95: '< 1s' } });
  expect(ux).toMeet({ lcp: { p75: '< 2.5s' }, added: { actions: { add: '< 1s' } } });
  // @ts-expect-error a misspelt vital
  expect(ux).toMeet({ lpc: { p75: '< 2.5s' } });
});
`;

const playwrights = ['playwright-floor', 'playwright-middle', '@playwright/test'] as const;
const typescripts = ['typescript-floor', 'typescript'] as const;
/** `node10` is of TypeScript 5 alone. */
const settings = [
  { resolution: 'node16', module: 'node16', type: 'module' },
  { resolution: 'node16', module: 'node16', type: 'commonjs' },
  { resolution: 'nodenext', module: 'nodenext', type: 'module' },
  { resolution: 'nodenext', module: 'nodenext', type: 'commonjs' },
  { resolution: 'bundler', module: 'esnext', type: 'module' },
  { resolution: 'node10', module: 'commonjs', type: 'commonjs' },
] as const;

for (const playwright of playwrights)
  for (const typescript of typescripts)
    test(`${playwright} and ${typescript} find nothing wrong in the declarations`, async () => {
      const place = await mkdtemp(join(folder, 'projects-'));
      await installPacked(place, { tarball, playwright, besides: ['@types/node'] });
      const compiler =
        typescript === 'typescript' ? join(root, 'node_modules/typescript') : await otherVersion(typescript);
      const found: string[] = [];
      for (const setting of settings) {
        if (setting.resolution === 'node10' && typescript === 'typescript') continue;
        if (setting.resolution !== 'nodenext' && playwright === 'playwright-middle') continue; // both ends tell of it
        found.push(...(await compiled(await mkdtemp(join(place, 'project-')), compiler, setting)));
      }
      expect(found).toEqual([]);
    });

/** What a compiler finds wrong. */
async function compiled(
  project: string,
  compiler: string,
  { resolution, module, type }: (typeof settings)[number],
): Promise<string[]> {
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'user', type }));
  await writeFile(join(project, 'typed.spec.ts'), typed);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom'],
    module,
    moduleResolution: resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: ['../node_modules/@types'],
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const { stdout } = await run(process.execPath, [join(compiler, 'lib/tsc.js'), '-p', '.'], { cwd: project }).catch(
    (failure: unknown) => failure as { stdout: string },
  );
  return ours(stdout).map((line) => `${resolution}, ${type}: ${line}`);
}

/** Errors of the spec and of our declarations; TypeScript 6 finds some in those of an older Playwright. */
function ours(said: string): string[] {
  return said
    .split('\n')
    .filter((line) => /error TS/.test(line) && (!line.includes('node_modules/') || line.includes('playload/')));
}
