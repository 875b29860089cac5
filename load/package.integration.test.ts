/**
 * The package as users get it: packed, laid into a project of its own beside Playwright, and used from both kinds of
 * modules.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { installPacked, packInto } from '../testing/packed-package.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const spec = `
test('a packed load test runs', async ({ load }) => {
  const run = await load(iterations(20, { users: 4 }), ({ request }) => request.get('/'));
  expect(run).toMeet({ successRate: '100%', requests: '20' });
  expect(judgeStep(run.step(20), { ...defaultObjective, p95: '10s' }).kind).not.toBe('broken');
  expect(formatMs(run.serviceMs?.max ?? 0)).toMatch(/ms$/);
});
`;

const shared = `test('a packed load test is shared', async ({ load }) => {
  const run = await load(iterations(20, { users: 4 }), ({ request }) => request.get('/'), { whenSaturated: 'warn' });
  expect(run).toMeet({ successRate: '100%', requests: '20' });
});`;

let folder: string;
let server: Server;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-package-'));
  server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  await installPacked(folder, { tarball: await packInto(folder) });
});

test.afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const kinds = [
  {
    kind: 'ECMAScript',
    type: 'module',
    name: 'esm.spec.ts',
    head: `import { expect, iterations, test } from 'playload';
import { defaultObjective, formatMs, judgeStep } from 'playload/analysis';`,
  },
  {
    kind: 'CommonJS',
    type: 'commonjs',
    name: 'cjs.spec.cts',
    head: `const { expect, iterations, test } = require('playload');
const { defaultObjective, formatMs, judgeStep } = require('playload/analysis');`,
  },
];

for (const { kind, type, name, head } of kinds) {
  test(`a project of ${kind} modules runs a load test and gets its summary`, async () => {
    const project = join(folder, kind);
    await mkdir(project, { recursive: true });
    await symlink(join(folder, 'node_modules'), join(project, 'node_modules'));
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'user', type }));
    await writeFile(join(project, name), `${head}\n${spec}`);
    const { port } = server.address() as AddressInfo;
    const config = { use: { baseURL: `http://127.0.0.1:${port}` }, reporter: [['list'], ['playload/reporter']] };
    await writeFile(
      join(project, 'playwright.config.cjs'),
      `module.exports = ${JSON.stringify({ ...config, testMatch: '*.spec.*' })};`,
    );
    const cli = join(folder, 'node_modules/@playwright/test/cli.js');
    const env = { ...process.env, FORCE_COLOR: '0', CI: '' };
    const { stdout } = await run(process.execPath, [cli, 'test', '-c', 'playwright.config.cjs'], {
      cwd: project,
      env,
    }).catch(
      (failure: unknown) => failure as { stdout: string }, // what it printed says more than its exit code
    );
    expect(stdout).toContain('1 passed');
    expect(stdout).toContain('20 requests · 100 % ok');
    expect(stdout).toContain('report.html');
  });
}

const localConfigs = [
  { name: 'playwright.config.ts', type: 'module', say: 'export default' },
  { name: 'playwright.config.ts', type: 'commonjs', say: 'export default' },
  { name: 'playwright.config.cjs', type: 'commonjs', say: 'module.exports =' },
];
for (const { name, type, say } of localConfigs) {
  test(`\`playload local\` runs two shards with a ${name} in a ${type} project`, async () => {
    const project = join(folder, `local-${type}-${name}`);
    await mkdir(project, { recursive: true });
    await symlink(join(folder, 'node_modules'), join(project, 'node_modules'));
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'user', type }));
    await writeFile(join(project, 'a.spec.ts'), `import { expect, iterations, test } from 'playload';\n${shared}`);
    const { port } = server.address() as AddressInfo;
    const config = {
      use: { baseURL: `http://127.0.0.1:${port}` },
      reporter: [['list'], ['playload/reporter']],
      projects: [{ name: 'load', metadata: { load: true } }],
    };
    await writeFile(join(project, name), `${say} ${JSON.stringify(config)};\n`);
    const { bin } = JSON.parse(await readFile(join(folder, 'node_modules/playload/package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<'playload', string>>;
    };
    const command = join(folder, 'node_modules/playload', bin.playload);
    const env = { ...process.env, FORCE_COLOR: '0', CI: '' };
    const { stdout, stderr } = await run(process.execPath, [command, 'local', '--shards', '2'], {
      cwd: project,
      env,
    }).catch((failure: unknown) => failure as { stdout: string; stderr: string });
    expect(stdout, stderr).toContain('20 requests · 100 % ok');
    expect(stdout).toContain('shard 2 │   1 passed');
  });
}

const typed = `
import { expect, iterations, type LoadRun, test, users } from 'playload';
import { defaultObjective, findLeak, judgeStep, type Leak } from 'playload/analysis';

test('types', async ({ load }) => {
  const run: LoadRun = await load(users(5).for('1s'), ({ request }) => request.get('/'), { warmUp: '1s' });
  expect(run).toMeet({ p9999: '< 1s' });
  // @ts-expect-error a misspelt metric
  expect(run).toMeet({ p59: '< 1s' });
  // @ts-expect-error what a run is made of
  void run.data;
  // @ts-expect-error a number for a duration
  judgeStep(run.step(5), { ...defaultObjective, p95: 100 });
  const leak: Leak = findLeak({ readings: run.resources[0]?.samples ?? [] });
  if (leak.kind === 'leak') void leak.slopeMbPerMin.toFixed(1);
  void iterations;
});
// @ts-expect-error statistics have an entry of their own
import { findLeak as elsewhere } from 'playload';
`;

test('both entries have their types in a project that compiles strictly', async () => {
  const project = join(folder, 'types');
  await mkdir(project, { recursive: true });
  await symlink(join(folder, 'node_modules'), join(project, 'node_modules'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'user', type: 'module' }));
  await writeFile(join(project, 'typed.spec.ts'), typed);
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', project]).catch(
    (failure: unknown) => failure as { stdout: string },
  );
  expect(stdout).toBe('');
});
