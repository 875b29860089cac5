/** Puts the load reporter among the reporters of a configuration: before those that write reports, after those of the terminal. */
import { type Edit, insert, listOf } from './insert.ts';
import { quoted, type Style } from './style.ts';
import {
  type ArrayExpression,
  bare,
  declarationOf,
  type Expression,
  type ObjectExpression,
  propertyOf,
  spanOf,
  textOf,
  valueOf,
} from './syntax.ts';

export const reporterName = 'playload/reporter';
const terminalReporters = ['list', 'line', 'dot'];

const ours = (style: Style) => `[${quoted(reporterName, style)}]`;

/** What Playwright takes where nothing is said, and ours. */
export function defaultReporters(style: Style): string {
  const own = `process.env.CI ? ${quoted('dot', style)} : ${quoted('list', style)}`;
  return `[[${own}], ${ours(style)}]`;
}

/** Whether it could; where not, nothing was changed. */
export function editReporter(edit: Edit, object: ObjectExpression): boolean {
  const property = propertyOf(object, 'reporter');
  const value = valueOf(property);
  if (property === undefined || value === undefined) return false;
  const change = changeOf(edit, value);
  if (change === undefined) return false;
  if (property.shorthand) edit.text.appendLeft(spanOf(property).start, 'reporter: ');
  change();
  return true;
}

/** What makes the change; undefined where it is not sure what the expression comes to. */
function changeOf(edit: Edit, written: Expression): (() => void) | undefined {
  const { text, style, parsed } = edit;
  const expression = bare(written);
  const replace = (by: string) => () => {
    const { start, end } = spanOf(written);
    text.overwrite(start, end, by);
  };
  switch (expression.type) {
    case 'StringLiteral': {
      const own = `[${textOf(parsed, expression)}]`;
      const isTerminal = terminalReporters.includes(expression.value);
      return replace(isTerminal ? `[${own}, ${ours(style)}]` : `[${ours(style)}, ${own}]`);
    }
    case 'ArrayExpression':
      if (expression.elements.includes(null)) return undefined;
      return () => {
        insert(edit, listOf(expression, expression.elements), placeIn(expression), () => ours(style));
      };
    case 'ConditionalExpression': {
      const [first, second] = [changeOf(edit, expression.consequent), changeOf(edit, expression.alternate)];
      if (first === undefined || second === undefined) return undefined;
      return () => {
        first();
        second();
      };
    }
    case 'Identifier': {
      if (expression.name === 'undefined') return replace(defaultReporters(style));
      const declared = declarationOf(parsed, expression.name);
      if (declared?.kind !== 'const') return undefined;
      const { type } = bare(declared.value);
      if (type === 'ArrayExpression') return replace(`[${ours(style)}, ...${expression.name}]`);
      return type === 'StringLiteral' ? replace(`[${ours(style)}, [${expression.name}]]`) : undefined;
    }
    default:
      return undefined;
  }
}

/** Before the first that is not surely one of the terminal. */
function placeIn({ elements }: ArrayExpression): number {
  const at = elements.findIndex((each) => {
    if (each?.type !== 'ArrayExpression') return true;
    const [name] = each.elements;
    return name?.type !== 'StringLiteral' || !terminalReporters.includes(name.value);
  });
  return at === -1 ? elements.length : at;
}
