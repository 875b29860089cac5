/**
 * Rows of test data for iterations: in order, at random, or each row only once over all users and segments.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { OptionsError, throwProblems } from '../options-error.ts';
import { show } from '../measure/units.ts';
import { seededRandom } from '../random.ts';
import { rowsOf } from '../profile/partition.ts';
import { type Profile, type Share, wholeShare } from '../profile/profile.ts';

/** How rows are dealt: `in-order` begins again at the end, `random` draws with a seed, `unique` gives each row once and then runs dry. */
export type FeedOrder = 'in-order' | 'random' | 'unique';

/** How a feeder deals its rows. */
export interface FeederOptions {
  /** `in-order` by default. */
  readonly order?: FeedOrder;
  /** A whole number; the same seed draws the same rows where the order is `random`. */
  readonly seed?: number;
}

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

/** Rows of a CSV file with a header line, as objects of strings. Throws `OptionsError` when it cannot be read. */
function csv(path: string, options?: FeederOptions): Feeder<Readonly<Record<string, string>>> {
  return feederOf(
    readRows(path, (text) => parse(text, { columns: true, skip_empty_lines: true, bom: true, trim: true })),
    options,
  );
}

/** Rows of a JSON file that holds an array. The caller says what a row looks like. */
function json<Row = unknown>(path: string, options?: FeederOptions): Feeder<Row> {
  return feederOf(
    readRows(path, (text) => {
      const rows: unknown = JSON.parse(text);
      if (!Array.isArray(rows)) throw new TypeError('it must hold an array');
      return rows as Row[];
    }),
    options,
  );
}

function readRows<Row>(path: string, read: (text: string) => Row[]): Row[] {
  try {
    return read(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new OptionsError([
      `feeder file \`${path}\` cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    ]);
  }
}

/**
 * Rows of test data for iterations, each of which finds its own in `data`. Throws an `OptionsError` for no rows, an
 * unknown order, or a file that cannot be used.
 *
 * @example
 * const accounts = feeder.csv('accounts.csv', { order: 'unique' });
 * await load(iterations(100, { users: 5 }), ({ request, data }) => request.post('/login', { data }), { data: accounts });
 */
export const feeder: typeof feederOf & {
  /** Rows of a CSV file with a header line, as objects of strings. */
  readonly csv: typeof csv;
  /** Rows of a JSON file that holds an array; the caller says what a row looks like. */
  readonly json: typeof json;
} = Object.assign(feederOf, { csv, json });
