/** What every part of the terminal report is drawn with. */
import type { Cell } from './table.ts';
import { cutToColumns, plainLine, toColumns, wrapped } from '../words/plain-text.ts';
import type { Paint } from './paint.ts';

export interface Canvas {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

/** What is not measured is shown as this, never as 0. */
export const absent = '–';

export const indent = '  ';

/** A cell of a figure that may be absent. */
export function figure(value: number | undefined, format: (value: number) => string): Cell {
  return { text: value === undefined ? absent : format(value) };
}

/** A name from outside, made harmless; where it stands beside a longer text it is kept short. */
export function nameCell(name: string, mostColumns = Number.POSITIVE_INFINITY): Cell {
  return { text: cutToColumns(plainLine(name), mostColumns) };
}

/** `label  words`, the label dim and padded, the words on as many lines as they need. */
export function labelled(label: string, words: string, canvas: Canvas): string[] {
  const head = toColumns(label, labelColumns - 1);
  const [first = '', ...rest] = wrapLabelled(words, canvas);
  return [`${indent}${canvas.paint.dim(head)} ${first.trimStart()}`, ...rest];
}

/** Words that belong to the label above them. */
export function wrapLabelled(words: string, { width }: Canvas): string[] {
  const margin = indent + ' '.repeat(labelColumns);
  return wrapped(words, width - margin.length).map((line) => margin + line);
}

const labelColumns = 11;

/** A block of lines under a dim title, preceded by an empty line; nothing at all without lines. */
export function titled(title: string, lines: readonly string[], { paint }: Canvas): string[] {
  return lines.length === 0 ? [] : ['', `${indent}${paint.dim(title)}`, ...lines.map((line) => indent + line)];
}
