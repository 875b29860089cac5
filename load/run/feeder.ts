/**
 * Rows of test data for iterations: in order, at random, or each row only once over all users and segments.
 */
import { readFileSync } from 'node:fs';
import { OptionsError, throwProblems, unknownOptions } from '../options-error.ts';
import { show } from '../measure/units.ts';
import { seededRandom } from '../random.ts';
import { rowsOf } from '../profile/partition.ts';
import { type Profile, type Share, wholeShare } from '../profile/profile.ts';
import { callingFile } from './calling-file.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import { dataPath, whyUnusable } from './data-path.ts';
import { fileText, isEncoding } from './file-text.ts';

/** How rows are dealt: `in-order` begins again at the end, `random` draws with a seed, `unique` gives each row once and then runs dry. */
export type FeedOrder = 'in-order' | 'random' | 'unique';

/** How a feeder deals its rows. */
export interface FeederOptions {
  /** `in-order` by default. */
  readonly order?: FeedOrder;
  /** A whole number; the same seed draws the same rows where the order is `random`. */
  readonly seed?: number;
}

/** How a CSV file is written, beside how its rows are dealt. */
export interface CsvOptions extends FeederOptions {
  /**
   * The character between two fields. Without it, that is whichever of `,`, `;`, tab and `|` the line of names has; a line
   * with several of them is refused.
   */
  readonly delimiter?: string;
  /**
   * A label of the Encoding Standard, such as `latin1`, `windows-1252` or `utf-16le`; `utf-8` by default. A byte order mark
   * goes before it. Bytes that are no text in it are refused.
   */
  readonly encoding?: string;
  /** Blanks at the edge of a field are no data. By default they are, as in RFC 4180; those around a column's name never. */
  readonly trim?: boolean;
}

/** Complete by their types: an option that is forgotten here does not compile. */
const knownOptions = { order: true, seed: true } as const satisfies Record<keyof FeederOptions, true>;
const knownOfCsv = { delimiter: true, encoding: true, trim: true } as const satisfies Record<
  Exclude<keyof CsvOptions, keyof FeederOptions>,
  true
>;

export const defaultFeederOptions: Required<FeederOptions> = { order: 'in-order', seed: 1 };

/** Rows of test data for iterations, which `load(…, { data })` takes. One of your own is an object of this shape. */
export interface Feeder<Row> {
  /** Whether rows come again: a `unique` feeder of too few rows is refused where the profile knows its total. */
  readonly order: FeedOrder;
  /** How many rows there are. */
  readonly size: number;
  /**
   * The rows of a segment, one per call; undefined when a `unique` feeder has run dry. With the profile, unique rows go to
   * the segments as its iterations do.
   */
  rows(share?: Share, profile?: Profile): () => Row | undefined;
}

function feederOf<Row>(rows: readonly Row[], options: FeederOptions = {}): Feeder<Row> {
  if (!Array.isArray(rows)) throw new OptionsError([`\`feeder\` takes a list of rows, got ${show(rows)}`]);
  const { order, seed } = { ...defaultFeederOptions, ...options };
  throwProblems([
    ...(rows.length === 0 ? ['`feeder` needs at least one row'] : []),
    ...(['in-order', 'random', 'unique'].includes(order)
      ? []
      : [`\`order\` must be \`in-order\`, \`random\` or \`unique\`, got ${show(order)}`]),
    ...(Number.isInteger(seed) ? [] : [`\`seed\` must be a whole number, got ${show(seed)}`]),
  ]);
  return {
    order,
    size: rows.length,
    rows: (share = wholeShare, profile) => drawer(rows, { order, seed, share, profile }),
  };
}

