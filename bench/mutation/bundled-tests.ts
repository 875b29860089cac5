/**
 * Unit tests as scripts: each `*.test.ts` with all of ours that it imports, packages left outside. A script can be run as
 * often as need be, each time with modules of its own, and costs no start of a process.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { build, type Metafile, type Plugin } from 'esbuild';
import type fastCheck from 'fast-check';
import { leftOut } from './rooms.ts';

export interface CollectedTest {
  /** `load/measure/counts.test.ts › its title`. */
  readonly id: string;
  readonly body: () => unknown;
}

/** What a test file gets for `@playwright/test`: `test` only collects, `expect` is Playwright's own. */
const collector = 'collected-tests';

type Loader = (require: (name: string) => unknown, module: { exports: object }) => void;

export class BundledTests {
  /** Relative to the root, as all files are. */
  readonly file: string;
  readonly #steps: ReadonlyMap<string, number>;
  readonly #script: Script;

  /** `steps`: from the test to each file that it imports, by however many others. */
  constructor(file: string, steps: ReadonlyMap<string, number>, code: string) {
    this.file = file;
    this.#steps = steps;
    this.#script = new Script(`(require, module) => { const { exports } = module;\n${code}\n}`, { filename: file });
  }

  /** How many imports away a file is; without end if it is not imported. */
  stepsTo(file: string): number {
    return this.#steps.get(file) ?? Infinity;
  }

  /** Runs the file and everything it imports anew. Throws what they throw. */
  load(root: string): CollectedTest[] {
    const tests: CollectedTest[] = [];
    const test = (title: string, body: () => unknown) => void tests.push({ id: `${this.file} › ${title}`, body });
    const fromRoot = createRequire(join(root, this.file));
    const { expect } = fromRoot('@playwright/test') as { readonly expect: unknown };
    const loader = this.#script.runInThisContext() as Loader;
    const provide = (name: string): unknown => {
      if (name === collector) return { expect, test };
      return name === 'fast-check' ? withFewRuns(fromRoot(name) as typeof fastCheck) : defaultOf(fromRoot(name));
    };
    loader(provide, { exports: {} });
    return tests;
  }
}

/** Each property is put to few cases: it is for thousands of mutants, most of which fail at the first. */
const mostRuns = 15;

function withFewRuns(library: typeof fastCheck): typeof fastCheck {
  const assert: typeof fastCheck.assert = (property, parameters = {}) =>
    library.assert(property as never, { ...parameters, numRuns: Math.min(mostRuns, parameters.numRuns ?? mostRuns) });
  return { ...library, assert };
}

/** An ES module that has a default export alone: to a bundle, the default export of what `require` gives is all of it. */
function defaultOf(required: unknown): unknown {
  const names = typeof required === 'object' && required !== null ? Object.keys(required) : [];
  return names.includes('default') && names.every((name) => name === 'default' || name === '__esModule')
    ? (required as { readonly default: unknown }).default
    : required;
}

/** The unit tests below the folders that import, by whatever way, a file of one of the rooms. */
export async function bundleTests(
  root: string,
  { folders, rooms }: { readonly folders: readonly string[]; readonly rooms: readonly string[] },
): Promise<BundledTests[]> {
  const files = await Promise.all(folders.map((folder) => unitTests(root, folder)));
  const bundled = await Promise.all(
    files
      .flat()
      .filter((file) => !Object.hasOwn(leftOut, file))
      .map((file) => bundle(root, file)),
  );
  return bundled
    .filter(({ steps }) => [...steps.keys()].some((input) => rooms.some((room) => input.startsWith(`${room}/`))))
    .map(({ file, steps, code }) => new BundledTests(file, steps, code));
}

async function unitTests(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  return entries
    .filter((name) => /\.test\.ts$/.test(name) && !/\.(integration|system)\.test\.ts$/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

async function bundle(root: string, file: string) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    supported: { 'regexp-sticky-and-unicode-flags': false }, // a mutant may be no regular expression: it must fail alone
    logLevel: 'error',
    plugins: [collecting, knowingTheirPlace],
  });
  return { file, steps: stepsFrom(file, metafile), code: outputFiles[0]?.text ?? '' };
}

function stepsFrom(file: string, { inputs }: Metafile): Map<string, number> {
  const steps = new Map([[file, 0]]);
  for (const [from, step] of steps) {
    for (const { path } of inputs[from]?.imports ?? [])
      if (path in inputs && !steps.has(path)) steps.set(path, step + 1);
  }
  return steps;
}

const collecting: Plugin = {
  name: 'collecting',
  setup(bundling) {
    bundling.onResolve({ filter: /^@playwright\/test$/ }, ({ importer }) =>
      importer.endsWith('.test.ts') ? { path: collector, external: true } : undefined,
    );
  },
};

/** A bundle stands in no folder: what reads files beside itself is told where it stood. */
const knowingTheirPlace: Plugin = {
  name: 'knowing their place',
  setup(bundling) {
    bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return text.includes('import.meta.url')
        ? { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' }
        : undefined;
    });
  },
};
