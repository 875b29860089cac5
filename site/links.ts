/** Links of the repository's Markdown, made to lead to pages of the site. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { routeOf } from './pages.ts';

export interface LinkedPage {
  readonly text: string;
  /** Files and folders that are no pages and that it leads to: each is shown as a page of its own. */
  readonly files: readonly string[];
  /** Links to nothing, in words. */
  readonly problems: readonly string[];
}

/** What `[…](target)` says outside of code. */
const link = /(!?\[[^\]]*\]\()([^)\s]+)(\))/g;

/** The text of a page, with its relative links as the site has them. `file` is where it lies in the repository. */
export function withSiteLinks(root: string, file: string, text: string): LinkedPage {
  const files: string[] = [];
  const problems: string[] = [];
  const target = (given: string): string => {
    if (/^(?:[a-z][a-z\d+.-]*:|#|\/)/i.test(given)) return given;
    const [path = '', hash] = given.split('#');
    const aimed = posix.join(dirname(file), path).replace(/\/$/, '');
    if (aimed.startsWith('..') || !existsSync(join(root, aimed))) {
      problems.push(`${file} links to ${given}, and there is no ${aimed}`);
      return given;
    }
    if (aimed.startsWith('docs/images/')) return `/${aimed.replace(/^docs\//, '')}`;
    const route = routeOf(aimed);
    if (route === undefined) files.push(aimed);
    return `/${route ?? fileRoute(root, aimed)}${hash === undefined ? '' : `#${hash}`}`;
  };
  return {
    text: outsideOfCode(text, (words) =>
      words.replace(link, (_all, before: string, to: string, after: string) => `${before}${target(to)}${after}`),
    ),
    files,
    problems,
  };
}

/** The page of a file that is shown as it is, or of a folder, which begins with its README. */
export function fileRoute(root: string, path: string): string {
  const seen = path.replace(/(?<=^|\/)\./g, 'dot-'); // VitePress sees no hidden files
  if (statSync(join(root, path)).isDirectory()) return `files/${seen}/index.md`;
  return `files/${seen.replace(/(?<=\/)README\.md$/, 'index.md').replace(/(?<!\/index\.md)$/, '.md')}`;
}

/** Fenced blocks and code in a line stay as they are. */
function outsideOfCode(text: string, change: (words: string) => string): string {
  return text
    .split(/(^(`{3,})[^]*?^\2$)/gm)
    .map((block, at) => (at % 3 === 0 ? inLines(block, change) : at % 3 === 1 ? block : ''))
    .join('');
}

/** A link's own text may be code, so code goes only where it holds a bracket that would look like a link. */
function inLines(block: string, change: (words: string) => string): string {
  const kept: string[] = [];
  const masked = block.replace(/`(?:[^`\n]|\n(?!\n))+`/g, (code) =>
    code.includes('](') ? `\u0000${kept.push(code) - 1}\u0000` : code,
  );
  return change(masked).replace(/\u0000(\d+)\u0000/g, (_all, at: string) => kept[Number(at)] ?? '');
}
