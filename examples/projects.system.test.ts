/**
 * Each project of this folder as somebody would have it who copied it: apart from this repository, with the packages that
 * it names and the packed `playload`. It compiles, is green played once and under load, and its load test finds faults
 * that its functional tests let through.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { readSummary, runPlaywright } from '../testing/child-suite.ts';
import { installPacked, packInto } from '../testing/packed-package.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const results = ['node_modules', 'load-results', 'playwright-report', 'test-results'];

interface Example {
  readonly name: string;
  /** Tests that pass: those of its functions, and the load. */
  readonly passed: number;
  /** All rows of its table. */
  readonly rows: readonly string[];
  /** What is changed in its server, and what the load test says of it. */
  readonly faults: readonly {
    readonly title: string;
    readonly file: string;
    readonly good: string;
    readonly bad: string;
    readonly says: RegExp;
  }[];
}

const examples: readonly Example[] = [
  {
    name: 'express-shop',
    passed: 3,
    rows: ['GET /basket', 'GET /orders/:id', 'GET /products', 'GET /products/:slug', 'POST /basket', 'POST /checkout'],
    faults: [
      {
        title: 'sessions that begin in the same second share a basket',
        file: 'src/session.ts',
        good: 'known ?? randomUUID()',
        bad: 'known ?? String(Math.floor(Date.now() / 1_000))',
        says: /✗ the basket holds what its user put in/,
      },
      {
        title: 'another product is shown than was chosen',
        file: 'src/app.ts',
        good: 'else response.json(product);',
        bad: 'else response.json(catalogue[0]);',
        says: /✗ the page is that of the chosen product/,
      },
    ],
  },
  {
    name: 'fastify-auth',
    passed: 4,
    rows: ['DELETE /notes/:id', 'GET /notes', 'GET /notes/:id', 'POST /notes', 'POST /refresh'],
    faults: [
      {
        title: 'a refresh token that came of a refresh is not known',
        file: 'src/app.ts',
        good: '    return name === undefined ?',
        bad: "    if (name !== undefined) return { ...tokensFor(name), refresh: 'lost' };\n    return name === undefined ?",
        says: /HTTP 401 .*refresh token is spent.* on POST \/refresh/,
      },
      {
        title: 'a kept access token outlives itself',
        file: 'src/app.ts',
        good: 'access: app.jwt.sign({ name }),',
        bad: 'access: ((globalThis as { kept?: Record<string, string> }).kept ??= {})[name] ??= app.jwt.sign({ name }),',
        says: /HTTP 401 .* on GET \/notes,/,
      },
    ],
  },
  {
    name: 'graphql',
    passed: 3,
    rows: ['POST /graphql mutation Review', 'POST /graphql query ProductPage', 'POST /graphql query Shelf'],
    faults: [
      {
        title: 'a product without reviews has no average',
        file: 'src/schema.ts',
        good: '  if (reviews.length === 0) return null;\n',
        bad: '',
        says: /Float cannot represent non numeric value: NaN/,
      },
    ],
  },
  {
    name: 'server-rendered',
    passed: 3,
    rows: ['GET /_assets/*', 'GET /_data/products/:slug', 'GET /products/:slug'],
    faults: [
      {
        title: 'one connection to the prices is too few',
        file: 'src/prices.ts',
        good: 'const connections = 8;',
        bad: 'const connections = 1;',
        says: /✗ GET \/products\/:slug +p95/,
      },
    ],
  },
];

/** The project's own configuration, on a machine that may be busy with other tests. */
const unhurried = `
import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

export default defineConfig(config, { use: { loadOptions: { whenSaturated: 'warn' } } });
`;

let folder: string;
let tarball: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-examples-'));
  tarball = await packInto(folder);
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** A copy of the example with the packages that it names, where nothing else is. */
async function copyOf(name: string): Promise<string> {
  const project = await mkdtemp(join(folder, `${name}-`));
  await cp(join(here, name), project, { recursive: true, filter: (path) => !results.includes(basename(path)) });
  await writeFile(join(project, 'unhurried.config.mjs'), unhurried);
  const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as Manifest;
  const named = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const besides = named.filter((other) => other !== 'playload' && other !== '@playwright/test');
  await installPacked(project, { tarball, besides });
  return project;
}

async function underLoad(project: string, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await runPlaywright(project, { args: ['test', '-c', 'unhurried.config.mjs'], env });
  const summary = await readSummary(project).catch((cause: unknown) => {
    throw new Error(`no summary was written; it said:\n${stdout}${stderr}`, { cause });
  });
  return { code, stdout, summary };
}

for (const { name, passed, rows, faults } of examples) {
  test.describe(name, () => {
    test('it compiles strictly, and is green played once', async () => {
      const project = await copyOf(name);
      const compiled = run(process.execPath, [join(project, 'node_modules/typescript/bin/tsc')], { cwd: project });
      const typeErrors = compiled.then(
        () => '',
        (failure: unknown) => (failure as { stdout: string }).stdout,
      );
      const once = await runPlaywright(project, { env: { LOAD_ONCE: '1' } });
      expect(await typeErrors).toBe('');
      expect(once.stdout).toContain(`${passed} passed`);
      expect(once.code).toBe(0);
      const { verdict, runs } = await readSummary(project);
      expect(verdict).toBe('passed');
      expect(runs.map((played) => played.once)).toEqual([true]);
    });

    test('it is green under load, with a row for each kind of request, and a page', async () => {
      const project = await copyOf(name);
      const { code, stdout, summary } = await underLoad(project);
      expect(stdout).toContain(`${passed} passed`);
      expect(code).toBe(0);
      expect(['passed', 'acceptable']).toContain(summary.verdict);
      const [run] = summary.runs;
      expect(run?.endpoints.map((endpoint) => endpoint.name).sort()).toEqual(rows);
      expect(run?.resources.map((resource) => resource.name)).toEqual(['server']);
      const page = await readFile(join(project, 'load-results/report.html'), 'utf8');
      expect(page).toContain(run?.title.at(-1));
    });

    for (const fault of faults) {
      test(`its load test alone finds that ${fault.title}`, async () => {
        const project = await copyOf(name);
        const file = join(project, fault.file);
        const parts = (await readFile(file, 'utf8')).split(fault.good);
        expect(parts).toHaveLength(2);
        await writeFile(file, parts.join(fault.bad));
        const { code, stdout, summary } = await underLoad(project, { LOAD_DURATION: '5s' });
        expect(stdout).toMatch(new RegExp(`1 failed[^]*${passed - 1} passed`));
        expect(code).toBe(1);
        expect(summary.verdict).toBe('failed');
        expect(stdout).toMatch(fault.says);
      });
    }
  });
}
