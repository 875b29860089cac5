/** docs/reference.md says of every option of `load` where it may stand and what holds without it, as loads have it. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { users } from '../profile/users.ts';
import { defaultLoadOptions, defaultUse } from './load-options.ts';
import { resolveOptions } from './resolve-options.ts';

const reference = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8');
const [, section = ''] = /^### `LoadOptions`\n([^]*?)^### /m.exec(reference) ?? [];

const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| <a id="LoadOptions.') && !line.includes('<a id="LoadOptions.observe.'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/^(?:<a.*?<\/a>)?`(.*?)\??`$/, '$1')));

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

test('the page has every option that has a default', () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(Object.keys(defaults).filter((option) => !rows.some(([, name]) => name === option))).toEqual([]);
});

for (const [, name = '', , byDefault = '', where = ''] of rows) {
  test(`the page has the default of ${name}, and where it may stand`, () => {
    expect(bare(byDefault)).toBe(Object.hasOwn(defaults, name) ? bare(JSON.stringify(defaults[name])) : '–');
    expect(where).toBe(isRefusedInUse(name) ? 'load' : 'load`, `use');
  });
}