function drawer<Row>(
  rows: readonly Row[],
  { order, seed, share, profile }: { order: FeedOrder; seed: number; share: Share; profile: Profile | undefined },
): () => Row | undefined {
  if (order === 'unique' && profile !== undefined) {
    const numbers = rowsOf(profile, share, rows.length);
    return () => {
      const number = numbers.next();
      return number.done === true ? undefined : rows[number.value];
    };
  }
  const random = seededRandom(seed + share.index);
  let next = share.index;
  return () => {
    if (order === 'random') return rows[Math.floor(random() * rows.length)];
    if (order === 'unique' && next >= rows.length) return undefined;
    const row = rows[next % rows.length];
    next += share.of;
    return row;
  };
}

/** Rows of a CSV file with a line of names, as objects of strings. */
function csv(path: string | URL, options: CsvOptions = {}): Feeder<CsvRow> {
  const { delimiter, encoding, trim = false, ...dealing } = options;
  throwProblems([
    ...unknownOptions('feeder.csv', options, { ...knownOptions, ...knownOfCsv }),
    ...csvProblems(options),
  ]);
  return feederOf(
    readRows(path, (bytes) => csvRows(fileText(bytes, { encoding, hint: sayEncoding }), { delimiter, trim })),
    dealing,
  );
}

/** Rows of a JSON file that holds an array. The caller says what a row looks like. */
function json<Row = unknown>(path: string | URL, options: FeederOptions = {}): Feeder<Row> {
  throwProblems(unknownOptions('feeder.json', options, knownOptions));
  return feederOf(
    readRows(path, (bytes) => {
      const rows: unknown = JSON.parse(fileText(bytes, { hint: 'JSON is (RFC 8259, 8.1)' }));
      if (!Array.isArray(rows)) throw new TypeError('it must hold an array');
      return rows as Row[];
    }),
    options,
  );
}

const sayEncoding = 'say its `encoding`, such as `"latin1"` or `"windows-1252"`';

function readRows<Row>(path: string | URL, read: (bytes: Buffer) => Row[]): Row[] {
  const found = dataPath(path, callingFile());
  try {
    return read(readFileSync(found));
  } catch (cause) {
    throw new OptionsError([`feeder file \`${found}\` cannot be used: ${whyUnusable(cause, path)}`]);
  }
}

function csvProblems({ delimiter, encoding, trim }: CsvOptions): string[] {
  const isDelimiter = delimiter === undefined || (typeof delimiter === 'string' && /^[^"\r\n]$/u.test(delimiter));
  const isKnown = encoding === undefined || (typeof encoding === 'string' && isEncoding(encoding));
  return [
    ...(isDelimiter
      ? []
      : [`\`delimiter\` must be one character, and neither a quote nor a line end, got ${show(delimiter)}`]),
    ...(isKnown ? [] : [`\`encoding\` must be a name such as \`latin1\` or \`utf-16le\`, got ${show(encoding)}`]),
    ...(trim === undefined || typeof trim === 'boolean'
      ? []
      : [`\`trim\` must be \`true\` or \`false\`, got ${show(trim)}`]),
  ];
}

/**
 * Rows of test data for iterations, each of which finds its own in `data`. Throws an `OptionsError` for no rows, an
 * unknown order, or a file that cannot be used, with the line that is wrong.
 *
 * A path is relative to the file that calls, as an import is; absolute paths and `file:` URLs are taken as they are.
 *
 * @example
 * const accounts = feeder.csv('accounts.csv', { order: 'unique' });
 * await load(iterations(100, { users: 5 }), ({ request, data }) => request.post('/login', { data }), { data: accounts });
 */
export const feeder: typeof feederOf & {
  /**
   * Rows of a CSV file (RFC 4180) with a line of names, as objects of strings. Every kind of line end is one, and empty
   * lines are none. Whatever would lose a value is refused: a name that is missing or given twice, a row with too many or
   * too few fields, a quote left open, a NUL character.
   */
  readonly csv: typeof csv;
  /** Rows of a JSON file (UTF-8, or with a byte order mark) that holds an array; the caller says what a row looks like. */
  readonly json: typeof json;
} = Object.assign(feederOf, { csv, json });
