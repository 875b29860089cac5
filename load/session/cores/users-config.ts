/** The user's configuration, read once more within a Playwright that was given another one. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PlaywrightTestConfig } from '@playwright/test';

/** In the way in which Playwright reads it. Rejects with what the configuration throws. */
export async function usersConfig(file: string): Promise<PlaywrightTestConfig> {
  const read: unknown = isModule(file) ? await import(pathToFileURL(file).href) : createRequire(file)(file);
  const exported = typeof read === 'object' && read !== null && 'default' in read ? read.default : read;
  return (await exported) as PlaywrightTestConfig;
}

function isModule(file: string): boolean {
  const extension = extname(file);
  if (extension === '.mjs' || extension === '.mts') return true;
  if (extension === '.cjs' || extension === '.cts') return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const text = textOf(resolve(folder, 'package.json'));
    if (text !== undefined) return (JSON.parse(text) as { type?: string }).type === 'module';
    if (folder === dirname(folder)) return false;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // none in this folder
  }
}
