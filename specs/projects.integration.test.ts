/** The configuration of this repository, as Playwright reads it: which tests it lists in which project. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'node_modules/@playwright/test/cli.js');

interface Suite {
  readonly file: string;
  readonly specs: readonly { readonly title: string; readonly tests: readonly { readonly projectName: string }[] }[];
}

/** The projects of each spec file of a folder's configuration. */
async function projectsOf(folder: string, ...args: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const { stdout } = await run(process.execPath, [cli, 'test', '--list', '--reporter=json', ...args], {
    cwd: folder,
    maxBuffer: 1e8,
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: '', PLAYWRIGHT_JSON_OUTPUT_NAME: '' }, // the gate's own report
  });
  const { suites } = JSON.parse(stdout) as { suites: readonly Suite[] };
  const found = new Map<string, string[]>();
  for (const { file, specs } of suites) {
    const names = specs.flatMap(({ tests }) => tests.map(({ projectName }) => projectName));
    found.set(file, [...new Set([...(found.get(file) ?? []), ...names])]);
  }
  return found;
}

test('a new spec is found in exactly one project, by file and by name', async ({}, testInfo) => {
  const folder = testInfo.outputPath('repository');
  mkdirSync(join(folder, 'specs'), { recursive: true });
  for (const file of ['playwright.config.ts', 'tsconfig.json', 'package.json', 'specs/projects.ts'])
    cpSync(join(root, file), join(folder, file));
  mkdirSync(join(folder, 'reporters'));
  writeFileSync(join(folder, 'reporters/load-reporter.ts'), 'export default class {}\n');
  const spec = "import { test } from '@playwright/test';\ntest('it is found', () => {});\n";
  for (const name of ['search', 'load', 'soak']) writeFileSync(join(folder, `specs/${name}.spec.ts`), spec);

  const all = await projectsOf(folder);
  expect(Object.fromEntries(all)).toEqual({ 'specs/search.spec.ts': ['search'], 'specs/load.spec.ts': ['load'] });
  const byFile = await projectsOf(folder, 'specs/search.spec.ts');
  expect(Object.fromEntries(byFile)).toEqual({ 'specs/search.spec.ts': ['search'] });
  const longByFile = await projectsOf(folder, 'specs/soak.spec.ts');
  expect(Object.fromEntries(longByFile)).toEqual({ 'specs/soak.spec.ts': ['soak'] });
  const byName = await projectsOf(folder, '--project=soak');
  expect(Object.fromEntries(byName)).toEqual({ 'specs/soak.spec.ts': ['soak'] });
});
