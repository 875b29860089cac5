/** Declarations in the words of their source, without comments and without how they work. */
import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });

/** On one line, as in a table. */
export function lineOf(node: ts.Node): string {
  return printer
    .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .replace(/\breadonly (?=\w+\??:)/g, '') // of members; of lists it stays
    .replace(/\s+/g, ' ')
    .replace(/; \}/g, ' }')
    .trim();
}

/** A type declaration as it stands, comments included: what a union is made of is told there. */
export function sourceOf(node: ts.Node): string {
  return node
    .getText()
    .replace(/^export /, '')
    .replace(/(^\s*|[{;] )readonly (?=\w+\??:)/gm, '$1');
}

/** `batch(size: number): Profile` of whatever can be called. */
export function signatureOf(checker: ts.TypeChecker, name: string, node: ts.SignatureDeclaration): string {
  const generics = node.typeParameters === undefined ? '' : `<${node.typeParameters.map(lineOf).join(', ')}>`;
  const parameters = node.parameters.map((each) => parameterOf(checker, each));
  const signature = checker.getSignatureFromDeclaration(node);
  const returned =
    node.type === undefined
      ? signature === undefined
        ? 'unknown'
        : checker.typeToString(checker.getReturnTypeOfSignature(signature))
      : lineOf(node.type);
  const oneLine = `${name}${generics}(${parameters.join(', ')}): ${returned}`;
  if (oneLine.length <= 100) return oneLine;
  return `${name}${generics}(\n${parameters.map((each) => `  ${each},\n`).join('')}): ${returned}`;
}

function parameterOf(checker: ts.TypeChecker, parameter: ts.ParameterDeclaration): string {
  const name = ts.isIdentifier(parameter.name) ? parameter.name.text : 'options';
  const isOptional = parameter.questionToken !== undefined || parameter.initializer !== undefined;
  const type =
    parameter.type === undefined ? checker.typeToString(checker.getTypeAtLocation(parameter)) : lineOf(parameter.type);
  return `${parameter.dotDotDotToken === undefined ? '' : '...'}${name}${isOptional ? '?' : ''}: ${type}`;
}

/** The functions that a value can be called by: itself, and its properties, `users(…)` and `users.ramp(…)`. */
export function callsOf(checker: ts.TypeChecker, name: string, type: ts.Type): string[] {
  const own = type.getCallSignatures().flatMap(({ declaration }) => (isSignature(declaration) ? [declaration] : []));
  return [
    ...own.map((each) => signatureOf(checker, name, each)),
    ...(own.length === 0 ? [] : checker.getPropertiesOfType(type)).flatMap((property) =>
      callsOf(checker, `${name}.${property.name}`, checker.getTypeOfSymbol(property)),
    ),
  ];
}

function isSignature(node: ts.Node | undefined): node is ts.SignatureDeclaration {
  return node !== undefined && !ts.isJSDocSignature(node) && !node.getSourceFile().fileName.includes('/node_modules/');
}
