/**
 * The public surface: what is exported is what docs/api says, each name is told of in the README or docs, and each
 * declaration has a docstring.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

const root = import.meta.dirname;
const entries = ['load/index.ts', 'load/analysis/index.ts'];

interface Surface {
  readonly checker: ts.TypeChecker;
  readonly publicNames: readonly { readonly name: string; readonly isValue: boolean; readonly symbol: ts.Symbol }[];
}

/** What the files export, by the names under which they do. */
function surfaceOf(paths: readonly string[]): Surface {
  const configPath = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path)) as { config: unknown };
  const program = ts.createProgram(paths, ts.parseJsonConfigFileContent(config, ts.sys, root).options);
  const checker = program.getTypeChecker();
  const publicNames = paths.flatMap((path) => {
    const file = program.getSourceFile(path);
    const module = file && checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`${path} exports nothing`);
    return checker.getExportsOfModule(module).map((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0 && !isTypeAlone(exported);
      return { name: exported.name, isValue, symbol };
    });
  });
  return { checker, publicNames };
}

/** `export { type Name }` and `export type { Name }`. */
function isTypeAlone({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((each) => ts.isExportSpecifier(each) && (each.isTypeOnly || each.parent.parent.isTypeOnly));
}

/** Names that no docstring says anything of: `Pause.drawMs` of an interface, `Leak.reason` of any member of a union. */
function undocumented({ checker, publicNames }: Surface): string[] {
  const seen = new Set<ts.Type>();
  const isSilent = (symbol: ts.Symbol) => symbol.getDocumentationComment(checker).length === 0;
  const membersOf = (type: ts.Type, path: string): string[] => {
    if (seen.has(type)) return [];
    seen.add(type);
    const parts = type.isUnionOrIntersection() ? type.types : [type];
    return parts.flatMap((part) => checker.getPropertiesOfType(part).flatMap((member) => ofMember(member, path)));
  };
  const ofMember = (member: ts.Symbol, path: string): string[] => {
    const [declaration] = member.declarations ?? [];
    if (declaration === undefined || !isOurs(declaration) || isHidden(declaration)) return [];
    const name = `${path}.${member.name}`;
    const inner = checker.getTypeOfSymbol(member);
    const literal = ts.isPropertySignature(declaration) && declaration.type && ts.isTypeLiteralNode(declaration.type);
    return [
      // What a union is told apart by says what it is.
      ...(member.name !== 'kind' && isSilent(member) ? [name] : []),
      ...(literal === true ? membersOf(checker.getNonNullableType(inner), name) : []),
    ];
  };
  return publicNames.flatMap(({ name, symbol }) => [
    ...(isSilent(symbol) ? [name] : []),
    ...membersOf(
      symbol.flags & ts.SymbolFlags.Type ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol),
      name,
    ),
  ]);
}

function isOurs(declaration: ts.Declaration): boolean {
  const { fileName } = declaration.getSourceFile();
  const isMember =
    ts.isPropertySignature(declaration) || ts.isMethodSignature(declaration) || ts.isClassElement(declaration);
  return isMember && fileName.startsWith(root) && !fileName.includes('/node_modules/');
}

/** `#private`, `[unique symbol]`, and what `stripInternal` takes out of the package. */
function isHidden(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  const isInternal = ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal');
  return isInternal || (name !== undefined && (ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name)));
}

/** README and docs without the reports: code in them, fenced or not. */
function codeInDocs(): string {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.endsWith('.api.md'))
    .map((path) => join(root, 'docs', path));
  const texts = [join(root, 'README.md'), ...docs].map((path) => readFileSync(path, 'utf8'));
  return texts.flatMap((text) => text.match(/^```ts\n[^]*?^```|`[^`\n]+`/gm) ?? []).join('\n');
}

function untold(names: readonly string[], code: string): string[] {
  return names.filter((name) => !new RegExp(`(?<![\\w.'"])${name}(?![\\w'"])`).test(code));
}

let surface: Surface;
test.beforeAll(() => {
  surface = surfaceOf(entries.map((entry) => join(root, entry)));
});

test('each public value is told of in the README or docs', () => {
  const values = surface.publicNames.filter(({ isValue }) => isValue).map(({ name }) => name);
  expect(values.length).toBeGreaterThan(30);
  expect(untold(values, codeInDocs())).toEqual([]);
});

test('a name that no document tells of is told', () => {
  const code = '`batch(200)`, `load.batches`\n```ts\nimport { mix } from "users";\n```';
  expect(untold(['batch', 'batches', 'mix', 'users', 'mi'], code)).toEqual(['batches', 'users', 'mi']);
});

test('each public name is that of one entry', () => {
  const names = surface.publicNames.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('each public declaration has a docstring', () => {
  expect(undocumented(surface)).toEqual([]);
});

const silent = `
/** Told. */
export interface Told {
  /** Told. */
  readonly told: number;
  readonly silent: number;
  readonly inner: { readonly deep: number };
}
export type Either = { readonly kind: 'one'; readonly reason: string } | { readonly kind: 'two' };
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
/** Told. */
export function told(): void {}
`;

test('a declaration without a docstring is told by its name', () => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/silent-')); // beside the packages that its types come from
  try {
    writeFileSync(join(folder, 'silent.ts'), silent);
    expect(undocumented(surfaceOf([join(folder, 'silent.ts')]))).toEqual([
      'Told.silent',
      'Told.inner',
      'Told.inner.deep',
      'Either',
      'Either.reason',
      'Thing.value',
      'silent',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const check = (...more: string[]) =>
  spawnSync(process.execPath, [join(root, 'api-report.mjs'), '--check', ...more], { encoding: 'utf8' });

test('the reports in docs/api are the public surface', () => {
  const { stderr, status } = check();
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});

test('a surface that is not what a report says is told, with what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    cpSync(join(root, 'docs/api'), folder, { recursive: true });
    const report = join(folder, 'playload-analysis.api.md');
    writeFileSync(report, readFileSync(report, 'utf8').replace('export function formatMs', 'export function formatMS'));
    const { stderr, status } = check('--folder', folder);
    expect({ stderr, status }).toEqual({
      stderr:
        'docs/api/playload-analysis.api.md is not the public surface of load/analysis/index.ts any more: run `npm run api`, look at the diff, and commit it\n',
      status: 1,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
