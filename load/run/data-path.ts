/** Where a file of test data lies: a relative path begins at the file that names it, wherever the run was started. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionsError } from '../options-error.ts';
import { show } from '../measure/units.ts';

/** Without `caller` a relative path begins at the working directory. Throws an `OptionsError` for what is no path. */
export function dataPath(path: string | URL, caller: string | undefined): string {
  if (!(path instanceof URL) && (typeof path !== 'string' || path.trim() === ''))
    throw new OptionsError([`\`feeder\` needs the path of a file, got ${show(path)}`]);
  if (!(path instanceof URL) && !isUrl(path)) return resolve(caller === undefined ? '' : dirname(caller), path);
  try {
    return fileURLToPath(path);
  } catch {
    throw new OptionsError([`\`feeder\` reads files, which have a path or a \`file:\` URL, got ${show(String(path))}`]);
  }
}

/** For a file that is not there. Who counts on the working directory is told that it is another folder. */
export function missingWords(path: string | URL): string {
  if (path instanceof URL || isUrl(path) || isAbsolute(path)) return 'there is no such file';
  const atWork = resolve(path);
  const rule = 'there is no such file; a relative path begins at the file that calls';
  return existsSync(atWork) ? `${rule}, and \`${atWork}\` is elsewhere` : rule;
}

/** Two letters at least: one is a drive. */
function isUrl(path: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(path) || /^file:/i.test(path);
}
