/**
 * A real Playwright run in a child process, with tests that attach what a load would have attached: for tests of the
 * reporter among Playwright's own.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Summary } from '../load/measure/summary.ts';
import type { AttachedFinding } from './attach-runs.ts';
import type { SampleParts } from './recorded-run.ts';

const here = import.meta.dirname;
const packageFolder = dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json'));
export const cli = resolve(packageFolder, 'cli.js');
/** By its path, since the suite lies where no package is found. */
const playwright = resolve(packageFolder, 'index.mjs');
export const reporterPath = resolve(here, '../reporters/load-reporter.ts');

/** One test of the child: what it attaches, and whether it fails besides. */
export interface ChildTest {
  readonly title: string;
  readonly tag?: string;
  readonly attaches?: readonly (SampleParts | { readonly raw: string })[];
  readonly findings?: readonly AttachedFinding[];
  readonly body?: string;
}

export interface ChildParts {
  /** Any folder that is empty. */
  readonly folder: string;
  readonly tests: readonly ChildTest[];
  /** As they stand in the configuration. */
  readonly reporters: readonly unknown[];
  /** Other fields of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes the configuration and one spec file. */
export async function writeSuite({ folder, tests, reporters, config: more }: ChildParts): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(resolve(folder, 'package.json'), '{ "type": "module" }');
  const config = {
    testDir: folder,
    testMatch: '*.spec.ts',
    outputDir: resolve(folder, 'out'),
    respectGitIgnore: false,
    workers: 1,
    reporter: reporters,
    projects: [{ name: 'load', metadata: { load: true } }],
    ...more,
  };
  await writeFile(resolve(folder, 'playwright.config.ts'), `export default ${JSON.stringify(config)};\n`);
  await writeFile(
    resolve(folder, 'merge.config.ts'),
    `export default ${JSON.stringify({ ...config, projects: [] })};\n`,
  );
  await writeFile(resolve(folder, 'child.spec.ts'), specText(tests));
}

function specText(tests: readonly ChildTest[]): string {
  const importOf = (path: string) => JSON.stringify(pathToFileURL(resolve(here, path)).pathname);
  const head = [
    `import { test, expect } from ${JSON.stringify(pathToFileURL(playwright).pathname)};`,
    `import { attachFindings, attachRuns } from ${importOf('attach-runs.ts')};`,
  ];
  const bodies = tests.map(({ title, tag, attaches = [], findings = [], body = '' }) => {
    const details = JSON.stringify(tag === undefined ? {} : { tag });
    return `test(${JSON.stringify(title)}, ${details}, async () => { attachRuns(test.info(), ${JSON.stringify(attaches)}); attachFindings(test.info(), ${JSON.stringify(findings)}); ${body} });`;
  });
  return [...head, ...bodies, ''].join('\n');
}

export interface ChildRun {
  /** Of the command line. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Ctrl-C comes once the child has said this. */
  readonly interruptAt?: string;
  /** Told all that the child has said, whenever it says more. */
  readonly onSaid?: (stdout: string) => void;
}

/** Runs `playwright test`, or another of its commands, in the suite's folder. */
export async function runPlaywright(
  folder: string,
  { args = ['test'], env = {}, interruptAt, onSaid }: ChildRun = {},
): Promise<ChildResult> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env: { ...cleanEnvironment(), ...env } });
  let [stdout, stderr] = ['', ''];
  let interrupted = false;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    onSaid?.(stdout);
    if (interruptAt === undefined || interrupted || !stdout.includes(interruptAt)) return;
    interrupted = child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((done, failed) => child.on('close', done).on('error', failed));
  return { code, stdout, stderr };
}

/** Neither the test runner around this one nor a CI system shall show through. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(?:PW|PLAYWRIGHT|TEST_|GITHUB_|CI$|CI_|LOAD_|FORCE_COLOR|NO_COLOR|DEBUG_COLORS)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

export async function readSummary(folder: string): Promise<Summary> {
  return JSON.parse(await readFile(resolve(folder, 'load-results/summary.json'), 'utf8')) as Summary;
}
