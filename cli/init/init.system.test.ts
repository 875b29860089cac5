/** The command as a process, in projects of somebody else: what it leaves to their authors; and whole runs of Playwright after it. */
import { chmod, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { commitAll, git, textIn, writeForeignProject } from '../../testing/foreign-project.ts';
import { cleanEnvironment } from '../../testing/child-suite.ts';
import { runCommand } from '../../testing/local-project.ts';
import { installPacked, packInto } from '../../testing/packed-package.ts';

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

test('a CommonJS project without git, with line ends of Windows: a spec with `require`, and the names of what is new', async () => {
  const config = "const { devices } = require('@playwright/test');\nmodule.exports = {\n  timeout: 5000,\n};\n";
  await writeForeignProject(folder, { 'playwright.config.js': config.replaceAll('\n', '\r\n') });
  const { code, said } = await runCommand(folder, ['init']);
  expect(code, said).toBe(0);
  expect(said).toContain('there is no git here to undo it: new is first.load.spec.js; changed is playwright.config.js');
  const after = await textIn(folder, 'playwright.config.js');
  expect(after).toContain('  timeout: 5000,\r\n  reporter: [');
  expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  const spec = await textIn(folder, 'first.load.spec.js');
  expect(spec).toContain("const { arrivals, expect, test } = require('playload');\r\n");
});

test('what cannot be edited surely is left, with its lines; the rest follows once they are there', async () => {
  await writeForeignProject(folder, {
    'playwright.config.ts': `const made = (config: object) => config;\nexport default made({ reporter: 'list' });\n`,
  });
  const { code, said } = await runCommand(folder, ['init']);
  expect(code).toBe(1);
  expect(said).toContain("    reporter: [['list'], ['playload/reporter'], ['html']],\n");
  expect(said).toContain(
    "    { name: 'load', testMatch: '**/*.load.spec.*', workers: 1, retries: 0, metadata: { load: true } },\n",
  );
  expect(said).toContain('next: once the lines above are in place, npx playload init adds the rest');
  expect(await textIn(folder, 'playwright.config.ts')).toContain("made({ reporter: 'list' })");

  await writeFile(
    join(folder, 'playwright.config.ts'),
    `const made = (config: object) => config;\nexport default made({ reporter: [['playload/reporter']], projects: [{ name: 'load', metadata: { load: true } }] });\n`,
  );
  const again = await runCommand(folder, ['init']);
  expect(again.code, again.said).toBe(0);
  expect(await textIn(folder, 'first.load.spec.ts')).toContain('createServer');
});

test('a file whose changes are not committed is left alone, unless that is forced', async () => {
  await writeForeignProject(folder, { 'playwright.config.ts': typescript, '.gitignore': `${ignored}load-results\n` });
  await commitAll(folder);
  const mine = `${typescript}// mine\n`;
  await writeFile(join(folder, 'playwright.config.ts'), mine);
  const refused = await runCommand(folder, ['init']);
  expect(refused.code).toBe(2);
  expect(refused.said).toContain('playwright.config.ts has changes that are not committed');
  expect(refused.said).toContain('commit them, or say `--force`');
  expect(await textIn(folder, 'playwright.config.ts')).toBe(mine);
  expect(await git(folder, 'status', '--porcelain')).toBe(' M playwright.config.ts\n');
  const forced = await runCommand(folder, ['init', '--force']);
  expect(forced.code, forced.said).toBe(0);
  expect(await textIn(folder, 'playwright.config.ts')).toContain('playload/reporter');
});

test('a configuration that is a link stays one, and one that may only be read is not written to', async () => {
  await writeForeignProject(folder, { 'shared/playwright.config.ts': typescript });
  await mkdir(join(folder, 'shared/node_modules'), { recursive: true });
  await symlink('shared/playwright.config.ts', join(folder, 'playwright.config.ts'));
  await chmod(join(folder, 'shared/playwright.config.ts'), 0o444);
  const refused = await runCommand(folder, ['init']);
  expect(refused.said).toContain('shared/playwright.config.ts may only be read: make it writable. Nothing was changed');
  expect(refused.code).toBe(2);
  await chmod(join(folder, 'shared/playwright.config.ts'), 0o644);
  const { code, said } = await runCommand(folder, ['init']);
  expect(code, said).toBe(0);
  expect((await lstat(join(folder, 'playwright.config.ts'))).isSymbolicLink()).toBe(true);
  expect(await textIn(folder, 'shared/playwright.config.ts')).toContain('playload/reporter');
});

const run = promisify(execFile);
const server = `require('node:http').createServer((_, response) => response.end('ok')).listen(Number(process.argv[2]), '127.0.0.1');\n`;
/** Below those that the kernel gives to whoever asks for any, as all other tests do. */
const address = 'http://127.0.0.1:28417';
const plain = (head: string) => `${head}\ntest('adds', () => { expect(1 + 1).toBe(2); });\n`;

const projects = [
  {
    what: 'an ECMAScript project in TypeScript, without an address',
    files: {
      'package.json': '{ "type": "module" }',
      'playwright.config.ts': `import { defineConfig } from '@playwright/test';\n\nexport default defineConfig({ testDir: './tests' });\n`,
      'tests/a.spec.ts': plain(`import { expect, test } from '@playwright/test';`),
    },
  },
  {
    what: 'a CommonJS project with a server that Playwright starts',
    files: {
      'package.json': '{}',
      'server.cjs': server,
      'playwright.config.cjs': `module.exports = {\n  use: { baseURL: '${address}' },\n  webServer: { command: 'node server.cjs ${new URL(address).port}', url: '${address}' },\n}\n`,
      'a.spec.js': plain(`const { expect, test } = require('@playwright/test');`),
    },
  },
];
test('the packed command makes projects of both kinds ready, and Playwright is green at the first try', async () => {
  const tarball = await packInto(folder);
  for (const { what, files } of projects) {
    const project = join(folder, what.replaceAll(' ', '-'));
    await mkdir(join(project, 'tests'), { recursive: true });
    await installPacked(project, { tarball });
    for (const [name, text] of Object.entries(files)) await writeFile(join(project, name), text);
    const options = { cwd: project, env: cleanEnvironment() };
    const command = join(project, 'node_modules/playload/dist/cli/main.js');
    const said = await run(process.execPath, [command, 'init'], options);
    expect(said.stdout, what).toContain('a first load test');
    const cli = join(project, 'node_modules/@playwright/test/cli.js');
    const { stdout } = await run(process.execPath, [cli, 'test'], options).catch(
      (failure: unknown) => failure as { stdout: string }, // what it printed says more than its exit code
    );
    expect(stdout, what).toContain('2 passed');
    expect(stdout).toContain('100 requests · 100 % ok');
    expect(await textIn(project, 'load-results/summary.json')).toContain('"verdict":');
    const again = await run(process.execPath, [command, 'init'], options);
    expect(again.stdout).toContain('all is there: nothing was changed');
  }
});
