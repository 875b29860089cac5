/** What the docs show compiles: each block of TypeScript as a file of its own, with this repository's settings. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { asFile, blocksOf, type DocBlock } from '../testing/doc-blocks.ts';

const root = dirname(import.meta.dirname);
const pages = [
  'README.md',
  ...['getting-started', 'recipes', 'migrating', 'load-models', 'reports'].map((name) => `docs/${name}.md`),
];

/** Their blocks may be parts of a file, and name what the reader has; the reference has signatures. */
const ofParts = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md') && name !== 'reference.md')
  .map((name) => `docs/${name}`)
  .filter((page) => !pages.includes(page));

/** Names that the reader has, parameters whose type would come from them, and an `export` among lines of a test. */
const ofReader = new Set([1184, 2304, 2552, 7031]);

/** What the compiler says of each block, as `docs/recipes.md:12: …`. The files exist only in memory. */
function complaints(blocks: readonly DocBlock[]): readonly string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options: own } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const options = { ...own, noUnusedLocals: false, noUnusedParameters: false };
  const files = new Map(blocks.map((block, at) => [join(root, 'load', `doc-block-${at}.ts`), block]));
  const host = ts.createCompilerHost(options);
  const onDisk = ts.createCompilerHost(options);
  host.readFile = (path) => {
    const block = files.get(path);
    return block === undefined ? onDisk.readFile(path) : asFile(block);
  };
  host.fileExists = (path) => files.has(path) || onDisk.fileExists(path);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([path, { page, line }]) => {
    const source = program.getSourceFile(path);
    const syntactic = program.getSyntacticDiagnostics(source);
    const isPart = ofParts.includes(page);
    if (isPart && syntactic.length > 0) return [];
    return [...syntactic, ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => !isPart || !ofReader.has(code))
      .map(({ messageText }) => `${page}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

const wrong: readonly DocBlock[] = [
  { page: 'docs/made-up.md', text: `expect(run).toMeet({ p59: '< 1s' });\n` },
  { page: 'docs/made-up.md', text: `import { users2 } from 'playload';\nvoid users2;\n` },
  { page: 'docs/once.md', text: `await load(users(2).for('1s'), scenario, { warmup: '2s' });\n` },
].map(({ page, text }, at) => ({ page, line: at + 1, language: 'ts', text }));

test('every block of TypeScript in the docs compiles, and one that does not is told by page and line', () => {
  const blocks = [...pages, ...ofParts].flatMap((page) => blocksOf(page)).filter(({ language }) => language === 'ts');
  expect(blocks.length).toBeGreaterThan(40);
  expect(complaints([...blocks, ...wrong])).toEqual([
    expect.stringMatching(/^docs\/made-up\.md:1: .*'p59' does not exist/s),
    expect.stringMatching(/^docs\/made-up\.md:2: .*users2/s),
    expect.stringMatching(/^docs\/once\.md:3: .*'warmup' does not exist/s),
  ]);
});
