/** The configuration that Playwright would take. */
import { statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../usage-error.ts';

const names = ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'].map((extension) => `playwright.config.${extension}`);

/** What a command in `cwd` needs so that Playwright takes this configuration, `--config` or nothing; for a shell. */
export function configWords(cwd: string, config: string): string {
  if (foundIn(cwd) === config) return '';
  const name = relative(cwd, config).split(sep).join('/');
  return ` -c ${/^[\w./@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`}`;
}

/** Its absolute path. `given` is a file or a folder, relative to `cwd`. Throws `UsageError` where there is none. */
export function findConfig(cwd: string, given = '.'): string {
  const path = resolve(cwd, given);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return path;
  const found = foundIn(path);
  if (found === undefined) throw new UsageError(`no configuration of Playwright was found at ${path}`);
  return found;
}

function foundIn(folder: string): string | undefined {
  return names.map((name) => join(folder, name)).find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
