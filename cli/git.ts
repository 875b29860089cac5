/** What git knows of a folder: without it everything here is absent. */
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run('git', ['-C', folder, ...args])).stdout;
  } catch {
    return undefined; // no git, or no repository here
  }
}

/** The top folder of the repository that this one is in. */
export async function repositoryOf(folder: string): Promise<string | undefined> {
  const top = await git(folder, 'rev-parse', '--show-toplevel');
  return top?.replace(/\r?\n$/, '');
}

/** Whether git would not bring this file back as it is: it was changed since, or git has never had it. */
export async function isUncommitted(file: string): Promise<boolean> {
  const status = await git(dirname(file), 'status', '--porcelain', '--ignored', '--', file);
  return status === undefined || status.trim() !== '';
}

/** `path` need not exist; one of a folder ends with a slash. */
export async function isIgnored(folder: string, path: string): Promise<boolean> {
  return (await git(folder, 'check-ignore', '--no-index', '--', path)) !== undefined;
}
