/** Each way in which configurations are written, and what becomes of it, to the character. */
import { expect, test } from '@playwright/test';
import * as fc from 'fast-check';
import type { SeenConfig, SeenProject } from '../seen-config.ts';
import { editConfig } from './edit-config.ts';

const nothing: SeenConfig = { hasTestIgnore: false, isLoad: false, use: {}, webServers: [] };
const project = (name: string, more: Partial<SeenProject> = {}): SeenProject => ({
  name,
  hasTestIgnore: false,
  isLoad: false,
  use: {},
  ...more,
});
const reporters = (...names: readonly string[]) => names.map((name) => ({ name, isLoadReporter: false }));

const load = `{ name: 'load', testMatch: '**/*.load.spec.*', workers: 1, retries: 0, metadata: { load: true } }`;
const lines = (indent: string) =>
  [
    `${indent}{`,
    `${indent}  name: 'load',`,
    `${indent}  testMatch: '**/*.load.spec.*',`,
    `${indent}  workers: 1,`,
    `${indent}  retries: 0,`,
    `${indent}  metadata: { load: true },`,
    `${indent}},`,
  ].join('\n');
const reporter = `reporter: [[process.env.CI ? 'dot' : 'list'], ['playload/reporter']]`;
const projects = `  projects: [
    { testIgnore: '**/*.load.spec.*' },
${lines('    ')}
  ],`;

interface Case {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly seen?: Partial<SeenConfig>;
  /** Parts that are left to the user. */
  readonly left?: number;
}

/** An object of its own, with what stands before and after it. */
const whole = (head: string, tail: string): Pick<Case, 'before' | 'after'> => ({
  before: `${head}{\n  testDir: './e2e',\n}${tail}\n`,
  after: `${head}{\n  testDir: './e2e',\n  ${reporter},\n${projects}\n}${tail}\n`,
});

const exported: readonly Case[] = [
  { what: 'defineConfig', ...whole(`export default defineConfig(`, ');') },
  { what: 'an object', ...whole('export default ', ';') },
  { what: 'satisfies', ...whole('export default ', ' satisfies PlaywrightTestConfig;') },
  { what: 'as', ...whole('export default ', ' as PlaywrightTestConfig;') },
  { what: 'parentheses', ...whole('export default (', ') satisfies PlaywrightTestConfig;') },
  { what: 'a constant', ...whole('const config: PlaywrightTestConfig = ', ';\nexport default config;') },
  { what: 'an exported constant', ...whole('export const config = ', ';\nexport { config as default };') },
  { what: 'a constant of defineConfig', ...whole('const config = defineConfig(', ');\nexport default config;') },
  { what: 'module.exports', ...whole('module.exports = ', ';') },
  { what: 'module.exports of defineConfig', ...whole('module.exports = defineConfig(', ');') },
  { what: 'a member of Playwright', ...whole('module.exports = pw.defineConfig(', ');') },
  { what: 'exports.default', ...whole('exports.default = ', ';') },
  { what: 'both exports', ...whole('module.exports = exports.default = ', ';') },
  { what: 'export =', ...whole('export = ', ';') },
  { what: 'a base', ...whole('export default defineConfig(base, ', ');') },
  {
    what: 'another name of defineConfig',
    ...whole(`import { defineConfig as define } from '@playwright/test';\nexport default define(`, ');'),
  },
];

const object = (inner: string) => `export default {\n${inner}\n};\n`;
/** Where the projects are there already. */
const onlyReporter = (before: string, after: string): Pick<Case, 'before' | 'after' | 'seen'> => ({
  before: object(before),
  after: object(after),
  seen: { projects: [project('load', { isLoad: true })], reporters: reporters('html') },
});

