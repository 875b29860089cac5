/**
 * Runs a program of the agent (`node server/run.mjs main`): bundled once into plain JavaScript, so that neither a
 * TypeScript loader nor the bundler stays in the agent's memory.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, stop } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [program = 'main'] = process.argv.splice(2, 1);

const { outputFiles } = await build({
  entryPoints: [join(here, `${program}.ts`)],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  write: false,
});
await stop();

// Written beside and renamed: a program that starts at the same moment never reads half of it.
const [{ contents }] = outputFiles;
const file = join(here, 'dist', `${program.replaceAll('/', '-')}.mjs`);
await mkdir(dirname(file), { recursive: true });
await writeFile(`${file}.${process.pid}`, contents);
await rename(`${file}.${process.pid}`, file);
await import(pathToFileURL(file).href);
