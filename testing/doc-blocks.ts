/** For tests: the code that a page of the docs shows, as files that can be compiled and run. */
import { readFileSync } from 'node:fs';

export interface DocBlock {
  /** `docs/recipes.md`. */
  readonly page: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** As it stands behind the fence; empty for what was printed. */
  readonly language: string;
  readonly text: string;
  /** What its first line calls it: `// tests/login.load.spec.ts`. */
  readonly file?: string;
}

/** All fenced blocks of a page, by its path from the root. Throws where there is no such page. */
export function blocksOf(page: string): readonly DocBlock[] {
  const markdown = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ index, 1: language = '', 2: text = '' }) => {
    const file = /^(?:\/\/|#) (\S+\.[cm]?[a-z]+)\n/.exec(text)?.[1];
    const line = markdown.slice(0, index).split('\n').length;
    return { page, line, language, text, ...(file !== undefined && { file }) };
  });
}

const publicNames = [
  ...[
    'arrivals',
    'batch',
    'batches',
    'between',
    'constantly',
    'exponentially',
    'expect',
    'feeder',
    'iterations',
    'mix',
  ],
  ...['normally', 'openSlo', 'replay', 'rounds', 'slo', 'test', 'users'],
  ...['LoadRun', 'LoadSocket', 'LoadUser', 'Scenario', 'ScenarioContext', 'Use', 'UserContext'].map(
    (type) => `type ${type}`,
  ),
];
const head = `import { ${publicNames.join(', ')} } from 'playload';\n`;

/** A block as a file: around a few lines stand the public names, a test, and what it would have made before them. */
export function asFile({ text }: DocBlock): string {
  if (/^import /m.test(text)) return text;
  if (/^test\(/m.test(text)) return head + text;
  const made = 'declare const run: LoadRun, browse: LoadRun, buy: LoadRun;';
  return `${head}${made}\ntest('lines of the docs', async ({ load }) => {\n${text}});\n`;
}