const reported: readonly Case[] = [
  { what: 'html', ...onlyReporter(`  reporter: 'html',`, `  reporter: [['playload/reporter'], ['html']],`) },
  { what: 'list', ...onlyReporter(`  reporter: 'list',`, `  reporter: [['list'], ['playload/reporter']],`) },
  {
    what: 'double quotes',
    ...onlyReporter(`  reporter: "html",`, `  reporter: [["playload/reporter"], ["html"]],`),
  },
  {
    what: 'list and html',
    ...onlyReporter(
      `  reporter: [['list'], ['html', { open: 'never' }]],`,
      `  reporter: [['list'], ['playload/reporter'], ['html', { open: 'never' }]],`,
    ),
  },
  {
    what: 'an empty list',
    ...onlyReporter(`  reporter: [],`, `  reporter: [['playload/reporter']],`),
  },
  {
    what: 'a list over several lines',
    ...onlyReporter(
      `  reporter: [\n    ['list'], // here\n    // the page\n    ['html']\n  ],`,
      `  reporter: [\n    ['list'], // here\n    ['playload/reporter'],\n    // the page\n    ['html']\n  ],`,
    ),
  },
  {
    what: 'a list with a spread',
    ...onlyReporter(
      `  reporter: [...(CI ? [['github']] : []), ['html']],`,
      `  reporter: [['playload/reporter'], ...(CI ? [['github']] : []), ['html']],`,
    ),
  },
  {
    what: 'one or the other',
    ...onlyReporter(
      `  reporter: process.env.CI ? 'blob' : 'html',`,
      `  reporter: process.env.CI ? [['playload/reporter'], ['blob']] : [['playload/reporter'], ['html']],`,
    ),
  },
  {
    what: 'one or nothing',
    ...onlyReporter(
      `  reporter: process.env.CI ? [['github'], ['blob']] : undefined,`,
      `  reporter: process.env.CI ? [['playload/reporter'], ['github'], ['blob']] : [[process.env.CI ? 'dot' : 'list'], ['playload/reporter']],`,
    ),
  },
  {
    what: 'a function',
    left: 1,
    ...onlyReporter(`  reporter: reportersOf(process.env),`, `  reporter: reportersOf(process.env),`),
  },
  {
    what: 'one or the other, of which one is unknown',
    left: 1,
    ...onlyReporter(`  reporter: CI ? 'blob' : ours,`, `  reporter: CI ? 'blob' : ours,`),
  },
  {
    what: 'something out of sight',
    left: 1,
    ...onlyReporter(`  ...base,`, `  ...base,`),
  },
];

const variables: readonly Case[] = [
  {
    what: 'a list in a constant',
    before: `const reporter = [['html']];\nexport default { reporter };\n`,
    after: `const reporter = [['html']];\nexport default { reporter: [['playload/reporter'], ...reporter] };\n`,
  },
  {
    what: 'a name in a constant',
    before: `const kind = 'html';\nexport default { reporter: kind };\n`,
    after: `const kind = 'html';\nexport default { reporter: [['playload/reporter'], [kind]] };\n`,
  },
  {
    what: 'a variable that changes',
    before: `let kind = 'html';\nexport default { reporter: kind };\n`,
    after: `let kind = 'html';\nexport default { reporter: kind };\n`,
    left: 1,
  },
  {
    what: 'a configuration that is given its reporters later',
    before: `const config = {};\nconfig.reporter = 'html';\nexport default config;\n`,
    after: `const config = {};\nconfig.reporter = 'html';\nexport default config;\n`,
    left: 1,
  },
].map((each) => ({
  ...each,
  seen: { projects: [project('load', { isLoad: true })], reporters: reporters('html') },
}));

/** Where the reporter is there already. */
const withOurs = [{ name: 'playload/reporter', isLoadReporter: true }];
const onlyProjects = (
  before: string,
  after: string,
  seen: Partial<SeenConfig> = {},
): Pick<Case, 'before' | 'after' | 'seen'> => ({
  before: object(before),
  after: object(after),
  seen: { reporters: withOurs, ...seen },
});
const two = { projects: [project('a'), project('b')] };

