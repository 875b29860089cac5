/** docs/load-options.md names every option of `load`, with its type, its default and where it may stand. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { users } from '../profile/users.ts';
import { defaultLoadOptions, defaultUse } from './load-options.ts';
import { resolveOptions } from './resolve-options.ts';

const docs = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const spaced = (text: string): string => text.replace(/\s+/g, ' ').replace('; }', ' }');

/** Option → type, off the report of the public surface, which is held to the declarations. */
const [, declared = ''] = /export interface LoadOptions<.*?\{\n(.*?)\n\}/s.exec(docs('api/playload.api.md')) ?? [];
const types = new Map(
  [...declared.matchAll(/^ {4}readonly (\w+)\?: (.*?);(?=\n {4}readonly|$(?![\s\S]))/gms)].map(
    ([, name = '', type = '']) => [name, spaced(type)] as const,
  ),
);

const rows = docs('load-options.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line.split(/(?<!\\)\|/).map((cell) =>
      cell
        .trim()
        .replace(/^`(.*)`$/, '$1')
        .replaceAll('\\|', '|'),
    ),
  );

const bare = (text: string): string => text.replace(/[\s'"_]/g, '');
const defaults: Readonly<Record<string, unknown>> = { ...defaultLoadOptions, ...defaultUse };

function isRefusedInUse(option: string): boolean {
  try {
    resolveOptions({}, users(1).for('1s'), { [option]: defaults[option] });
    return false;
  } catch (error) {
    return String(error).includes(`\`${option}\` is for \`load\`, not for \`loadOptions\` in \`use\``);
  }
}

test('the page has each option once, with its type', () => {
  expect(types.size).toBeGreaterThan(20);
  expect(rows.map(([, name, type]) => [name, type]).sort()).toEqual([...types].sort());
});

for (const [, name = '', , byDefault = '', where = ''] of rows) {
  test(`the page has the default of ${name}, and where it may stand`, () => {
    expect(bare(byDefault)).toBe(Object.hasOwn(defaults, name) ? bare(JSON.stringify(defaults[name])) : '–');
    expect(where).toBe(isRefusedInUse(name) ? 'load' : 'load`, `use');
  });
}
