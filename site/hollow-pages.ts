/** Pages that were built without what they should say: VitePress tells of an error in one, leaves it empty and goes on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Drawn by a script: it has no text of its own. */
const scripted = ['404.html', 'report.html'];

/** By their place in the folder; each page has a heading that can be linked to. */
export function hollowPages(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html') && !scripted.includes(path))
    .filter((path) => !/<h[12]\b[^>]*\bid="/.test(readFileSync(join(folder, path), 'utf8')))
    .sort();
}
