/** Which pages the site has, and where their links lead. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { filePages } from './file-pages.ts';
import { hollowPages } from './hollow-pages.ts';
import { withSiteLinks } from './links.ts';
import { routeOf, sections } from './pages.ts';
import { stagePages } from './stage.ts';

const root = resolve(import.meta.dirname, '..');
const listed = sections.flatMap(({ pages }) => pages.map(({ file }) => file));

test('each page of docs/ stands in one section, and so do README and CHANGELOG', () => {
  const written = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.endsWith('.api.md'));
  expect(['README.md', 'CHANGELOG.md', ...written].filter((file) => !listed.includes(file))).toEqual([]);
  expect(listed.filter((file, at) => listed.indexOf(file) !== at)).toEqual([]);
});

const routes = [
  { file: 'README.md', route: 'overview.md' },
  { file: 'CHANGELOG.md', route: 'changelog.md' },
  { file: 'docs/once.md', route: 'once.md' },
  { file: 'docs/api/README.md', route: 'api/index.md' },
  { file: 'site/index.md', route: 'index.md' },
  { file: 'examples/README.md', route: undefined },
  { file: 'docs/images/report.png', route: undefined },
];
for (const { file, route } of routes)
  test(`${file} is ${route ?? 'no page'}`, () => {
    expect(routeOf(file)).toBe(route);
  });

/** A repository with these files. */
function repository(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const small = {
  'README.md': '# P\n',
  'docs/a.md': '# A\n',
  'docs/images/x.png': '',
  'examples/shop/logo.svg': '<svg/>\n',
  'deploy/k8s/load.yaml': 'a: 1\n',
  'deploy/k8s/README.md': '# K8s\n\n[up](../../docs/a.md)\n',
  'examples/shop/.hidden/Dockerfile': 'FROM x\n',
  'examples/shop/big.json': `"${'x'.repeat(200_000)}"`,
  'examples/shop/node_modules/p/index.js': '',
};

const links = [
  { text: '[a](a.md#x)', linked: '[a](/a.md#x)' },
  { text: '[r](../README.md)', linked: '[r](/overview.md)' },
  {
    text: '[y](../deploy/k8s/load.yaml)',
    linked: '[y](/files/deploy/k8s/load.yaml.md)',
    files: ['deploy/k8s/load.yaml'],
  },
  { text: '[k](../deploy/k8s/)', linked: '[k](/files/deploy/k8s/index.md)', files: ['deploy/k8s'] },
  { text: '[k](../deploy/k8s/README.md)', linked: '[k](/files/deploy/k8s/index.md)', files: ['deploy/k8s/README.md'] },
  { text: '![x](images/x.png)', linked: '![x](/images/x.png)' },
  {
    text: '[x](../examples/shop/logo.svg)',
    linked: '[x](/files/examples/shop/logo.svg.md)',
    files: ['examples/shop/logo.svg'],
  },
  { text: '[`code`](a.md), `[no](a.md)`, [b](a.md)', linked: '[`code`](/a.md), `[no](a.md)`, [b](/a.md)' },
  { text: '```md\n[no](a.md)\n```\n[b](a.md)', linked: '```md\n[no](a.md)\n```\n[b](/a.md)' },
  { text: '[w](https://example.com/a.md) [h](#a)', linked: '[w](https://example.com/a.md) [h](#a)' },
  { text: '[g](gone.md)', linked: '[g](gone.md)', problem: 'docs/b.md links to gone.md, and there is no docs/gone.md' },
  { text: '[o](../../etc)', linked: '[o](../../etc)', problem: 'docs/b.md links to ../../etc, and there is no ../etc' },
];
for (const { text, linked, files = [], problem } of links)
  test(`${JSON.stringify(text)} becomes ${JSON.stringify(linked)}`, () => {
    const folder = repository(small);
    try {
      const problems = problem === undefined ? [] : [problem];
      expect(withSiteLinks(folder, 'docs/b.md', text)).toEqual({ text: linked, files, problems });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

test('a folder is a page with its README, and each file in it is one; packages and large files are not shown', () => {
  const folder = repository(small);
  try {
    const pages = filePages(folder, ['deploy/k8s', 'examples/shop']);
    expect(pages.map(({ route }) => route)).toEqual([
      'files/deploy/k8s/index.md',
      'files/deploy/k8s/load.yaml.md',
      'files/examples/shop/index.md',
      'files/examples/shop/dot-hidden/index.md',
      'files/examples/shop/dot-hidden/Dockerfile.md',
      'files/examples/shop/big.json.md',
      'files/examples/shop/logo.svg.md',
    ]);
    expect(pages[0]?.text).toContain('# K8s');
    expect(pages[1]?.text).toContain('yaml\na: 1\n');
    expect(pages[4]?.text).toContain('docker\nFROM x\n');
    expect(pages[5]?.text).toContain('201 kB');
    expect(pages[5]?.text).not.toContain('xxx');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a link to nothing stops the build, and all of them are told', () => {
  const folder = repository({
    ...small,
    'site/index.md': '',
    'site/example-report.md': '',
    'docs/reports.md': '[one](one.md) [two](../two.md)\n',
    ...Object.fromEntries(
      ['playload', 'playload-analysis', 'playload-reporter'].map((name) => [`docs/api/${name}.api.md`, '']),
    ),
  });
  try {
    expect(() => stagePages({ root: folder, folder: join(folder, 'pages') })).toThrow(
      'docs/reports.md links to one.md, and there is no docs/one.md\ndocs/reports.md links to ../two.md, and there is no two.md',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the home page shows the first spec of README.md, and what it printed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  try {
    stagePages({ root, folder });
    const home = readFileSync(join(folder, 'index.md'), 'utf8');
    expect(home).toMatch(/```ts\n[^]*?await load\([^]*?```\n\n```\w*\n[^]*?✓/);
    expect(home).not.toContain('<!--');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a page that was built without a heading is told, save those that a script draws', () => {
  const folder = repository({
    'a.html': '<main><h1 id="a" tabindex="-1">A</h1></main>',
    'api/b.html': '<main><div><h2 class="x" id="b">B</h2></div></main>',
    'api/gone.html': '<main></main>',
    'c.js': '',
    '404.html': '<div id="app"></div>',
    'report.html': '',
  });
  try {
    expect(hollowPages(folder)).toEqual(['api/gone.html']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
