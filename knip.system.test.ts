/** What nothing uses is seen to be found: one of each kind is put into a copy of the sources, and must be told. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';
import { rooms } from './walls.mjs';

const root = import.meta.dirname;
/** Configuration, and scripts of the root. */
const besides = readdirSync(root).filter((name) => /\.(?:[cm]?[jt]s|jsonc?)$/.test(name));
const knip = resolve(root, 'node_modules/knip/bin/knip.js');

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knip-'));
  const built = join(root, 'server/dist'); // comes and goes as agents start elsewhere
  const filter = (path: string) => path !== built;
  for (const name of [...rooms, ...besides])
    await cp(join(root, name), join(folder, name), { recursive: true, filter });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'load/stray.ts'), 'export const stray = 1;\n');
  await appendFile(
    join(folder, 'load/random.ts'),
    'export const unused = 1;\nexport const tested = 1;\nexport type Unused = 1;\n',
  );
  await writeFile(
    join(folder, 'load/random.test.ts'),
    "import { tested } from './random.ts';\nimport 'left-pad';\nvoid tested;\n",
  );
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the command says, as `kind name`. */
async function found(...args: string[]): Promise<string[]> {
  const told = await new Promise<string>((done) => {
    execFile(process.execPath, [knip, '--reporter', 'json', ...args], { cwd: folder }, (_error, stdout) =>
      done(stdout),
    );
  });
  const { issues } = JSON.parse(told) as { issues: Record<string, { name: string }[]>[] };
  return issues.flatMap((kinds) =>
    Object.entries(kinds).flatMap(([kind, all]) =>
      Array.isArray(all) ? all.map(({ name }) => `${kind} ${name}`) : [],
    ),
  );
}

test('a file, an export, a type and a package that nobody named are found', async () => {
  expect((await found()).sort()).toEqual([
    'exports unused',
    'files load/stray.ts',
    'types Unused',
    'unlisted left-pad',
  ]);
});

test('in production mode what only a test uses is found too', async () => {
  expect(await found('--production')).toContain('exports tested');
});
