/**
 * Text from outside (titles, endpoint names, error messages), measured in columns: an emoji or an ideograph takes two, a
 * combining mark none.
 */
import columnsOf from 'string-width';

export { columnsOf };
export { plainLine } from '../../load/measure/plain-line.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text in at most so many columns; what is cut off leaves `…`. */
export function cutToColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 1; // the ellipsis
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > columns) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** The same, cut in its middle: the ends of a path of titles tell most. */
export function cutInside(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment);
  const tail = Math.floor((columns - 1) / 2);
  let used = 0;
  let from = parts.length;
  while (from > 0 && used + columnsOf(parts[from - 1] ?? '') <= tail) used += columnsOf(parts[--from] ?? '');
  const end = parts.slice(from).join('').trimStart();
  return cutToColumns(text, columns - columnsOf(end)) + end;
}

/** The text in exactly so many columns, cut or filled with spaces. */
export function toColumns(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = cutToColumns(text, columns);
  const fill = ' '.repeat(Math.max(0, columns - columnsOf(cut)));
  return align === 'left' ? cut + fill : fill + cut;
}

/** A break between words, but not between a number and its unit. */
const breakable = / (?!(?:%|ms|s|MB)(?![\w-]))/u;

/** The words of a line on as many lines of at most so many columns as they need. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(breakable)) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(cutToColumns(word, columns));
  }
  return lines;
}
