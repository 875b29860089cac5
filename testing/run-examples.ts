/**
 * `npm run examples`: packs this package, lays it beside the projects in examples/, and runs all of them, or those that are
 * named: `npm run examples -- graphql`. From then on `npx playwright test -c examples/graphql` runs one by itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cli } from './child-suite.ts';
import { installPacked, packInto } from './packed-package.ts';

const root = resolve(import.meta.dirname, '..');
const examples = join(root, 'examples');

/** Folders that are projects. */
async function projects(): Promise<string[]> {
  const names = await readdir(examples);
  return names.filter((name) => existsSync(join(examples, name, 'playwright.config.ts')));
}

async function layPackage(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'playload-packed-'));
  try {
    await rm(join(examples, 'node_modules'), { recursive: true, force: true });
    await installPacked(examples, { tarball: await packInto(folder) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runProject(name: string): Promise<number> {
  process.stdout.write(`\n── examples/${name}\n`);
  const config = join(examples, name, 'playwright.config.ts');
  const child = spawn(process.execPath, [cli, 'test', '-c', config], { cwd: root, stdio: 'inherit' });
  now.child = child;
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** What runs now, and the exit code that a signal asks for. */
const now: { child?: ChildProcess; stopCode?: number } = {};

/** Ctrl-C reaches Playwright too, which ends its server: we end after it. SIGTERM reaches us alone, and is passed on as what it heeds. */
process.on('SIGINT', () => {
  now.stopCode = 130;
});
process.on('SIGTERM', () => {
  now.stopCode = 143;
  now.child?.kill('SIGINT');
});

const known = await projects();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`examples/ has no project ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exitCode = 1;
} else {
  await layPackage();
  for (const name of asked.length > 0 ? asked : known) {
    if (now.stopCode !== undefined) break;
    const code = await runProject(name);
    if (code !== 0) process.exitCode = code;
  }
  process.exitCode = now.stopCode ?? process.exitCode;
}
