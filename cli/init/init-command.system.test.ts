/** The command as a process, in projects of somebody else: what it writes, what git takes back, and what it refuses. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { commitAll, git, textIn, writeForeignProject } from '../../testing/foreign-project.ts';
import { runCommand } from '../../testing/local-project.ts';

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-init-'));
});
test.afterEach(async () => rm(folder, { recursive: true, force: true }));

const ignored = 'node_modules\ntmp\n';
const typescript = `import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './e2e',
  reporter: 'html',
  use: { baseURL: 'http://127.0.0.1:3000' },
  projects: [
    { name: 'chromium' },
  ],
});
`;

test('makes a project ready, shows it as a diff, and does nothing more a second time; git takes it back', async () => {
  const workflow = 'jobs:\n  test:\n    steps:\n      - run: npm test\n';
  await writeForeignProject(folder, {
    'playwright.config.ts': typescript,
    '.gitignore': ignored,
    '.github/workflows/test.yml': workflow,
    'pnpm-lock.yaml': '',
  });
  await commitAll(folder);
  const dry = await runCommand(folder, ['init', '--dry-run']);
  expect(dry.said).toContain('nothing was changed: it was a dry run');
  expect(await git(folder, 'status', '--porcelain')).toBe('');

  const { code, said } = await runCommand(folder, ['init']);
  expect(code, said).toBe(0);
  expect(said).toContain(`-  reporter: 'html',\n+  reporter: [['playload/reporter'], ['html']],\n`);
  expect(said).toContain('next: pnpm exec playwright test --project=load\nnext: pnpm exec playload doctor\n');
  expect((await git(folder, 'status', '--porcelain', '-uall')).split('\n').toSorted()).toEqual([
    '',
    ' M .gitignore',
    ' M playwright.config.ts',
    '?? .github/workflows/load.yml',
    '?? e2e/first.load.spec.ts',
  ]);
  expect(await textIn(folder, 'e2e/first.load.spec.ts')).toContain("({ request }) => request.get('/')");
  expect(await textIn(folder, '.github/workflows/load.yml')).toContain(
    '- run: pnpm exec playwright test --project=load',
  );
  expect(await textIn(folder, '.gitignore')).toBe(`${ignored}load-results/\n`);

  const [, undo = ''] = /undone by: (.*)/.exec(said) ?? [];
  await git(folder, 'add', '-A');
  const again = await runCommand(folder, ['init']);
  expect(again.said).toContain('all is there: nothing was changed');
  expect(again.code).toBe(0);
  await git(folder, 'reset', '-q');
  for (const command of undo.split(' && ')) await git(folder, ...command.split(' ').slice(1));
  expect(await git(folder, 'status', '--porcelain', '-uall')).toBe('');
});

const hostile = [
  {
    what: 'no configuration',
    files: {},
    code: 2,
    says: /no configuration of Playwright was found at .*: `npm init playwright@latest` makes one/,
  },
  {
    what: 'a configuration that throws',
    files: { 'playwright.config.ts': `throw new Error('no TOKEN is set');\n` },
    code: 1,
    says: /Playwright cannot read playwright\.config\.ts, so nothing was changed\. It says:[^]*no TOKEN is set/,
  },
  {
    what: 'a configuration with a syntax error',
    files: { 'playwright.config.ts': `export default { use: { };\n` },
    code: 1,
    says: /Playwright cannot read playwright\.config\.ts, so nothing was changed[^]*SyntaxError/,
  },
  {
    what: 'a package.json with a syntax error',
    files: { 'playwright.config.ts': 'export default {};\n', 'package.json': '{ "name": }' },
    code: 1,
    says: /package\.json/,
  },
  { what: 'a misspelt option', files: {}, args: ['--dry'], code: 2, says: /`--dry` is no option of `playload init`/ },
];
for (const { what, files, code, says, args = [] } of hostile) {
  test(`${what}: nothing is written, and it says why`, async () => {
    await writeForeignProject(folder, files);
    const result = await runCommand(folder, ['init', ...args]);
    expect(result.said).toMatch(says);
    expect(result.said).not.toContain('is not installed');
    expect(result.code, result.said).toBe(code);
    const config = files['playwright.config.ts' as keyof typeof files];
    if (config !== undefined) expect(await textIn(folder, 'playwright.config.ts')).toBe(config);
  });
}

test('a configuration elsewhere, with a `grep`: its commands name it, and its first load test is found', async () => {
  const config = `export default { grep: /@smoke/, use: { baseURL: 'http://127.0.0.1:1/api/v1' } };\n`;
  await writeForeignProject(folder, { 'e2e tests/playwright.config.ts': config });
  const { code, said } = await runCommand(folder, ['init', '-c', 'e2e tests/playwright.config.ts']);
  expect(code, said).toBe(0);
  expect(said).toContain("next: npx playwright test -c 'e2e tests/playwright.config.ts' --project=load\n");
  expect(said).toContain("next: npx playload doctor -c 'e2e tests/playwright.config.ts'\n");
  expect(await textIn(folder, 'e2e tests/first.load.spec.ts')).toContain("request.get('/api/v1')");
  const doctor = await runCommand(folder, ['doctor', '-c', 'e2e tests/playwright.config.ts']);
  expect(doctor.said).toContain('✓ load tests: 1 in `load`\n');
});

test('Ctrl-C while Playwright reads what it would write: nothing is left of it', async () => {
  // What stands beside it is read without an end; it is known by the name of its file.
  const config = `if (!import.meta.url.endsWith('/playwright.config.ts')) await new Promise((done) => setTimeout(done, 50_000));\nexport default {};\n`;
  await writeForeignProject(folder, { 'package.json': '{ "type": "module" }', 'playwright.config.ts': config });
  const { code, said } = await runCommand(folder, ['init'], async (command) => {
    // It stays there for as long as Playwright reads: whoever looks late finds it too.
    const written = async () => (await readdir(folder)).filter((name) => name.startsWith('.playload-init'));
    await expect.poll(written, { timeout: 60_000 }).toHaveLength(1);
    command.kill('SIGINT');
  });
  expect(said).toContain('stopped: nothing was changed');
  expect(code).toBe(130);
  expect((await readdir(folder)).toSorted()).toEqual(['node_modules', 'package.json', 'playwright.config.ts', 'tmp']);
  expect(await textIn(folder, 'playwright.config.ts')).toBe(config);
});

test('a first load test that would not run, of a server that has nothing to give, is said beforehand', async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const config = `export default { testIgnore: /load/, use: { baseURL: '${address}' } };\n`;
  await writeForeignProject(folder, { 'playwright.config.ts': config });
  const { code, said } = await runCommand(folder, ['init']);
  server.close();
  expect(said).toContain(`next: ${address} answers 404, and a load of this very address fails: let load tests ask`);
  expect(said).toContain('left to you: Playwright does not run the first load test (there are none in `load`)');
  expect(code).toBe(1);
});

test('a project that has no playload is told to install it', async () => {
  await writeForeignProject(folder, { 'playwright.config.ts': typescript, 'yarn.lock': '' });
  await rm(join(folder, 'node_modules/playload'), { recursive: true });
  const { code, said } = await runCommand(folder, ['init']);
  expect(said).toContain('playload is not installed in this project: `yarn add -D playload`. Nothing was changed');
  expect(code).toBe(2);
});
