/** Where in its file the object of a configuration is, in whichever of the usual ways it is exported. */
import { bare, declarationOf, type Expression, type ObjectExpression, type Parsed, type Statement } from './syntax.ts';

export interface ConfigObject {
  readonly object: ObjectExpression;
  /** Variables that hold it. */
  readonly names: readonly string[];
  /** `defineConfig(base, {…})`: what it does not say may be said by the base. */
  readonly hasBase: boolean;
}

/** Undefined where it cannot be found surely: made by a function, imported, computed. */
export function findConfigObject(parsed: Parsed): ConfigObject | undefined {
  const exported = parsed.program.body.map(exportedBy).findLast((each) => each !== undefined);
  return exported === undefined ? undefined : objectIn(parsed, exported, { names: [], hasBase: false });
}

/** What a statement makes the configuration, if it does. */
function exportedBy(statement: Statement): Expression | undefined {
  switch (statement.type) {
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement;
      const isExpression = declaration.type !== 'FunctionDeclaration' && declaration.type !== 'ClassDeclaration';
      return isExpression && declaration.type !== 'TSDeclareFunction' ? declaration : undefined;
    }
    case 'TSExportAssignment':
      return statement.expression;
    case 'ExportNamedDeclaration': {
      const named = statement.specifiers.find(
        (each) => each.type === 'ExportSpecifier' && 'name' in each.exported && each.exported.name === 'default',
      );
      return (statement.source ?? undefined) === undefined && named?.type === 'ExportSpecifier'
        ? named.local
        : undefined;
    }
    case 'ExpressionStatement':
      return assignedExport(statement.expression);
    default:
      return undefined;
  }
}

const exportNames = ['module.exports', 'exports.default', 'module.exports.default'];

/** `module.exports = …`, and several such in one. */
function assignedExport(expression: Expression): Expression | undefined {
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return undefined;
  const isExport = exportNames.includes(dotted(expression.left));
  if (expression.right.type === 'AssignmentExpression') return assignedExport(expression.right);
  return isExport ? expression.right : undefined;
}

function dotted(node: { readonly type: string }): string {
  const { type, name, object, property, computed } = node as Readonly<Record<string, unknown>>;
  if (type === 'Identifier') return String(name);
  if (type !== 'MemberExpression' || computed === true) return '?';
  return `${dotted(object as { type: string })}.${dotted(property as { type: string })}`;
}

function objectIn(parsed: Parsed, written: Expression, found: Omit<ConfigObject, 'object'>): ConfigObject | undefined {
  const expression = bare(written);
  switch (expression.type) {
    case 'ObjectExpression':
      return { object: expression, ...found };
    case 'Identifier': {
      const declared = declarationOf(parsed, expression.name);
      if (declared === undefined || found.names.includes(expression.name)) return undefined;
      return objectIn(parsed, declared.value, { ...found, names: [...found.names, expression.name] });
    }
    case 'CallExpression': {
      const last = expression.arguments.at(-1);
      if (!isDefineConfig(parsed, expression.callee as Expression)) return undefined;
      if (last === undefined || last.type === 'SpreadElement' || last.type === 'ArgumentPlaceholder') return undefined;
      return objectIn(parsed, last, { ...found, hasBase: found.hasBase || expression.arguments.length > 1 });
    }
    default:
      return undefined;
  }
}

/** By its own name, as a member of Playwright (`pw.defineConfig`), or by another that it was imported with. */
function isDefineConfig({ program }: Parsed, callee: Expression): boolean {
  const name = dotted(callee).split('.').at(-1);
  if (name === 'defineConfig') return true;
  return program.body.some(
    (each) =>
      each.type === 'ImportDeclaration' &&
      each.specifiers.some(
        (one) =>
          one.type === 'ImportSpecifier' &&
          one.local.name === name &&
          one.imported.type === 'Identifier' &&
          one.imported.name === 'defineConfig',
      ),
  );
}
