/** How a file is written, so that what is added looks like the rest of it. */
import type { Parsed } from './syntax.ts';

export interface Style {
  readonly newline: string;
  /** One step of indentation. */
  readonly indent: string;
  readonly quote: string;
  /** What stands after the last of several lines: a comma, or nothing. */
  readonly lastComma: '' | ',';
}

export function styleOf(parsed: Parsed): Style {
  const { source, program } = parsed;
  return {
    newline: newlineOf(source),
    indent: indentOf(source),
    quote: quoteOf(source, program.body.length),
    lastComma: lastCommaOf(withoutComments(parsed)),
  };
}

export function newlineOf(text: string): string {
  const windows = text.split('\r\n').length - 1;
  return windows > 0 && windows >= (text.split('\n').length - 1) / 2 ? '\r\n' : '\n';
}

/** That of the first line that has one. */
function indentOf(source: string): string {
  return /^(?:\t| {2,8})(?=[^\s*])/m.exec(source)?.[0] ?? '  ';
}

/** Whichever there are more of, comments included: they quote alike. */
function quoteOf(source: string, statements: number): string {
  if (statements === 0) return "'";
  return source.split('"').length > source.split("'").length ? '"' : "'";
}

/** Nothing only where lists end without one, and none with. */
function lastCommaOf(source: string): '' | ',' {
  if (/,[ \t]*\r?\n\s*[}\])]/.test(source)) return ',';
  return /[^,;{[(\s][ \t]*\r?\n\s*[}\]]/.test(source) ? '' : ',';
}

function withoutComments({ source, comments }: Parsed): string {
  const from = [0, ...comments.map(({ end }) => end)];
  const to = [...comments.map(({ start }) => start), source.length];
  return from.map((start, at) => source.slice(start, to[at])).join('');
}

/** In the file's own quotes. The text has neither quotes nor backslashes in it, or is quoted as JSON. */
export function quoted(text: string, { quote }: Style): string {
  return /["'\\\n]/.test(text) ? JSON.stringify(text) : `${quote}${text}${quote}`;
}

/** The white space before the first word of the line that this position is in. */
export function indentAt(source: string, position: number): string {
  const start = source.lastIndexOf('\n', position - 1) + 1;
  return /^[ \t]*/.exec(source.slice(start, position))?.[0] ?? '';
}
