/** For tests of commands: a Playwright project of somebody else, in which this package is installed as it lies here. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

/** Makes the folder, with `tmp/` for the command, and files by their paths; `package.json` is there unless it is given. */
export async function writeForeignProject(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const own = join(folder, 'node_modules/playload');
  await mkdir(join(folder, 'tmp'), { recursive: true });
  await mkdir(own, { recursive: true });
  const exports = {
    '.': './load/index.ts',
    './reporter': './reporters/load-reporter.ts',
    './package.json': './package.json',
  };
  await writeFile(join(own, 'package.json'), JSON.stringify({ name: 'playload', type: 'module', exports }));
  for (const name of ['load', 'reporters', 'node_modules']) await symlink(join(root, name), join(own, name));
  for (const name of ['@playwright', 'playwright', 'playwright-core'])
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  for (const [name, text] of Object.entries({ 'package.json': '{ "name": "shop" }\n', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Commits all that is there, as somebody. */
export async function commitAll(folder: string): Promise<void> {
  await git(folder, 'init', '-q');
  await git(folder, 'add', '-A');
  await git(folder, '-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com', 'commit', '-qm', 'all');
}

/** What it prints. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  return (await run('git', ['-C', folder, ...args])).stdout;
}

export async function textIn(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}
