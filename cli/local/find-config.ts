/** The configuration that Playwright would take. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';

const names = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'].map((extension) => `playwright.config.${extension}`);

/** Its absolute path. `given` is a file or a folder, relative to `cwd`. Throws `UsageError` where there is none. */
export function findConfig(cwd: string, given = '.'): string {
  const path = resolve(cwd, given);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return path;
  const found = names
    .map((name) => join(path, name))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) throw new UsageError(`no configuration of Playwright was found at ${path}`);
  return found;
}
