/**
 * Text from outside (titles, endpoint names, error messages), measured in columns: an emoji or an ideograph takes two, a
 * combining mark none.
 */
export { plainLine } from '../../load/measure/plain-line.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const emoji = /\p{Emoji_Presentation}|\uFE0F|\u200D/u;
const zeroWidth = /^[\p{M}\u200D]+$/u;
/** East Asian Wide and Fullwidth blocks (Unicode TR 11), without the emoji that are tested apart. */
const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}]/u;

/** Columns of a text without control sequences. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += graphemeColumns(segment);
  return columns;
}

/** The text in at most so many columns; what is cut off leaves `…`. */
export function cutToColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 1; // the ellipsis
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeColumns(segment);
    if (used > columns) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
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

function graphemeColumns(grapheme: string): number {
  if (zeroWidth.test(grapheme)) return 0;
  return emoji.test(grapheme) || wide.test(grapheme) ? 2 : 1;
}
