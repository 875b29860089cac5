/** What the entries of the package export, and the types of ours that this leads to, as the compiler sees them. */
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A name that the reference tells of. */
export interface Declared {
  readonly name: string;
  readonly symbol: ts.Symbol;
  /** Whether an entry exports it; what it leads to is told of, but cannot be imported. */
  readonly isExported: boolean;
}

export interface Surface {
  readonly root: string;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly declared: readonly Declared[];
}

/** What a user imports, by the name of the package's entry. */
export const entries = {
  playload: 'load/index.ts',
  'playload/analysis': 'load/analysis/index.ts',
  'playload/reporter': 'reporters/load-reporter.ts',
} as const;

export function surfaceOf(root: string, paths: readonly string[] = Object.values(entries)): Surface {
  const files = paths.map((path) => join(root, path));
  const program = ts.createProgram(files, {
    ...optionsOf(root),
    noEmit: false,
    declaration: true,
    stripInternal: true,
    noCheck: true,
  });
  const checker = program.getTypeChecker();
  const exported = files.flatMap((path) => exportsOf(program, checker, path));
  const surface = { root, program, checker, declared: exported };
  return { ...surface, declared: [...exported, ...behind(surface)] };
}

function optionsOf(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

/** Writes the declarations that users get into a folder, as the package has them. */
export function emitDeclarations({ root, program }: Surface, folder: string): void {
  program.emit(
    undefined,
    (path, text) => ts.sys.writeFile(join(folder, relative(root, path)), text),
    undefined,
    true, // declarations alone
  );
}

function exportsOf(program: ts.Program, checker: ts.TypeChecker, path: string): Declared[] {
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${path} exports nothing`);
  return checker
    .getExportsOfModule(module)
    .filter(({ name }) => name !== 'default') // the reporter's class, which Playwright alone makes
    .map((each) => ({ name: each.name, symbol: unaliased(checker, each), isExported: true }));
}

function unaliased(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Types that declarations name without an entry exporting them: each once, those of theirs after them. */
function behind({ root, checker, declared }: Surface): Declared[] {
  const known = new Set(declared.map(({ symbol }) => symbol));
  const found: Declared[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && ts.isBlock(node)) return; // how it works is nobody's business
    if (isHidden(node) || ts.isJSDoc(node)) return;
    if (ts.isVariableDeclaration(node) && node.type !== undefined) {
      visit(node.type);
      return;
    }
    const named = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : undefined;
    const symbol = named && checker.getSymbolAtLocation(named);
    if (symbol !== undefined) add(unaliased(checker, symbol));
    ts.forEachChild(node, visit);
  };
  const add = (symbol: ts.Symbol): void => {
    const [node] = symbol.declarations ?? [];
    if (node === undefined || known.has(symbol) || !isOwn(root, node)) return;
    if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node) && !ts.isClassDeclaration(node)) return;
    if (isLocal(node)) return; // shown with the types of its file
    known.add(symbol);
    found.push({ name: symbol.name, symbol, isExported: false });
    visit(node);
  };
  for (const { symbol } of declared) symbol.declarations?.forEach(visit);
  return found;
}

/** A type that its own file alone knows. */
export function isLocal(node: ts.Node): boolean {
  return (
    (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) &&
    !hasModifier(node, ts.SyntaxKind.ExportKeyword)
  );
}

function hasModifier(node: ts.HasModifiers, kind: ts.ModifierSyntaxKind): boolean {
  return node.modifiers?.some((each) => each.kind === kind) ?? false;
}

export function isOwn(root: string, node: ts.Node): boolean {
  const { fileName } = node.getSourceFile();
  return fileName.startsWith(root) && !fileName.includes('/node_modules/');
}

/** `#private`, `private`, `[unique symbol]`, and what `stripInternal` takes out of the package. */
export function isHidden(node: ts.Node): boolean {
  if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')) return true;
  if (!ts.isClassElement(node) && !ts.isTypeElement(node)) return false;
  if (ts.canHaveModifiers(node) && hasModifier(node, ts.SyntaxKind.PrivateKeyword)) return true;
  const name = ts.getNameOfDeclaration(node);
  return name !== undefined && (ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name));
}
