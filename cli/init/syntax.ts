/** The syntax tree of a configuration, and the few questions that are asked of it. */
import { type parseExpression, parse } from '@babel/parser';

export type Program = ReturnType<typeof parse>['program'];
export type Statement = Program['body'][number];
type WholeArray = Extract<ReturnType<typeof parseExpression>, { type: 'ArrayExpression' }>;
export type Expression = Exclude<WholeArray['elements'][number], null | { readonly type: 'SpreadElement' }>;
export type ArrayExpression = Extract<Expression, { readonly type: 'ArrayExpression' }>;
export type ObjectExpression = Extract<Expression, { readonly type: 'ObjectExpression' }>;
export type ObjectProperty = Extract<ObjectExpression['properties'][number], { readonly type: 'ObjectProperty' }>;

/** From the first character to the one after the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Parsed {
  readonly source: string;
  readonly program: Program;
  /** Of all comments, in their order. */
  readonly comments: readonly Span[];
}

/** Throws a `SyntaxError` with line and column. */
export function parseConfig(source: string, isTypeScript: boolean): Parsed {
  const { program, comments } = parse(source, {
    sourceType: 'unambiguous',
    allowReturnOutsideFunction: true,
    createParenthesizedExpressions: true,
    plugins: isTypeScript ? ['typescript'] : [],
  });
  return { source, program, comments: (comments ?? []).map(spanOf) };
}

export function spanOf({ start, end }: { readonly start?: number | null; readonly end?: number | null }): Span {
  return { start: start ?? 0, end: end ?? 0 };
}

export function textOf({ source }: Parsed, node: Expression): string {
  const { start, end } = spanOf(node);
  return source.slice(start, end);
}

/** Without what says nothing at run time: parentheses and types. */
export function bare(node: Expression): Expression {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return bare(node.expression);
    default:
      return node;
  }
}

/** The last one that is written with this name, which is the one that counts; methods and computed names aside. */
export function propertyOf(object: ObjectExpression, name: string): ObjectProperty | undefined {
  return object.properties.findLast(
    (each): each is ObjectProperty => each.type === 'ObjectProperty' && !each.computed && nameOf(each) === name,
  );
}

/** Of a property whose value is an expression, as it is in every object that is no pattern. */
export function valueOf(property: ObjectProperty | undefined): Expression | undefined {
  return property === undefined ? undefined : (property.value as Expression);
}

function nameOf({ key }: ObjectProperty): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'StringLiteral' ? key.value : undefined;
}

/** Whether something in the object could say more than its properties do: `...base`, a getter, a computed name. */
export function hidesProperties(object: ObjectExpression): boolean {
  return object.properties.some((each) => each.type !== 'ObjectProperty' || each.computed);
}

/** What `const name = …` says at the top of the file, and with which word. */
export function declarationOf(
  { program }: Parsed,
  name: string,
): { readonly kind: string; readonly value: Expression } | undefined {
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declared.declarations)
      if (id.type === 'Identifier' && id.name === name && init) return { kind: declared.kind, value: init };
  }
  return undefined;
}

/** Whether `name.property` is written anywhere: it may be assigned to, or pushed into. */
export function touchesMember({ source }: Parsed, name: string, property: string): boolean {
  const safe = name.replaceAll('$', '\\$');
  return new RegExp(`(?<![\\w$.])${safe}\\s*[?!]?\\s*(?:\\.\\s*${property}\\b|\\[)`).test(source);
}
