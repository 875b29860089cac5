/** What the projects of this folder ask npm for is what this repository tries them with. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const here = import.meta.dirname;
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
const own = read(resolve(here, '../package.json'));
const tried: Readonly<Record<string, string>> = {
  ...own.devDependencies,
  '@playwright/test': `^${own.devDependencies?.['@playwright/test']}`,
  playload: `^${own.version}`,
};

const projects = readdirSync(here, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'node_modules',
);

for (const { name } of projects) {
  test(`${name} asks for the versions that are tried here`, () => {
    const { dependencies, devDependencies } = read(join(here, name, 'package.json'));
    const asked = { ...dependencies, ...devDependencies };
    expect(asked).toEqual(Object.fromEntries(Object.keys(asked).map((each) => [each, tried[each]])));
  });
}
