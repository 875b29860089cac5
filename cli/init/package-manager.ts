/** Which package manager a project uses, by its lockfile: commands are printed in its words. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** Adds a package that only development needs. */
  readonly add: string;
  /** Installs what the lockfile says. */
  readonly install: string;
  /** Runs a command of a package: `npx`. */
  readonly exec: string;
}

const managers: readonly (PackageManager & { readonly lockfiles: readonly string[] })[] = [
  {
    name: 'pnpm',
    lockfiles: ['pnpm-lock.yaml'],
    add: 'pnpm add -D',
    install: 'pnpm install --frozen-lockfile',
    exec: 'pnpm exec',
  },
  { name: 'yarn', lockfiles: ['yarn.lock'], add: 'yarn add -D', install: 'yarn install --immutable', exec: 'yarn' },
  {
    name: 'bun',
    lockfiles: ['bun.lock', 'bun.lockb'],
    add: 'bun add -d',
    install: 'bun install --frozen-lockfile',
    exec: 'bunx',
  },
  {
    name: 'npm',
    lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    add: 'npm i -D',
    install: 'npm ci',
    exec: 'npx',
  },
];

/** That of the nearest lockfile at `folder` or above it; npm where there is none. */
export function packageManagerAt(folder: string): PackageManager {
  return nearestLockfile(folder)?.manager ?? npm;
}

/** Where that lockfile is: `folder`, or the top of the workspace that it belongs to. */
export function lockfileFolder(folder: string): string | undefined {
  return nearestLockfile(folder)?.folder;
}

function nearestLockfile(folder: string): { readonly manager: PackageManager; readonly folder: string } | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const manager = managers.find(({ lockfiles }) => lockfiles.some((name) => existsSync(join(at, name))));
    if (manager !== undefined) return { manager, folder: at };
    if (dirname(at) === at) return undefined;
  }
}

const npm: PackageManager = { name: 'npm', add: 'npm i -D', install: 'npm ci', exec: 'npx' };