const projected: readonly Case[] = [
  {
    what: 'two projects',
    ...onlyProjects(
      `  projects: [\n    { name: 'a' },\n    {\n      name: 'b', // the other\n      use: {}\n    },\n    /* { name: 'c' }, */\n  ],`,
      `  projects: [\n    { name: 'a', testIgnore: '**/*.load.spec.*' },\n    {\n      name: 'b', // the other\n      use: {},\n      testIgnore: '**/*.load.spec.*'\n    },\n${lines('    ')}\n    /* { name: 'c' }, */\n  ],`,
      two,
    ),
  },
  {
    what: 'two projects in one line',
    ...onlyProjects(
      `  projects: [{ name: 'a' }, { name: 'b' }],`,
      `  projects: [{ name: 'a', testIgnore: '**/*.load.spec.*' }, { name: 'b', testIgnore: '**/*.load.spec.*' }, ${load}],`,
      two,
    ),
  },
  {
    what: 'projects that ignore something',
    ...onlyProjects(
      `  projects: [{ name: 'a', testIgnore: /slow/ }, { name: 'b', testIgnore: ['x', /y/] }],`,
      `  projects: [{ name: 'a', testIgnore: [/slow/, '**/*.load.spec.*'] }, { name: 'b', testIgnore: ['x', /y/, '**/*.load.spec.*'] }, ${load}],`,
      { projects: [project('a', { hasTestIgnore: true }), project('b', { hasTestIgnore: true })] },
    ),
  },
  {
    what: 'something that all projects ignore',
    ...onlyProjects(
      `  testIgnore: '**/old/**',\n  projects: [{ name: 'a' }],`,
      `  testIgnore: '**/old/**',\n  projects: [{ name: 'a', testIgnore: ['**/old/**', '**/*.load.spec.*'] }, ${load}],`,
      { hasTestIgnore: true, projects: [project('a')] },
    ),
  },
  {
    what: 'something that is ignored, and no project',
    ...onlyProjects(
      `  testIgnore: ['a', 'b'],`,
      `  testIgnore: ['a', 'b'],\n  projects: [\n    { testIgnore: ['a', 'b', '**/*.load.spec.*'] },\n${lines('    ')}\n  ],`,
      { hasTestIgnore: true },
    ),
  },
  {
    what: 'a project that would not run load specs',
    ...onlyProjects(
      `  projects: [{ name: 'setup', testMatch: /setup\\.ts/ }, { name: 'api', testMatch: '**/*.api.ts' }],`,
      `  projects: [{ name: 'setup', testMatch: /setup\\.ts/ }, { name: 'api', testMatch: '**/*.api.ts' }, ${load}],`,
      {
        projects: [
          project('setup', { testMatch: [{ kind: 'expression', source: 'setup\\.ts', flags: '' }] }),
          project('api', { testMatch: [{ kind: 'glob', text: '**/*.api.ts' }] }),
        ],
      },
    ),
  },
  {
    what: 'an empty list',
    ...onlyProjects(`  projects: [],`, `  projects: [\n${lines('    ')}\n  ],`, { projects: [] }),
  },
  {
    what: 'projects of a function',
    ...onlyProjects(
      `  projects: browsers(),`,
      `  projects: [...browsers(), { name: 'load', testMatch: '**/*.load.spec.*', testIgnore: [], workers: 1, retries: 0, metadata: { load: true } }],\n  testIgnore: '**/*.load.spec.*',`,
      two,
    ),
  },
  {
    what: 'projects that are chosen',
    ...onlyProjects(
      `  projects: CI ? all : some,`,
      `  projects: [...(CI ? all : some), { name: 'load', testMatch: '**/*.load.spec.*', testIgnore: [], workers: 1, retries: 0, metadata: { load: true } }],\n  testIgnore: '**/*.load.spec.*',`,
      two,
    ),
  },
  {
    what: 'projects with others spread in',
    ...onlyProjects(
      `  projects: [{ name: 'a' }, ...others],`,
      `  projects: [{ name: 'a' }, ...others, { name: 'load', testMatch: '**/*.load.spec.*', testIgnore: [], workers: 1, retries: 0, metadata: { load: true } }],\n  testIgnore: '**/*.load.spec.*',`,
      two,
    ),
  },
  {
    what: 'projects of a function that ignore something',
    left: 1,
    ...onlyProjects(`  projects: browsers(),`, `  projects: browsers(),`, {
      projects: [project('a', { hasTestIgnore: true })],
    }),
  },
  {
    what: 'projects that each have a folder, and an address of their own',
    ...onlyProjects(
      `  projects: [{ name: 'a', testDir: 'e2e', use: { baseURL: process.env.URL } }],`,
      `  projects: [{ name: 'a', testDir: 'e2e', use: { baseURL: process.env.URL }, testIgnore: '**/*.load.spec.*' }, { name: 'load', testDir: 'e2e', testMatch: '**/*.load.spec.*', workers: 1, retries: 0, metadata: { load: true }, use: { baseURL: process.env.URL } }],`,
      { projects: [project('a', { testDir: 'e2e', use: { baseURL: 'http://x' } })] },
    ),
  },
  {
    what: 'tests of one tag only',
    ...onlyProjects(
      `  projects: [{ name: 'a' }],`,
      `  projects: [{ name: 'a', testIgnore: '**/*.load.spec.*' }, { name: 'load', testMatch: '**/*.load.spec.*', grep: /./, workers: 1, retries: 0, metadata: { load: true } }],`,
      { projects: [project('a')], hasGrep: true },
    ),
  },
  {
    what: 'a project `load` that is something else',
    left: 1,
    ...onlyProjects(`  projects: [{ name: 'load' }],`, `  projects: [{ name: 'load' }],`, {
      projects: [project('load')],
    }),
  },
  {
    what: 'projects that are spread in',
    left: 1,
    ...onlyProjects(`  ...base,`, `  ...base,`, two),
  },
];

