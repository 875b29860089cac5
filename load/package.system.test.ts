/**
 * The package as users get it: what is in it, where its links lead, and a load in a project of its own with both kinds of
 * modules. What takes whole runs of other versions is in the `package-*.system.test.ts` beside this.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { publint } from 'publint';
import { deadLinks } from '../testing/dead-links.ts';
import { installPacked, packInto } from '../testing/packed-package.ts';

const run = promisify(execFile);

let folder: string;
let packed: string;
let tarball: string;
let files: readonly string[];
let server: Server;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-package-'));
  server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  tarball = await packInto(folder);
  await installPacked(folder, { tarball });
  packed = join(folder, 'node_modules/playload');
  const entries = await readdir(packed, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(packed.length + 1));
});

test.afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const needed = [
  ...['README.md', 'LICENSE', 'THIRD_PARTY_NOTICES', 'package.json'],
  ...['dist/load/index.js', 'dist/load/index.d.ts', 'dist/load/analysis/index.js', 'dist/reporters/load-reporter.js'],
  ...['dist/commonjs/package.json', 'dist/commonjs/load/index.d.ts', 'dist/commonjs/reporters/load-reporter.d.ts'],
  ...['dist/load/measure/summary.schema.json', 'dist/reporters/html/built/page.script', 'dist/cli/main.js'],
  ...['dist/load/session/cores/nested-config.js', 'dist/cli/local/derive.js', 'dist/cli/local/hold-servers.js'],
  ...['docs/design.md', 'docs/compatibility.md', 'docs/images/report.png', 'deploy/kubernetes/load.yaml'],
];
test('the package has what its users need', () => {
  expect(needed.filter((file) => !files.includes(file))).toEqual([]);
});

/** All of it, so that whatever is new has to be thought of. */
const known =
  /^(?:(?:README|CHANGELOG)\.md|LICENSE|THIRD_PARTY_NOTICES|package\.json|dist\/(?:cli|commonjs|load|reporters)\/.*\.(?:d\.ts|js)|dist\/commonjs\/package\.json|dist\/load\/measure\/summary\.schema\.json|dist\/reporters\/html\/built\/page\.(?:script|style)|docs\/.*\.(?:md|png|svg)|examples\/.*|deploy\/.*)$/;
const unwanted =
  /\.test\.|\.system\.|\.map$|\.tgz$|\.pem$|\.key$|\.log\.|(?:^|\/)(?:\.env.*|\.npmrc|\.git.*|\.ci|node_modules|test-results|load-results|playwright-report|server|specs|testing)(?:\/|$)/;
const isOut = (file: string) =>
  !known.test(file) || (unwanted.test(file) && !file.startsWith('deploy/gitlab/.gitlab-ci'));

test('the package has nothing else', () => {
  expect(files.filter(isOut)).toEqual([]);
});

for (const file of [
  ...['load/index.ts', 'server/app.ts', 'specs/load.spec.ts', 'dist/load/index.js.map', 'dist/load/a.test.js'],
  ...['.npmrc', 'docs/.env', 'examples/shop/.env.local', 'examples/shop/node_modules/a/index.js', 'deploy/tls.key'],
]) {
  test(`${file} would be seen as too much`, () => {
    expect(isOut(file)).toBe(true);
  });
}

test('what runs of the examples leave is not packed', async () => {
  const place = join(folder, 'after-runs');
  const left = [
    'examples/node_modules/playload/a.js',
    'examples/graphql/node_modules/a.js',
    'examples/a/load-results/a',
  ];
  for (const file of ['package.json', 'examples/graphql/package.json', ...left]) {
    await mkdir(dirname(join(place, file)), { recursive: true });
    await copyFile(join(import.meta.dirname, '../package.json'), join(place, file));
  }
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: place });
  const [{ files: said = [] } = {}] = JSON.parse(stdout) as readonly { files?: readonly { path: string }[] }[];
  expect(said.map(({ path }) => path).sort()).toEqual(['examples/graphql/package.json', 'package.json']);
});

test('the package is small: under 1.5 MB to load, and 5 MB laid out', async () => {
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(packed, file))).size));
  expect((await stat(tarball)).size).toBeLessThan(1_500_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5_000_000);
});

test('publint finds nothing wrong but that both kinds of modules are given one file', async () => {
  const { messages } = await publint({ pkgDir: packed, level: 'warning', pack: false });
  const own = messages.filter(({ code, path }) => code !== 'EXPORTS_TYPES_INVALID_FORMAT' || !path.includes('require'));
  expect(own.map(({ code, path }) => `${code} at ${path.join('.')}`)).toEqual([]);
});

test('all links in the package lead to what is in it', () => {
  expect(deadLinks(packed)).toEqual([]);
});

test('a link to a file or a heading that is not there is told', async () => {
  const wrong = join(folder, 'wrong');
  await mkdir(wrong);
  const text = [
    '# One `two` of [three](#one-two-of-three)',
    '[gone](gone.md) [outside](../esm.spec.ts) [no heading](other.md#none) [second](other.md#a-1)',
    '`[code](no.md)` [net](https://playwright.dev) ![picture](none.png)',
    '```md\n[code](no.md)\n```',
  ];
  await writeFile(join(wrong, 'README.md'), text.join('\n\n'));
  await writeFile(join(wrong, 'other.md'), '# A\n\n## A\n');
  expect(deadLinks(wrong)).toEqual([
    'README.md: gone.md',
    'README.md: ../esm.spec.ts',
    'README.md: other.md#none',
    'README.md: none.png',
  ]);
});

const spec = `
test('a packed load test runs', async ({ load }) => {
  const run = await load(iterations(20, { users: 4 }), ({ request }) => request.get('/'));
  expect(run).toMeet({ successRate: '100%', requests: '20' });
  expect(judgeStep(run.step(20), { ...defaultObjective, p95: '10s' }).kind).not.toBe('broken');
  expect(formatMs(run.serviceMs?.max ?? 0)).toMatch(/ms$/);
  const [required, imported] = await Promise.all([createRequire(__filename)('playload'), import('playload')]);
  expect(required.test).toBe(imported.test); // one copy, whoever asks
});
`;

const kinds = [
  {
    kind: 'ECMAScript',
    type: 'module',
    name: 'esm.spec.ts',
    head: `import { createRequire } from 'node:module';
import { expect, iterations, test } from 'playload';
import { defaultObjective, formatMs, judgeStep } from 'playload/analysis';
const __filename = import.meta.filename;`,
  },
  {
    kind: 'CommonJS',
    type: 'commonjs',
    name: 'cjs.spec.cts',
    head: `const { createRequire } = require('node:module');
const { expect, iterations, test } = require('playload');
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
