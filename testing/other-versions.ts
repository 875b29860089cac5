/** Older versions that the package is tested with: of `testing/versions`, so that their commands stay apart from ours. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { oneAtATime } from './one-at-a-time.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const versions = join(root, 'testing/versions');

/** The oldest version that the package takes, and one between it and the newest. */
export type OtherVersion = 'playwright-floor' | 'playwright-middle' | 'typescript-floor';

/** Folder of that package, installed as `testing/versions/package-lock.json` says. */
export async function otherVersion(name: OtherVersion): Promise<string> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  await oneAtATime(join(cache, 'other-versions.lock'), async () => {
    if (!isInstalled()) await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: versions });
  });
  return join(versions, 'node_modules', name);
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/** npm leaves a lock of its own that says what is there. */
function isInstalled(): boolean {
  const left = join(versions, 'node_modules/.package-lock.json');
  if (!existsSync(left)) return false;
  const { packages: there } = JSON.parse(readFileSync(left, 'utf8')) as Lock;
  const { packages: asked } = JSON.parse(readFileSync(join(versions, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(asked).every(
    ([path, { version, optional = false }]) => path === '' || optional || there[path]?.version === version,
  );
}