const written: readonly Case[] = [
  {
    what: 'nothing in it',
    before: 'export default {};\n',
    after: `export default { ${reporter}, projects: [{ testIgnore: '**/*.load.spec.*' }, ${load}] };\n`,
  },
  {
    what: 'one line',
    before: `export default { testDir: 'a' };\n`,
    after: `export default { testDir: 'a', ${reporter}, projects: [{ testIgnore: '**/*.load.spec.*' }, ${load}] };\n`,
  },
  {
    what: 'a comment alone',
    before: `export default {\n  // to do\n};\n`,
    after: `export default {\n  ${reporter},\n${projects}\n  // to do\n};\n`,
  },
  {
    what: 'tabs, double quotes and no last comma',
    before: `module.exports = {\n\ttestDir: "a",\n\tuse: {\n\t\ttrace: "on"\n\t}\n}\n`,
    after: `module.exports = {\n\ttestDir: "a",\n\tuse: {\n\t\ttrace: "on"\n\t},\n\treporter: [[process.env.CI ? "dot" : "list"], ["playload/reporter"]],\n\tprojects: [\n\t\t{ testIgnore: "**/*.load.spec.*" },\n\t\t{\n\t\t\tname: "load",\n\t\t\ttestMatch: "**/*.load.spec.*",\n\t\t\tworkers: 1,\n\t\t\tretries: 0,\n\t\t\tmetadata: { load: true }\n\t\t}\n\t]\n}\n`,
  },
  {
    what: 'line ends of Windows, and comments at the end',
    before: `export default {\r\n  testDir: 'a', // here, {there}\r\n  /* end */\r\n};\r\n`,
    after:
      `export default {\n  testDir: 'a', // here, {there}\n  ${reporter},\n${projects}\n  /* end */\n};\n`.replaceAll(
        '\n',
        '\r\n',
      ),
  },
  {
    what: 'a comment with a comma before the last bracket',
    before: `export default {\n  testDir: 'a' // one, two\n};\n`,
    after: `export default {\n  testDir: 'a', // one, two\n  ${reporter},\n${projects.replaceAll(/,(?=\n *[}\]])/g, '').slice(0, -1)}\n};\n`,
  },
];

const all = [
  ...exported.map((each) => ({ ...each, what: `exported as ${each.what}` })),
  ...reported.map((each) => ({ ...each, what: `reporter: ${each.what}` })),
  ...variables.map((each) => ({ ...each, what: `reporter: ${each.what}` })),
  ...projected.map((each) => ({ ...each, what: `projects: ${each.what}` })),
  ...written.map((each) => ({ ...each, what: `written with ${each.what}` })),
];
const edit = ({ before, seen }: Pick<Case, 'before' | 'seen'>) =>
  editConfig({ source: before, isTypeScript: true, seen: [{ ...nothing, ...seen }] });

for (const each of all) {
  test(each.what, () => {
    const edited = edit(each);
    expect(edited.text).toBe(each.after);
    expect(edited.left).toHaveLength(each.left ?? 0);
  });
}

test('a configuration that has both stays as it is', () => {
  const done = { reporters: withOurs, projects: [project('load', { isLoad: true })] };
  for (const each of all) {
    expect(edit({ before: each.after, seen: done })).toEqual({ text: each.after, added: [], left: [] });
  }
});

test('what is added is added in between: without it, every byte of the file before is there in its order', () => {
  const inOrder = (part: string, text: string) => {
    let at = 0;
    for (const character of part) {
      at = text.indexOf(character, at) + 1;
      if (at === 0) return false;
    }
    return true;
  };
  const kept = all.filter(({ before }) => !before.includes(': undefined')); // which gives way
  for (const { before, after } of kept) expect(inOrder(before, after), before).toBe(true);
});

const value = fc.constantFrom(`'x'`, '1', '{ a: [1, 2] }', '/a,b/', '`t`', '(1, 2)', 'async () => ({})');
const comment = fc.constantFrom('', ' // a, b', ' /* c, } */');
const property = fc.tuple(fc.constantFrom('timeout', 'use', 'expect', 'tsconfig'), value, comment);

test('whatever stands in the object, it is kept, and what comes of it is read as meant', async () => {
  const { parseExpression } = await import('@babel/parser');
  fc.assert(
    fc.property(
      fc.array(property, { maxLength: 4 }),
      fc.boolean(),
      fc.constantFrom('\n', '\r\n'),
      (properties, hasLastComma, newline) => {
        const rows = properties.map(([name, text, note], at) => {
          const comma = at < properties.length - 1 || hasLastComma ? ',' : '';
          return `  ${name}: ${text}${comma}${note}${newline}`;
        });
        const before = `export default {${newline}${rows.join('')}};${newline}`;
        const { text } = edit({ before, seen: {} });
        for (const row of rows) expect(text).toContain(row.replace(/,? ?(?:\/\/.*|\/\*.*)?\r?\n$/, ''));
        const parsed = parseExpression(text.slice('export default '.length).trim().slice(0, -1));
        const names = parsed.type === 'ObjectExpression' ? parsed.properties.length : 0;
        expect(names).toBe(properties.length + 2);
        expect(text.replaceAll('\r\n', '').includes(newline === '\n' ? '\r' : '\n')).toBe(false);
      },
    ),
  );
});
