/** The command as a process: what it says of projects that are well and broken, and how it ends. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeForeignProject } from '../../testing/foreign-project.ts';
import { runCommand } from '../../testing/local-project.ts';
import type { Finding } from './finding.ts';

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-doctor-'));
});
test.afterEach(async () => rm(folder, { recursive: true, force: true }));

const load = `{ name: 'load', testMatch: '**/*.load.spec.*', workers: 1, retries: 0, metadata: { load: true } }`;
const spec = `import { test } from 'playload';\ntest('a', () => {});\ntest('b', () => {});\n`;

test('a project that is well ends with 0, and says what was found', async () => {
  await writeForeignProject(folder, {
    'playwright.config.ts': `export default { reporter: [['playload/reporter'], ['html']], projects: [${load}] };\n`,
    'a.load.spec.ts': spec,
  });
  const { code, said } = await runCommand(folder, ['doctor']);
  expect(said).toContain('✓ reporter: is listed, before those that show what it adds\n');
  expect(said).toContain('✓ load project: `load` runs one test at a time\n');
  expect(said).toContain('✓ load tests: 2 in `load`\n');
  expect(said).toContain(
    '! server: the configuration has no `baseURL`, so nobody was asked\n    → say `use: { baseURL:',
  );
  expect(said).toMatch(/[✓!] timers: a timer of 1 ms is late by \d+\.\d\d ms, \d+\.\d\d ms at p99\n/);
  expect(code, said).toBe(0);
});

test('a project that is broken ends with 1, and tells programs each thing', async () => {
  await writeForeignProject(folder, {
    'package.json': JSON.stringify({ scripts: { e2e: 'playwright test --reporter=dot' } }),
    'playwright.config.ts': `export default { use: { baseURL: 'http://127.0.0.1:1' }, projects: [{ name: 'load', metadata: { load: true } }] };\n`,
    'a.spec.ts': `import './nowhere';\n`,
  });
  const { code, said } = await runCommand(folder, ['doctor', '--json']);
  expect(code, said).toBe(1);
  const { ok, findings } = JSON.parse(said) as { ok: boolean; findings: readonly Finding[] };
  expect(ok).toBe(false);
  const bad = findings.filter(({ state }) => state === 'bad').map(({ name, says }) => `${name}: ${says}`);
  expect(bad).toHaveLength(4);
  expect(bad[0]).toContain('reporter: `playload/reporter` is not listed');
  expect(bad[1]).toContain('load project: `load` runs its tests on several workers');
  expect(bad[2]).toContain("load tests: a spec cannot be loaded: Error: Cannot find module './nowhere'");
  expect(bad[3]).toContain('server: http://127.0.0.1:1/ does not answer: connect ECONNREFUSED');
  expect(findings).toContainEqual(expect.objectContaining({ state: 'note', name: 'reporter' }));
});

test('a load project that depends on another, and a server that says where it listens, are well', async () => {
  const load = `{ name: 'load', testMatch: '**/*.load.spec.*', workers: 1, metadata: { load: true }, dependencies: ['e2e'] }`;
  await writeForeignProject(folder, {
    'playwright.config.ts': `export default {
      reporter: [['playload/reporter']],
      use: { baseURL: \`http://127.0.0.1:\${process.env.SERVER_PORT}\` },
      webServer: { command: 'node server.js', wait: { stdout: /port=(?<server_port>\\d+)/ } },
      projects: [{ name: 'e2e', testMatch: '**/b.spec.*' }, ${load}],
    };\n`,
    'a.load.spec.ts': spec,
    'b.spec.ts': `import { test } from '@playwright/test';\ntest('c', () => {});\n`,
  });
  const { code, said } = await runCommand(folder, ['doctor']);
  expect(said).toContain('✓ load tests: 2 in `load`\n');
  expect(said).toContain('✓ server: Playwright starts it, and takes its address from what it says then');
  expect(said).not.toContain('beside it');
  expect(code, said).toBe(0);
});

test('a configuration that throws is bad, in its own words, and so is a second Playwright', async () => {
  await writeForeignProject(folder, {
    'playwright.config.ts': `throw new Error('no TOKEN is set');\n`,
    'sub/package.json': '{}',
    'sub/node_modules/@playwright/test/package.json': '{ "name": "@playwright/test", "version": "1.2.3" }',
    'sub/playwright.config.ts': 'export default {};\n',
  });
  const { code, said } = await runCommand(folder, ['doctor']);
  expect(said).toMatch(/✗ configuration: Playwright cannot read it: .*no TOKEN is set/);
  expect(code).toBe(1);
  const sub = await runCommand(folder, ['doctor', '--config', 'sub']);
  expect(sub.said).toContain('✗ Playwright: 1.2.3, and playload takes ');
  expect(sub.said).toContain('✗ playload: there are two copies of @playwright/test: specs import 1.2.3 of ');
  expect(sub.code).toBe(1);
});

test('a folder without a configuration, and a misspelt option, end with 2', async () => {
  await writeForeignProject(folder, {});
  const without = await runCommand(folder, ['doctor']);
  expect(without.said).toContain('playload: no configuration of Playwright was found');
  expect(without.code).toBe(2);
  expect(await runCommand(folder, ['doctor', '--yaml'])).toEqual({
    code: 2,
    said: 'playload: `--yaml` is no option of `playload doctor`\n',
  });
});
