/** Configurations of every kind, read again by a nested Playwright: one load from two cores under each. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { countingEach } from '../../../testing/counting-each.ts';
import { runPlaywright } from '../../../testing/child-suite.ts';

test.describe.configure({ mode: 'default' });

const library = resolve(import.meta.dirname, '../../index.ts');
const each = countingEach('configurations');
test.beforeEach(async () => {
  await mkdir(each.folder, { recursive: true });
});

const body = `test('load', async ({ load, locale }) => {
  const run = await load(iterations(10, { users: 2 }), async ({ request, pause }) => {
    await request.get(process.env.TARGET + '/core/' + (process.env.LOAD_CORE ?? 1) + '/' + locale);
    await pause('1200ms'); // so long that a busy machine, which begins them apart, has them together all the same
  }, { cores: 2, whenSaturated: 'warn' });
  expect(run).toMeet({ requests: '10', successRate: '100%' });
});`;
const esm = {
  'package.json': '{ "type": "module" }',
  'a.spec.ts': `import { test, expect, iterations } from ${JSON.stringify(library)};\n${body}`,
};
const cjs = { ...esm, 'package.json': '{ "type": "commonjs" }' };
/** What would tell on the server, or take minutes, if the further cores did it too. */
const once = `globalSetup: './setup.ts', retries: 2, forbidOnly: false, maxFailures: 1, use: { locale: 'de-DE' }`;
const setup = { 'setup.ts': "export default async () => void (await fetch(process.env.TARGET + '/setup'));" };
const server2 =
  "webServer: { command: `node -e \"require('http').createServer((q, s) => s.end()).listen(0, '127.0.0.1', function () { console.log('up ' + this.address().port) })\"`, wait: { stdout: /up (?<own_port>\\d+)/ } }";

const cases: readonly {
  what: string;
  files: Readonly<Record<string, string>>;
  args?: readonly string[];
  locale: string;
}[] = [
  { what: 'no configuration', files: esm, locale: 'en-US' },
  {
    what: 'a TypeScript module',
    files: { ...esm, ...setup, 'playwright.config.ts': `export default { ${once}, ${server2} };` },
    locale: 'de-DE',
  },
  {
    what: 'an ES module',
    files: { ...esm, ...setup, 'playwright.config.mjs': `export default { ${once} };` },
    locale: 'de-DE',
  },
  {
    what: 'CommonJS',
    files: { ...cjs, ...setup, 'playwright.config.js': `module.exports = { ${once}, testDir: __dirname };` },
    locale: 'de-DE',
  },
  {
    what: 'TypeScript in CommonJS',
    files: {
      ...cjs,
      ...setup,
      'playwright.config.ts': `const locale: string = 'fr-FR'; export default { use: { locale } };`,
    },
    locale: 'fr-FR',
  },
  {
    what: 'a list of projects, one of them a dependency',
    files: {
      ...esm,
      'first.setup.ts': `import { test } from '@playwright/test'; test('first', async () => void (await fetch(process.env.TARGET + '/setup')));`,
      'playwright.config.ts': `export default { projects: [
        { name: 'first', testMatch: /setup/ },
        { name: 'other', testMatch: /nothing/ },
        { name: 'load [1]', testDir: '.', dependencies: ['first'], use: { locale: 'it-IT' } },
      ] };`,
    },
    args: ['--project=load [1]'],
    locale: 'it-IT',
  },
];
for (const { what, files, args = [], locale } of cases) {
  test(`under ${what}, two cores send`, async () => {
    for (const [name, text] of Object.entries(files))
      await writeFile(
        resolve(each.folder, name),
        text.replace("'@playwright/test'", JSON.stringify(resolve('node_modules/@playwright/test/index.mjs'))),
      );
    const { code, stdout, stderr } = await runPlaywright(each.folder, {
      args: ['test', '--reporter=line', '--workers=1', ...args],
      env: { TARGET: each.server.url },
    });
    expect(code, stdout + stderr).toBe(0);
    const sent = each.server.paths.filter((path) => path.startsWith('/core'));
    expect(sent.sort()).toEqual([
      ...Array.from({ length: 5 }, () => `/core/1/${locale}`),
      ...Array.from({ length: 5 }, () => `/core/2/${locale}`),
    ]);
    expect(each.server.paths.filter((path) => path === '/setup').length).toBeLessThanOrEqual(1);
    expect((await readdir(each.folder)).filter((name) => name.startsWith('playload'))).toEqual([]);
  });
}
