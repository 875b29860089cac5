/** Where a file that a spec names lies: a relative path begins at the file that names it, wherever the run was started. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionsError } from '../options-error.ts';
import { show } from '../measure/units.ts';

/**
 * Without `caller` a relative path begins at the working directory. `reader` is what reads it, in the words of an error.
 * Throws an `OptionsError` for what is no path.
 */
export function dataPath(path: string | URL, caller: string | undefined, reader = 'feeder'): string {
  if (!(path instanceof URL) && (typeof path !== 'string' || path.trim() === ''))
    throw new OptionsError([`\`${reader}\` needs the path of a file, got ${show(path)}`]);
  if (!(path instanceof URL) && !isUrl(path)) return resolve(caller === undefined ? '' : dirname(caller), path);
  try {
    return fileURLToPath(path);
  } catch {
    throw new OptionsError([
      `\`${reader}\` reads files, which have a path or a \`file:\` URL, got ${show(String(path))}`,
    ]);
  }
}

/** Why a file could not be read, or what was wrong in it. */
export function whyUnusable(cause: unknown, path: string | URL): string {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return missingWords(path);
  return cause instanceof Error ? cause.message : String(cause);
}

/** For a file that is not there. Who counts on the working directory is told that it is another folder. */
function missingWords(path: string | URL): string {
  if (path instanceof URL || isUrl(path) || isAbsolute(path)) return 'there is no such file';
  const atWork = resolve(path);
  const rule = 'there is no such file; a relative path begins at the file that calls';
  return existsSync(atWork) ? `${rule}, and \`${atWork}\` is elsewhere` : rule;
}

/** Two letters at least: one is a drive. */
function isUrl(path: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(path) || /^file:/i.test(path);
}
