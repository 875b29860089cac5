/** Each spec has a project, a new one too: nobody meets `No tests found` for a file that is there. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { specProjects } from './projects.ts';

/** Those that the plan's commands and the docs name. */
const named = [
  ...['load', 'benchmark', 'stress', 'sustained', 'resources', 'journey', 'throughput', 'scalability', 'readme'],
  ...['diagnosis', 'workflows', 'overload', 'durability', 'comparison', 'soak', 'streams'],
];

test('each spec of the repository is a project by its name', () => {
  const found = specProjects(import.meta.dirname);
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.spec.ts'));
  expect(found.map(({ testMatch }) => testMatch)).toEqual(files.sort().map((file) => `**/specs/${file}`));
  expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  expect(found.filter(({ isLong }) => isLong).map(({ name }) => name)).toEqual(['soak']);
  expect(found.filter(({ needsEngine }) => needsEngine)).toHaveLength(4);
});

test('a spec in a folder is told from one of its name above it, and nothing else is a spec', ({}, testInfo) => {
  const folder = testInfo.outputPath('specs');
  mkdirSync(join(folder, 'shop'), { recursive: true });
  for (const file of ['search.spec.ts', 'shop/search.spec.ts', 'plan.ts', 'plan.test.ts'])
    writeFileSync(join(folder, file), '');
  expect(specProjects(folder).map(({ name, testMatch }) => ({ name, testMatch }))).toEqual([
    { name: 'search', testMatch: '**/specs/search.spec.ts' },
    { name: 'shop-search', testMatch: '**/specs/shop/search.spec.ts' },
  ]);
});
