/** README.md shows a spec that is there, a result of it, and commands that work as they are copied. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { blocksOf } from '../testing/doc-blocks.ts';
import { test } from '../testing/plain-test.ts';

const fileOf = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the first spec of the README is specs/readme.spec.ts, and its output is of that', () => {
  const readme = fileOf('README.md');
  const [, spec = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(spec).toBe(fileOf('specs/readme.spec.ts'));
  const [, title = ''] = /test\('(.*?)'/.exec(spec) ?? [];
  expect(readme).toMatch(new RegExp(`\n✓ specs/readme\\.spec\\.ts › ${title} +\\[readme\\]\n`));
});

/** All that stands as code in a page: blocks, and within lines. */
function codeOf(page: string): readonly string[] {
  const inLines = [...fileOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocksOf(page).flatMap(({ text }) => text.split('\n')), ...inLines];
}

test('each project that the README names is one, and no command needs its backslashes taken out', () => {
  const commands = codeOf('README.md').filter((code) => /\b(?:npx|npm) /.test(code));
  const named = commands.flatMap((code) => [...code.matchAll(/--project=(\S+)/g)].map(([, name = '']) => name));
  expect(named).toEqual(expect.arrayContaining(['load', 'benchmark', 'stress', 'resources', 'soak']));
  const isThere = (name: string) =>
    name === 'examples' || existsSync(new URL(`../specs/${name}.spec.ts`, import.meta.url));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
  expect(commands.filter((code) => code.includes('\\'))).toEqual([]);
});

test('each npm script that the README names is there', () => {
  const { scripts } = JSON.parse(fileOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const named = codeOf('README.md').flatMap((code) =>
    [...code.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
  );
  expect(named).toContain('bench');
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('the changelog speaks of the version that package.json has, and of what is not released', () => {
  const { version } = JSON.parse(fileOf('package.json')) as { readonly version: string };
  const changelog = fileOf('CHANGELOG.md');
  expect(changelog).toContain('\n## [Unreleased]\n');
  expect(changelog).toContain(version);
});

/** Of headings outside of code: 1 for a page's title. */
function levelsOf(page: string): readonly number[] {
  const text = fileOf(page).replace(/^(`{3,})[^]*?^\1$/gm, '');
  return [...text.matchAll(/^(#+) /gm)].map(([, marks = '']) => marks.length);
}

const documents = readdirSync(new URL('../docs', import.meta.url)).filter((name) => name.endsWith('.md'));
for (const page of ['README.md', 'CHANGELOG.md', ...documents.map((name) => `docs/${name}`)])
  test(`${page} has one title, and no heading skips a level`, () => {
    const levels = levelsOf(page);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
  });
