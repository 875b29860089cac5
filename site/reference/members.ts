/** The rows of a table about a type: what it has, of which type, by which default. */
import ts from 'typescript';
import { lineOf, signatureOf } from './signatures.ts';
import { isHidden, type Surface } from './surface.ts';

export interface Member {
  /** `observe.before`, `after(duration: Duration)`; `?` at the end of what may be absent. */
  readonly name: string;
  readonly type: string;
  readonly symbol: ts.Symbol;
}

/** Members that a declaration has itself: those that it inherits are told of where it names their type. */
export function membersOf(surface: Surface, node: ts.Node, prefix = ''): Member[] {
  const literal = literalOf(node);
  const elements = ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) ? node.members : literal?.members;
  return (elements ?? []).flatMap((element: ts.TypeElement | ts.ClassElement) => memberOf(surface, element, prefix));
}

/** `{ … }` of `type Options = { … }`. */
export function literalOf(node: ts.Node): ts.TypeLiteralNode | undefined {
  const type = ts.isTypeAliasDeclaration(node) ? node.type : node;
  return ts.isTypeLiteralNode(type) ? type : undefined;
}

function memberOf(surface: Surface, element: ts.TypeElement | ts.ClassElement, prefix: string): Member[] {
  const { checker } = surface;
  const symbol = element.name && checker.getSymbolAtLocation(element.name);
  if (symbol === undefined || element.name === undefined || isHidden(element)) return [];
  const name = `${prefix}${element.name.getText()}`;
  if (ts.isMethodSignature(element) || ts.isMethodDeclaration(element)) {
    const [call = '', type = ''] = oneLine(signatureOf(checker, name, element)).split(/: (?=[^:]*(?:<[^]*>)?[^:]*$)/);
    return [{ name: call, type, symbol }];
  }
  if (ts.isGetAccessor(element)) return [{ name, type: element.type ? lineOf(element.type) : '', symbol }];
  if (!ts.isPropertySignature(element) && !ts.isPropertyDeclaration(element)) return [];
  const shown = `${name}${element.questionToken === undefined ? '' : '?'}`;
  const inner = element.type && literalOf(element.type);
  const isRecord = inner?.members.every((each) => ts.isPropertySignature(each)) ?? false;
  if (isRecord && element.type !== undefined)
    return [{ name: shown, type: 'object', symbol }, ...membersOf(surface, element.type, `${name}.`)];
  const type = element.type ? lineOf(element.type) : checker.typeToString(checker.getTypeOfSymbol(symbol));
  return [{ name: shown, type, symbol }];
}

const oneLine = (text: string) =>
  text
    .replace(/\(\n\s+/g, '(')
    .replace(/,\n\)/g, ')')
    .replace(/\n\s+/g, ' ');
