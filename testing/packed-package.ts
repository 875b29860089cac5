/** The package as users get it: packed, and laid into a folder beside what npm would install with it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { oneAtATime } from './one-at-a-time.ts';
import { type OtherVersion, otherVersion } from './other-versions.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const modules = join(root, 'node_modules');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Where packages lie, each in a folder that is called after what it was made of. */
const packs = join(modules, '.cache/packed-package');

/** Packs into `folder` and resolves with the path of the tarball. Test files that ask for the same package get one. */
export async function packInto(folder: string): Promise<string> {
  mkdirSync(packs, { recursive: true });
  return oneAtATime(join(packs, 'lock'), async () => {
    const packed = await packedOnce();
    const tarball = join(folder, basename(packed));
    copyFileSync(packed, tarball);
    return tarball;
  });
}

async function packedOnce(): Promise<string> {
  const own = join(packs, hashOfSources());
  const tarballIn = (place: string) => readdirSync(place).find((name) => name.endsWith('.tgz'));
  if (!existsSync(own)) {
    for (const old of readdirSync(packs)) if (old !== 'lock') rmSync(join(packs, old), { recursive: true });
    const unfinished = join(packs, 'lock/package');
    mkdirSync(unfinished);
    await run('npm', ['pack', '--pack-destination', unfinished], { cwd: root, maxBuffer: 1e8 });
    renameSync(unfinished, own);
  }
  return join(own, tarballIn(own) ?? '');
}

/** What a package is made of: rooms that are compiled or packed as they are, and files at the top. */
const madeOf = ['cli', 'deploy', 'docs', 'examples', 'load', 'reporters'];

function hashOfSources(): string {
  const hash = createHash('sha256');
  const atTop = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith('.'),
  );
  const files = [...atTop.map(({ name }) => name), ...madeOf.flatMap((room) => filesIn(room))];
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Without what is neither compiled nor packed. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return unpacked.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

const unpacked: ReadonlySet<string> = new Set(['node_modules', 'test-results', 'load-results', 'playwright-report']);

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
  /** The version that stands for `@playwright/test`: our own, or another one of `testing/versions`. */
  readonly playwright?: '@playwright/test' | OtherVersion;
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
  const names = withDependencies([
    ...Object.keys(dependencies),
    ...besides,
    ...(playwright === '@playwright/test' ? ['playwright'] : []), // another version has its own beside it
  ]);
  for (const name of names) await link(join(modules, name), join(target, name));
  const from = playwright === '@playwright/test' ? join(modules, playwright) : await otherVersion(playwright);
  await link(from, join(target, '@playwright/test'));
}

async function link(from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  await symlink(from, to);
}
