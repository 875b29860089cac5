/**
 * The configuration of a nested Playwright, which it reads itself, and each of its workers too. It also sees to it that
 * nothing of them is left when the first core is gone.
 */
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PlaywrightTestConfig } from '@playwright/test';
import { derivedConfig } from './derived-config.ts';
import { coreVariable, nestedSettings, type NestedSettings, workerVariable } from './nested-settings.ts';

const settings = nestedSettings(process.env);
if (settings === undefined) throw new Error('this configuration is for the further cores of a load alone');

const parallelIndex = process.env['TEST_PARALLEL_INDEX'];
if (parallelIndex === undefined) dieWithParent(settings);
else {
  process.env[coreVariable] = String(settings.firstCore + Number(parallelIndex));
  process.env[workerVariable] = String(process.pid);
}

const reporter = new URL(`./nested-reporter${extname(import.meta.url)}`, import.meta.url);

export default derivedConfig(await usersConfig(settings.configFile), settings, fileURLToPath(reporter));

/** In the way in which Playwright reads it. */
async function usersConfig(file: string | undefined): Promise<PlaywrightTestConfig> {
  if (file === undefined) return {};
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

/** The pipe from the first core closes however that ends: then nothing of this run is left, neither process nor file. */
function dieWithParent({ outputDir }: NestedSettings): void {
  process.stdin.on('error', () => undefined); // `close` follows
  process.stdin.on('close', () => {
    rmSync(outputDir, { recursive: true, force: true });
    try {
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      process.kill(process.pid, 'SIGKILL'); // it leads no group: there are none here, or somebody started it by hand
    }
  });
  process.stdin.resume();
  if ('unref' in process.stdin) process.stdin.unref();
}
