import { expect } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { test } from '../../testing/plain-test.ts';

/** The inner run is started in another folder than its spec's, and each of the two files has one of its own beside it. */
const spec = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const here = import.meta.dirname;
const there = join(here, 'accounts (of a test) ü');
writeFileSync(join(here, 'names.csv'), 'name;password\\nAda; 1843 \\n');
mkdirSync(there, { recursive: true }); // spec files are loaded more than once
writeFileSync(join(there, 'names.csv'), 'name;password\\nGrace;1906\\n');
writeFileSync(join(there, 'accounts.ts'), 'export const accounts = (feeder) => feeder.csv("./names.csv");');
const { accounts } = await import('./accounts (of a test) ü/accounts.ts');
const asked = feeder.csv('names.csv');
test('paths', () => {
  expect(asked.rows()()).toEqual({ name: 'Ada', password: ' 1843 ' });
  expect(feeder.csv('./names.csv').rows()()).toEqual({ name: 'Ada', password: ' 1843 ' });
  expect(feeder.csv(new URL('names.csv', import.meta.url)).size).toBe(1);
  expect(accounts(feeder).rows()()).toEqual({ name: 'Grace', password: '1906' });
  feeder.csv('../none.csv');
});
`;

test('a path is relative to the file that calls, a spec or a module of its own', async () => {
  const { results } = await runSpec(spec, { baseURL: 'http://127.0.0.1:9' });
  expect(results.map(({ errors }) => errors)).toEqual([
    expect.stringMatching(
      /^OptionsError: feeder file `\/[^`]*\/none\.csv` cannot be used: there is no such file; a relative path begins at the file that calls$/m,
    ),
  ]);
});
