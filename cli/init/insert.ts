/** Puts one more element into an array or property into an object, where all that is there keeps every byte. */
import type MagicString from 'magic-string';
import { indentAt, type Style } from './style.ts';
import { type Parsed, type Span, spanOf } from './syntax.ts';

export interface Edit {
  readonly parsed: Parsed;
  readonly style: Style;
  readonly text: MagicString;
}

/** An array or an object, by its brackets and what is between them. */
export interface List extends Span {
  readonly items: readonly Span[];
}

export function listOf(
  node: { readonly start?: number | null; readonly end?: number | null },
  items: readonly ({ readonly start?: number | null; readonly end?: number | null } | null)[],
): List {
  return { ...spanOf(node), items: items.flatMap((each) => (each === null ? [] : [spanOf(each)])) };
}

export const isSpread = ({ source }: Parsed, { start, items }: List): boolean =>
  items[0] !== undefined && source.slice(start, items[0].start).includes('\n');

/** What is added: as one line, or as several that begin with `indent`, or beginning and end at least. */
export type Written = (indent: string, isSpread: boolean) => string;

/** `at`: before which of the items; their number is after the last. All that goes to one place is given at once. */
export function insert(edit: Edit, list: List, at: number, ...written: readonly Written[]): void {
  if (written.length === 0) return;
  const { parsed, style, text } = edit;
  const { source } = parsed;
  const previous = list.items[at - 1];
  const first = list.items[0];
  if (first === undefined) {
    insertAlone(edit, list, written);
    return;
  }
  const spread = isSpread(parsed, list);
  const indent = spread ? indentAt(source, first.start) : indentAt(source, list.start);
  const line = `${style.newline}${indent}`;
  const added = written.map((each) => each(indent, spread)).join(spread ? `,${line}` : ', ');
  if (previous === undefined) {
    text.appendLeft(first.start, spread ? `${added},${line}` : `${added}, `);
    return;
  }
  const isLast = at === list.items.length;
  const comma = commaAfter(parsed, previous.end, list.end);
  const from = comma ?? previous.end;
  const end = endOfLine(parsed, from, list.items[at]?.start ?? list.end - 1);
  if (comma === undefined) text.appendLeft(previous.end, ',');
  const isFollowed = !isLast || comma !== undefined;
  if (spread && end !== undefined) text.appendLeft(end, `${line}${added}${isFollowed ? ',' : ''}`);
  else text.appendLeft(from, ` ${added}${isFollowed ? ',' : ''}`);
}

/** Into brackets that hold nothing, or nothing but comments. */
function insertAlone({ parsed: { source }, style, text }: Edit, list: List, written: readonly Written[]): void {
  const inner = source.slice(list.start + 1, list.end - 1);
  const outer = indentAt(source, list.start);
  if (!inner.includes('\n') && inner.trim() === '') {
    const isObject = source[list.start] === '{';
    const added = written.map((each) => each(outer, false)).join(', ');
    const space = isObject ? ' ' : '';
    const isPadded = inner !== '' && isObject;
    text.appendLeft(list.start + 1, `${space}${added}${isPadded ? '' : space}`);
    return;
  }
  const indent = `${outer}${style.indent}`;
  const line = `${style.newline}${indent}`;
  const added = written.map((each) => each(indent, true)).join(`,${line}`);
  text.appendLeft(list.start + 1, `${line}${added}${style.lastComma}`);
}

/** After its comma. */
function commaAfter({ source, comments }: Parsed, from: number, to: number): number | undefined {
  for (let at = from; at < to; at++) {
    const comment = comments.find(({ start, end }) => start <= at && at < end);
    if (comment !== undefined) at = comment.end - 1;
    else if (source[at] === ',') return at + 1;
  }
  return undefined;
}

/** Where the line ends that this is in, its comments included; undefined where something else stands in it. */
function endOfLine({ source, comments }: Parsed, from: number, limit: number): number | undefined {
  for (let at = from; at <= limit; at++) {
    const comment = comments.find(({ start, end }) => start <= at && at < end);
    if (comment !== undefined) at = comment.end - 1;
    else if (source[at] === '\n') return source[at - 1] === '\r' ? at - 1 : at;
    else if (at === limit) return undefined;
  }
  return undefined;
}
