/**
 * The configuration of a nested Playwright, which it reads itself, and each of its workers too. It also sees to it that
 * nothing of them is left when the first core is gone.
 */
import { rmSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { derivedConfig } from './derived-config.ts';
import { coreVariable, nestedSettings, type NestedSettings, workerVariable } from './nested-settings.ts';
import { usersConfig } from './users-config.ts';

const settings = nestedSettings(process.env);
if (settings === undefined) throw new Error('this configuration is for the further cores of a load alone');

const { configFile } = settings;
const parallelIndex = process.env['TEST_PARALLEL_INDEX'];
if (parallelIndex === undefined) dieWithParent(settings);
else {
  process.env[coreVariable] = String(settings.firstCore + Number(parallelIndex));
  process.env[workerVariable] = String(process.pid);
}

const reporter = new URL(`./nested-reporter${extname(import.meta.url)}`, import.meta.url);

export default derivedConfig(
  await (configFile === undefined ? {} : usersConfig(configFile)),
  settings,
  fileURLToPath(reporter),
);

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
