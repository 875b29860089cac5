/** Files that documents link to and that are no pages, such as examples and manifests: shown as they are, one a page. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileRoute } from './links.ts';

export interface FilePage {
  /** In the repository; Markdown has links, which are of its place. */
  readonly file: string;
  readonly route: string;
  readonly text: string;
}

/** Larger ones are data: their page says only how large they are. */
const mostBytes = 100_000;
const left = [
  'node_modules',
  'test-results',
  'playwright-report',
  'load-results',
  'package-lock.json',
  'pnpm-lock.yaml',
];
const languages: Readonly<Record<string, string>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.html': 'html',
  '.css': 'css',
  '.proto': 'proto',
  '.graphql': 'graphql',
};

/** Pages of files and, for folders, of all that lies in them. */
export function filePages(root: string, paths: readonly string[]): FilePage[] {
  const pages = new Map<string, FilePage>();
  const add = (given: string): void => {
    const path = given.replace(/\/README\.md$/, '');
    if (pages.has(path)) return;
    if (!statSync(join(root, path)).isDirectory()) {
      pages.set(path, ofFile(root, path));
      return;
    }
    const names = readdirSync(join(root, path))
      .filter((name) => !left.includes(name))
      .sort();
    pages.set(path, ofFolder(root, path, names));
    for (const name of names) if (name !== 'README.md') add(`${path}/${name}`);
  };
  paths.forEach(add);
  return [...pages.values()];
}

const head = (title: string) => `---\ntitle: ${JSON.stringify(title)}\nsearch: false\n---\n\n`;

function ofFile(root: string, path: string): FilePage {
  const bytes = readFileSync(join(root, path));
  const route = fileRoute(root, path);
  if (extname(path) === '.md') return { file: path, route, text: head(path) + bytes.toString('utf8') };
  const isShown = bytes.length <= mostBytes && !bytes.includes(0);
  const language = basename(path) === 'Dockerfile' ? 'docker' : (languages[extname(path)] ?? 'txt');
  const fence = '`'.repeat(8);
  const body = isShown
    ? `${fence}${language}\n${bytes.toString('utf8').replace(/\n*$/, '')}\n${fence}`
    : `${Math.ceil(bytes.length / 1_000)} kB, which lie in the repository and in the package.`;
  return { file: path, route, text: `${head(path)}# \`${path}\`\n\n${body}\n` };
}

/** Its README, if it has one, and what lies in it. */
function ofFolder(root: string, path: string, names: readonly string[]): FilePage {
  const readme = names.includes('README.md') ? readFileSync(join(root, path, 'README.md'), 'utf8') : `# \`${path}/\`\n`;
  const list = names.filter((name) => name !== 'README.md').map((name) => `- [\`${name}\`](./${name})`);
  return {
    file: `${path}/README.md`,
    route: fileRoute(root, path),
    text: `${head(path)}${readme}\n## Files\n\n${list.join('\n')}\n`,
  };
}
