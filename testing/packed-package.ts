/** The package as users get it: packed, and laid into a folder beside what npm would install with it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const modules = join(root, 'node_modules');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Packs into `folder` and resolves with the path of the tarball. */
export async function packInto(folder: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, maxBuffer: 1e8 });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string }];
  return join(folder, packed.filename);
}

/** Every package that npm would lay at the top for `names`, in the order of their first mention. */
function withDependencies(names: readonly string[], found = new Set<string>()): ReadonlySet<string> {
  for (const name of names) {
    const manifest = join(modules, name, 'package.json');
    if (found.has(name) || !existsSync(manifest)) continue;
    found.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
    withDependencies(Object.keys(dependencies), found);
  }
  return found;
}

export interface PackedPackage {
  /** Of what `packInto` made. */
  readonly tarball: string;
  /** The folder of this repository that stands for `@playwright/test`: that of another version. */
  readonly playwright?: string;
  /** What the project uses besides, as this repository has it installed. */
  readonly besides?: readonly string[];
}

/** Makes `folder/node_modules` as `npm install @playwright/test playload …besides` would. */
export async function installPacked(
  folder: string,
  { tarball, playwright = '@playwright/test', besides = [] }: PackedPackage,
): Promise<void> {
  const target = join(folder, 'node_modules');
  await mkdir(join(target, 'playload'), { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', join(target, 'playload'), '--strip-components=1']);
  const { dependencies = {} } = JSON.parse(readFileSync(join(target, 'playload/package.json'), 'utf8')) as Manifest;
  const isOwnPlaywright = playwright === '@playwright/test';
  const names = withDependencies([
    ...Object.keys(dependencies),
    ...besides,
    ...(isOwnPlaywright ? ['playwright'] : []), // another version has its own beside it
  ]);
  for (const name of names) await link(join(modules, name), join(target, name));
  await link(join(modules, playwright), join(target, '@playwright/test'));
}

async function link(from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  await symlink(from, to);
}
