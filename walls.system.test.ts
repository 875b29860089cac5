/** Each wall is seen to refuse: every import that no row allows is put into a tree of empty files, and must be told. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';
import { rooms, walls } from './walls.mjs';

interface Import {
  readonly from: string;
  readonly to: string;
}

const depcruise = resolve(import.meta.dirname, 'node_modules/.bin/depcruise');
const config = resolve(import.meta.dirname, 'walls.mjs');

const all = [...walls.map(({ room }) => room), 'load/unreachable.ts'];
const holds = (outer: string, inner: string) => outer === inner || inner.startsWith(`${outer}/`);
const isAllowed = (room: string, may: readonly string[], to: string) =>
  [room, ...may].some((known) => holds(known, to));

/** Every room into every other that its row does not name. */
const wrong: Import[] = walls.flatMap(({ room, may }) =>
  all.filter((to) => !isAllowed(room, may, to)).map((to) => ({ from: room, to })),
);
const right: Import[] = walls.flatMap(({ room, may }) => may.map((to) => ({ from: room, to })));

const isFile = (room: string) => /\.(?:ts|json)$/.test(room);

/** Files, so that a folder imports a folder: `load/profile` → `load/profile/importer-3.ts`. */
const importer = (room: string, at: number) => (isFile(room) ? room : `${room}/importer-${at}.ts`);
const imported = (room: string) => (isFile(room) ? room : `${room}/imported.ts`);

