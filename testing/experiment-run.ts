/**
 * For tests: one experiment as its users run it, by Playwright in a process of its own, and what the load reporter then
 * writes and says.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Summary } from '../load/measure/summary.ts';

const root = resolve(import.meta.dirname, '..');
const cli = resolve(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');

export interface ExperimentRun {
  readonly code: number | null;
  readonly said: string;
  readonly summary: Summary | undefined;
}

/** `body` is that of a spec file; `test`, `expect`, `arrivals` and `users` are there. `args` are Playwright's, `more` its environment besides. */
export async function runExperiment(
  body: string,
  baseURL: string,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<ExperimentRun> {
  const folder = await mkdtemp(join(tmpdir(), 'playload-'));
  try {
    await writeSuite(folder, body, baseURL);
    const own = /^(?:TEST_|PLAYWRIGHT_|PW_|LOAD_|SERVER_PID$|BASE_URL$|FORCE_COLOR$|CI$)/;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
    const child = spawn(process.execPath, [cli, 'test', '-c', folder, ...args], {
      cwd: folder,
      env: { ...env, NO_COLOR: '1', ...more },
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(child, 'close');
    const text = await readFile(resolve(folder, 'load-results/summary.json'), 'utf8').catch(() => undefined);
    return {
      code: child.exitCode,
      said: Buffer.concat(chunks).toString(),
      summary: text === undefined ? undefined : (JSON.parse(text) as Summary),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeSuite(folder: string, body: string, baseURL: string): Promise<void> {
  const config = {
    testDir: '.',
    workers: 1,
    use: { baseURL },
    reporter: [['list'], [resolve(root, 'reporters/load-reporter.ts'), { html: false }]],
    projects: [{ name: 'load', metadata: { load: true } }],
  };
  await writeFile(resolve(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(resolve(folder, 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
  const library = JSON.stringify(resolve(root, 'load/index.ts'));
  await writeFile(
    resolve(folder, 'inner.spec.ts'),
    `import { test, expect, arrivals, users } from ${library};\n${body}`,
  );
}
