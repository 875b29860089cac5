/** Lays all pages of the site into one folder, as VitePress wants them: their links lead to each other there. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filePages } from './file-pages.ts';
import { withSiteLinks } from './links.ts';
import { routeOf, sections } from './pages.ts';

export interface Staging {
  /** The repository. */
  readonly root: string;
  /** Emptied first. */
  readonly folder: string;
}

/** Throws an error that lists every link to nothing. */
export function stagePages({ root, folder }: Staging): void {
  rmSync(folder, { recursive: true, force: true });
  const problems: string[] = [];
  const files: string[] = [];
  const lay = (file: string, route: string, text: string): string[] => {
    const page = withSiteLinks(root, file, text);
    problems.push(...page.problems);
    mkdirSync(dirname(join(folder, route)), { recursive: true });
    writeFileSync(join(folder, route), page.text.replace(/^```promql$/gm, '```txt')); // the highlighter knows no PromQL
    return [...page.files];
  };
  for (const file of ['site/index.md', ...writtenPages(root), ...reportsOfApi]) {
    const route = routeOf(file) ?? file;
    files.push(...lay(file, route, pageText(root, file)));
  }
  for (const { file, route, text } of filePages(root, files)) lay(file, route, text);
  cpSync(join(root, 'docs/images'), join(folder, 'images'), { recursive: true });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Pages of the sidebar that are there. */
export function writtenPages(root: string): string[] {
  return sections.flatMap(({ pages }) => pages.map(({ file }) => file)).filter((file) => existsSync(join(root, file)));
}

/** One click from their README, and in no search: the reference says the same to people. */
export const reportsOfApi = ['playload', 'playload-analysis', 'playload-reporter'].map(
  (name) => `docs/api/${name}.api.md`,
);

function pageText(root: string, file: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  if (reportsOfApi.includes(file)) return `---\nsearch: false\noutline: false\n---\n\n${text}`;
  return file === 'site/index.md' ? text.replace('<!-- the first spec of README.md -->', firstSpec(root)) : text;
}

/** What README.md shows first: a spec, and what it printed. */
function firstSpec(root: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = readme.match(/^```[^]*?^```$/gm) ?? [];
  const spec = blocks.findIndex((block) => block.startsWith('```ts'));
  const printed = blocks.slice(spec + 1).find((block) => block.includes('✓'));
  return [blocks[spec], printed].filter((block) => block !== undefined).join('\n\n');
}
