/**
 * Rows out of the text of a CSV file (RFC 4180) as they are found in the world: the delimiter is seen from the line of
 * names, every kind of line end is one, and blanks are data. What would lose a value is refused with its line.
 */
import { type CsvError, parse, type Options } from 'csv-parse/sync';

/** What a reader of CSV can be told. */
export interface CsvFormat {
  /** One character. Absent, it is whichever of `,`, `;`, tab and `|` the line of names has. */
  readonly delimiter: string | undefined;
  /** Blanks at the edge of a field are no data. */
  readonly trim: boolean;
}

/** A value for each name of a column, as it stands in the file. */
export type CsvRow = Readonly<Record<string, string>>;

const likelyDelimiters = [',', ';', '\t', '|'];
const lineEnd = /\r\n|\n|\r/g;
/** By which spreadsheets say their delimiter, before the line of names. */
const spreadsheetsWord = /^sep=([^"\r\n])[\r\n]/i;

/** Throws an error with the line that is wrong. */
export function csvRows(text: string, { delimiter, trim }: CsvFormat): CsvRow[] {
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    const hint = 'text in UTF-16 is read with `encoding: "utf-16le"` or `"utf-16be"`';
    throw new Error(`line ${linesIn(text.slice(0, nul)) + 1} holds a NUL character; ${hint}`);
  }
  const word = spreadsheetsWord.exec(text)?.[1];
  const how: Options = {
    delimiter: delimiter ?? word ?? delimiterOf(text),
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    trim,
  };
  return new Table(text, how, word === undefined ? 0 : 1).rows();
}

/** Those in a quoted name count for nothing. A line without any names one column. */
function delimiterOf(text: string): string {
  const unquoted = text.slice(0, 100_000).replace(/"(?:[^"]|"")*"/g, '');
  const names = unquoted.split(/[\r\n]/).find((line) => line !== '') ?? '';
  const found = likelyDelimiters.filter((each) => names.includes(each));
  if (found.length > 1) {
    const words = found.map((each) => `\`${each === '\t' ? '\\t' : each}\``).join(' and ');
    throw new Error(`its columns are named by a line with both ${words} in it: say which of them is the \`delimiter\``);
  }
  return found[0] ?? ',';
}

class Table {
  readonly #text: string;
  readonly #how: Options;
  /** Which record has the names of the columns. */
  readonly #head: number;

  constructor(text: string, how: Options, head: number) {
    this.#text = text;
    this.#how = how;
    this.#head = head;
  }

  rows(): CsvRow[] {
    const records = this.#records();
    const header = records[this.#head];
    if (header === undefined) throw new Error('it is empty');
    if (records.length === this.#head + 1) throw new Error('it holds names of columns, and no row');
    const names = this.#namesOf(header);
    return records.slice(this.#head + 1).map((fields, at) => {
      if (fields.length !== header.length) this.#refuseLength(fields, this.#head + 1 + at, header);
      if (names.length < header.length && fields.at(-1) !== '') this.#refuseNameless(this.#head + 1 + at, header);
      return rowOf(names, fields);
    });
  }

  #records(): string[][] {
    try {
      return parse(this.#text, this.#how);
    } catch (cause) {
      const { code, records } = cause as CsvError & { readonly records?: number };
      const words = quoteWords[code];
      if (words === undefined || records === undefined) throw cause;
      throw new Error(`line ${this.#lineOf(records)} ${words}`, { cause });
    }
  }

  /** Blanks around a name are none of it. A last name that is missing may be a delimiter at the end of every line. */
  #namesOf(header: readonly string[]): string[] {
    const trimmed = header.map((name) => name.trim());
    const names = trimmed.length > 1 && trimmed.at(-1) === '' ? trimmed.slice(0, -1) : trimmed;
    const line = `line ${this.#lineOf(this.#head)}`;
    for (const [at, name] of names.entries()) {
      if (name === '') throw new Error(`${line} gives no name to column ${at + 1}`);
      if (name === '__proto__')
        throw new Error(`${line} gives column ${at + 1} the name \`${name}\`, which no property of a row can have`);
      const first = names.indexOf(name);
      if (first < at) throw new Error(`${line} gives the name \`${name}\` to columns ${first + 1} and ${at + 1}`);
    }
    return names;
  }

  #refuseLength(fields: readonly string[], record: number, header: readonly string[]): never {
    const has = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`;
    const names = `${header.length} ${header.length === 1 ? 'column' : 'columns'}`;
    throw new Error(`line ${this.#lineOf(record)} has ${has}, but line ${this.#lineOf(this.#head)} names ${names}`);
  }

  #refuseNameless(record: number, header: readonly string[]): never {
    const nameless = `column ${header.length}, to which line ${this.#lineOf(this.#head)} gives no name`;
    throw new Error(`line ${this.#lineOf(record)} has a value in ${nameless}`);
  }

  /** Where a record begins. The parser's own count takes a line end in quotes for two, so what it has read is counted. */
  #lineOf(record: number): number {
    const before = record === 0 ? [] : parse(this.#text, { ...this.#how, info: true, to: record });
    const read = (before.at(-1) as { readonly info?: { readonly bytes_records: number } } | undefined)?.info;
    const bytes = Buffer.from(this.#text);
    const from = read?.bytes_records ?? 0;
    const emptyLines = /^[\r\n]*/.exec(bytes.toString('utf8', from))?.[0] ?? '';
    return linesIn(bytes.toString('utf8', 0, from) + emptyLines) + 1;
  }
}

const quoteWords: Readonly<Partial<Record<string, string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'begins a row with a quote that is never closed',
  INVALID_OPENING_QUOTE: 'has a quote within a field that does not begin with one',
  CSV_INVALID_CLOSING_QUOTE: 'has text behind the closing quote of a field',
};

function rowOf(names: readonly string[], fields: readonly string[]): CsvRow {
  const row: Record<string, string> = {};
  for (const [at, name] of names.entries()) row[name] = fields[at] ?? '';
  return row;
}

function linesIn(text: string): number {
  return text.match(lineEnd)?.length ?? 0;
}