/** What the command says of a tree in which each of these imports stands, and nothing else. */
async function violations(imports: readonly (Import & { readonly line?: string })[]): Promise<Set<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'walls-'));
  const texts = new Map<string, string>();
  imports.forEach(({ to }) => texts.set(imported(to), ''));
  for (const path of [...rooms.map((room) => `${room}/imported.ts`), 'walls.mjs', 'dist/load/index.js'])
    texts.set(path, '');
  imports.forEach(({ from, to, line: given }, at) => {
    const file = importer(from, at);
    const line = given ?? `import type {} from '${'../'.repeat(file.split('/').length - 1)}${imported(to)}';`;
    texts.set(file, `${texts.get(file) ?? ''}${line}\n`);
  });
  try {
    for (const [path, text] of texts) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const told = await new Promise<string>((done) => {
      execFile(
        process.execPath,
        [depcruise, '--config', config, '--output-type', 'json', ...rooms],
        { cwd: folder, maxBuffer: 64 * 2 ** 20 },
        (_error, stdout) => {
          done(stdout);
        },
      );
    });
    const { summary } = JSON.parse(told) as {
      summary: { violations: { from: string; to: string; rule: { name: string } }[] };
    };
    return new Set(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test(`each of ${wrong.length} wrong imports is refused by the wall of its room`, async () => {
  const told = await violations(wrong);
  expect(wrong.length).toBeGreaterThan(500);
  const missed = wrong.filter(({ from, to }, at) => !told.has(`${from}: ${importer(from, at)} → ${imported(to)}`));
  expect(missed).toEqual([]);
});

/** By name, so that a row that grows too generous is seen. */
const refused: readonly Import[] = [
  { from: 'load/profile', to: 'load/run' },
  { from: 'load/measure', to: 'load/request' },
  { from: 'load/measure', to: 'load/verdict' },
  { from: 'load/request', to: 'load/run' },
  { from: 'load/request/connections/proxy', to: 'load/request' },
  { from: 'load/verdict', to: 'load/run' },
  { from: 'load/analysis', to: 'load/resources' },
  { from: 'load/analysis/statistics', to: 'load/measure' },
  { from: 'load/run', to: 'load/session' },
  { from: 'load/session', to: 'load/analysis' },
  { from: 'load/session', to: 'reporters/collect' },
  { from: 'load/load-run.ts', to: 'load/session' },
  { from: 'load/resources', to: 'server/store' },
  { from: 'reporters/terminal', to: 'load/run' },
  { from: 'reporters/markdown', to: 'reporters/terminal' },
  { from: 'reporters/html/charts', to: 'reporters/html/page' },
  { from: 'server', to: 'load/measure' },
  { from: 'server/domain', to: 'server/store' },
  { from: 'server/store', to: 'server/jobs' },
  { from: 'server/jobs', to: 'server/routes' },
  { from: 'bench', to: 'server' },
  { from: 'specs', to: 'load/measure' },
  { from: 'specs', to: 'load/analysis' },
  { from: 'specs', to: 'load/run' },
  { from: 'examples', to: 'load/run' },
  { from: 'examples', to: 'server' },
  { from: 'examples/express-shop', to: 'load' },
  { from: 'examples/express-shop', to: 'examples/graphql' },
];

for (const { from, to } of refused)
  test(`${from} may not import ${to}`, () => {
    expect(wrong).toContainEqual({ from, to });
  });

/** Where only tests are, and what was built. */
const noRooms = ['load/request/differential', 'reporters/integration', 'reporters/html/built', 'server/dist'];

test('every folder of the tree has a row, and no file lies loose beside the rooms', () => {
  const folders = [
    'load',
    'load/request',
    'load/measure',
    'load/analysis',
    'reporters',
    'reporters/html',
    'server',
    'examples',
  ].flatMap((parent) =>
    readdirSync(resolve(import.meta.dirname, parent), { withFileTypes: true }).flatMap((each) =>
      each.isDirectory() ? [`${parent}/${each.name}`] : [],
    ),
  );
  const rows = [
    ...walls.map(({ room }) => room),
    ...noRooms,
    'server/testing',
    'server/node_modules',
    'examples/node_modules',
  ];
  expect(folders.filter((folder) => !rows.includes(folder))).toEqual([]);
  const loose = readdirSync(resolve(import.meta.dirname, 'load')).filter((name) => /(?<!\.test)\.ts$/.test(name));
  expect(loose).toEqual([
    'fixtures.ts',
    'index.ts',
    'load-run.ts',
    'omit.ts',
    'open-slo.ts',
    'options-error.ts',
    'own-frames.ts',
    'random.ts',
    'runs-under-test.ts',
    'several-loads.ts',
    'to-meet.ts',
    'unreachable.ts',
  ]);
});

/** Ways round a wall. */
const detours = [
  { from: 'load/verdict', line: "import 'playload';" },
  { from: 'server/domain', line: "export * from 'playload/analysis';" },
  { from: 'specs', line: "import 'playload/reporter';" },
  { from: 'examples', line: "import '../dist/load/index.js';" },
  { from: 'load/verdict', line: "import '../../walls.mjs';" },
  { from: 'load/profile', line: "import '../../dist/load/index.js';" },
  { from: 'load/profile', line: "import { readFile } from 'node:fs/promises'; void readFile;" },
  { from: 'load/profile', line: "const late = import('../run/imported.ts'); void late;" },
  { from: 'load/verdict', line: "type Late = import('../run/imported.ts').Late;" },
  { from: 'load/verdict', line: "export * from '../run/imported.ts';" },
] as const;

test(`none of ${detours.length} detours leads round a wall`, async () => {
  const told = [...(await violations(detours.map(({ from, line }) => ({ from, to: 'load/run', line }))))];
  const missed = detours.filter(({ from }, at) => !told.some((each) => each.includes(`${importer(from, at)} → `)));
  expect(missed).toEqual([]);
});

test('a package that a room may not know is refused', async () => {
  const barred = walls.flatMap(({ room, packages = [] }) => packages.map((name) => ({ from: room, package: name })));
  const told = await violations(
    barred.map(({ from, package: name }) => ({ from, to: from, line: `import '${name}';` })),
  );
  const missed = barred.filter(
    ({ from, package: name }, at) =>
      ![...told].some((each) =>
        each.startsWith(`${from}: packages: ${importer(from, at)} → ${name.replace('node:', '')}`),
      ),
  );
  expect(barred.length).toBeGreaterThan(10);
  expect(missed).toEqual([]);
});

test('imports that a row allows are no violation', async () => {
  const told = await violations(right.filter(({ from, to }) => !isFile(to) && !isFile(from)));
  expect([...told]).toEqual([]);
});

test('a circle, and a test aid in what runs for users, are refused', async () => {
  const told = await violations([
    { from: 'load/load-run.ts', to: 'load/runs-under-test.ts' },
    { from: 'load/runs-under-test.ts', to: 'load/load-run.ts' },
    { from: 'reporters/html', to: 'testing' },
    { from: 'server/store', to: 'server/testing' },
  ]);
  expect([...told]).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^circles: /),
      'test aids: reporters/html/importer-2.ts → testing/imported.ts',
      'test aids: server/store/importer-3.ts → server/testing/imported.ts',
    ]),
  );
});

test('what users import by name, specs and examples may too', async () => {
  const byName = ['specs', 'examples'].flatMap((from) =>
    ["import 'playload';", "import 'playload/analysis';"].map((line) => ({ from, to: 'load/index.ts', line })),
  );
  expect([...(await violations(byName))]).toEqual([]);
});
