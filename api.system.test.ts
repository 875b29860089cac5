/**
 * The public surface: docs/api and docs/reference.md say what is exported, and each public declaration has a docstring.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { referencePage, slug } from './site/reference/page.ts';
import { surfaceOf } from './site/reference/surface.ts';
import { undocumented } from './site/reference/undocumented.ts';

const root = import.meta.dirname;

const silent = `
/** Told. */
export interface Told {
  /** Told. */
  readonly told: number;
  readonly silent: number;
  readonly inner: { readonly deep: number };
}
export type Either = { kind: 'one'; reason: string } | { kind: 'two' };
/** Told. */
export class Thing {
  /** @internal */
  readonly hidden = 1;
  readonly #own = 2;
  get value(): number {
    return this.#own;
  }
}
export const silent = 1;
interface Local {
  /** Told. */
  readonly local: string;
}
/** Tells of 1 < 2. */
export function told(one: Told | number, { two = 2 }: { readonly two?: number } = {}): Local {
  return { local: String(one) + String(two) };
}
`;

const shown = `## All

All of [\`Told\`](#Told).

<a id="Told"></a>

### \`Told\`

Told.

|  | type |  |
| --- | --- | --- |
| <a id="Told.told"></a>\`told\` | \`number\` | Told. |
| <a id="Told.silent"></a>\`silent\` | \`number\` |  |
| <a id="Told.inner"></a>\`inner\` | \`object\` |  |
| <a id="Told.inner.deep"></a>\`inner.deep\` | \`number\` |  |

<a id="told"></a>

### \`told\`

\`\`\`ts
told(one: Told | number, options?: { two?: number }): Local
\`\`\`

Tells of 1 &lt; 2.

<a id="Either"></a>

### \`Either\`

\`\`\`ts
type Either = { kind: 'one'; reason: string } | { kind: 'two' };
\`\`\`

<a id="Thing"></a>

### \`Thing\`

Told.

|  | type |  |
| --- | --- | --- |
| <a id="Thing.value"></a>\`value\` | \`number\` |  |

<a id="silent"></a>

### \`silent\`
`;

/** What the function makes of the surface of these lines. */
async function withSurface(text: string, use: (surface: ReturnType<typeof surfaceOf>) => Promise<void>): Promise<void> {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/silent-')); // beside the packages that its types come from
  try {
    writeFileSync(join(folder, 'silent.ts'), text);
    await use(surfaceOf(root, [join(folder, 'silent.ts').slice(root.length + 1)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a declaration without a docstring is told by its name', async () => {
  await withSurface(silent, async (surface) => {
    expect(undocumented(surface)).toEqual([
      'Told.silent',
      'Told.inner',
      'Told.inner.deep',
      'Either',
      'Either.reason',
      'Thing.value',
      'silent',
    ]);
  });
});

test('a name in no group is told, and so is one in a group that nobody exports', async () => {
  await withSurface(silent, async (surface) => {
    const { problems } = await referencePage(surface, []);
    expect(problems).toContain(
      '`Told` stands in no group of site/reference/groups.ts: put it where a reader looks for it',
    );
    expect(problems).toContain('site/reference/groups.ts names `LoadOptions`, which is not public: take it out');
  });
});

test('a name has its signature, its members with type and default, links, and words that are no HTML', async () => {
  await withSurface(silent, async (surface) => {
    const all = [{ title: 'All', words: 'All of `Told`.', names: ['Told', 'told', 'Either', 'Thing', 'silent'] }];
    const { text, problems } = await referencePage(surface, [], all);
    expect(problems).toEqual([]);
    expect(text.slice(text.indexOf('## All'))).toBe(shown);
  });
});

/** docs/ with a word of one report and one of the reference changed, held against the surface: one extraction for all. */
test('reports and reference are the public surface, and what is not is told with what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  const cache = join(root, '.cache/api-report');
  try {
    cpSync(join(root, 'docs/api'), join(folder, 'api'), { recursive: true });
    const report = join(folder, 'api/playload-analysis.api.md');
    writeFileSync(report, readFileSync(report, 'utf8').replace('export function formatMs', 'export function formatMS'));
    const reference = readFileSync(join(root, 'docs/reference.md'), 'utf8');
    writeFileSync(join(folder, 'reference.md'), reference.replace('`formatMs`', '`formatMS`'));
    const { stderr, status } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(root, 'api-report.mjs'), '--check', '--folder', folder],
      { encoding: 'utf8', cwd: root },
    );
    expect({ stderr, status }).toEqual({
      stderr: [
        'docs/api/playload-analysis.api.md is not the public surface of load/analysis/index.ts any more: run `npm run api`, look at the diff, and commit it\n',
        'docs/reference.md is not what the docstrings say any more: run `npm run api`, look at the diff, and commit it\n',
      ].join(''),
      status: 1,
    });
    const reports = readdirSync(join(root, 'docs/api')).filter((name) => name.endsWith('.api.md'));
    expect(reports).toHaveLength(3);
    for (const name of reports)
      expect(readFileSync(join(cache, 'reports', name), 'utf8')).toBe(
        readFileSync(join(root, 'docs/api', name), 'utf8'),
      );
    expect(readFileSync(join(cache, 'reference.md'), 'utf8')).toBe(reference);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('each name of the reference has one anchor, and each of its links leads to one or to a page', () => {
  const reference = readFileSync(join(root, 'docs/reference.md'), 'utf8');
  const anchors = [...reference.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
  expect(anchors.length).toBeGreaterThan(500);
  expect(anchors.filter((id, at) => anchors.indexOf(id) !== at)).toEqual([]);
  const headings = [...reference.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => slug(title));
  const dead = [...reference.matchAll(/\]\(#([^)]+)\)/g)]
    .map(([, id = '']) => id)
    .filter((id) => !anchors.includes(id) && !headings.includes(id));
  expect([...new Set(dead)]).toEqual([]);
});
