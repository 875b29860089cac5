/** How VitePress makes the site. It builds offline, and what it makes asks nobody else for anything. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'vitepress';
import { routeOf, sections } from './pages.ts';
import { writtenPages } from './stage.ts';

const root = resolve(process.env['SITE_ROOT'] ?? '.');
const written = new Set(writtenPages(root));

/** `guide.md` → `/guide`. */
const address = (file: string) => `/${routeOf(file) ?? ''}`.replace(/(?:index)?\.md$/, '');

const sidebar = sections.map(({ text, pages }) => ({
  text,
  items: pages
    .filter(({ file }) => written.has(file))
    .map(({ file, text: words }) => ({ text: words, link: address(file) })),
}));

const start = existsSync(join(root, 'docs/getting-started.md')) ? 'docs/getting-started.md' : 'README.md';

export default defineConfig({
  title: 'Playload',
  description:
    'Load testing inside the Playwright test runner: real load, honest latencies, thresholds with a verdict.',
  lang: 'en',
  base: process.env['SITE_BASE'] ?? '/',
  srcDir: '.pages',
  cacheDir: '../.cache/vitepress',
  outDir: process.env['SITE_OUT'] ?? 'dist',
  ignoreDeadLinks: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]], // none, and none is asked for
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    config({ renderer }) {
      // Pages are templates of Vue's, which would take `{{ … }}` in a line for an expression; in blocks VitePress sees to it.
      for (const rule of ['text', 'code_inline'] as const) {
        const rendered = renderer.rules[rule];
        renderer.rules[rule] = (...token) => (rendered?.(...token) ?? '').replaceAll('{{', '&#123;&#123;');
      }
    },
  },
  // What a script draws on the page of addresses that are none, in words for those who have none.
  transformHtml: (html, _, { page, siteData }) =>
    page === '404.md'
      ? html.replace(
          '<div id="app">',
          `<noscript><p>No such page: <a href="${siteData.base}">home</a></p></noscript>$&`,
        )
      : html,
  vite: { build: { chunkSizeWarningLimit: 2_000 }, logLevel: 'warn' },
  themeConfig: {
    nav: [
      { text: 'Start', link: address(start) },
      { text: 'Reference', link: '/reference' },
      { text: 'A report, live', link: '/example-report' },
    ],
    sidebar,
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // A long section that names a word often is what is looked for: the table of options.
        miniSearch: { searchOptions: { bm25: { k: 1.2, b: 0.1, d: 0.5 } } },
        _render(source, env, markdown) {
          const html = markdown.render(source, env);
          const isLeftOut = (env.frontmatter as { search?: boolean } | undefined)?.search === false;
          return isLeftOut ? '' : html;
        },
      },
    },
    ...editLink(),
  },
});

/** Where a page is changed, if package.json says where its sources are. */
function editLink(): object {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository?: string | { url?: string };
  };
  const url = typeof repository === 'string' ? repository : repository?.url;
  const [, where] = /((?:github|gitlab)\.com\/[^/]+\/[^/.]+)/.exec(url ?? '') ?? [];
  if (where === undefined) return {};
  const fileOf = Object.fromEntries([...written].map((file) => [routeOf(file) ?? '', file]));
  const pattern = ({ filePath }: { filePath: string }) => `https://${where}/edit/main/${fileOf[filePath] ?? filePath}`;
  return { editLink: { pattern, text: 'Change this page' } };
}
