/**
 * What is known of an engine over time, compactly: the numbers that windows are made of, without the snapshots that they
 * came in. A window adds what lies in its span. Sums are not kept from row to row: one absurd number on a page
 * (1e300 requests) would then spoil each later difference.
 *
 * Snapshots whose histograms have the same bounds share a block; an engine changes its bounds when it is replaced.
 */
import {
  counterFields,
  distributionFields,
  gaugeFields,
  type CounterField,
  type DistributionField,
  type GaugeField,
} from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { NumberTable } from './number-table.ts';

type Bounds = readonly number[];
/** Null where the snapshot has no such distribution. */
type Layout = readonly (Bounds | null)[];

const scalarFields = ['interval_s', ...gaugeFields, ...counterFields] as const;
export type ScalarField = 'interval_s' | GaugeField | CounterField;

const scalarColumns = new Map<string, number>(
  [...scalarFields, ...distributionFields.map((field) => sumOf(field))].map((name, column) => [name, column]),
);
const distributionColumns = new Map<string, number>(distributionFields.map((field, column) => [field, column]));

function sumOf(field: DistributionField): string {
  return `${field}.sum`;
}

/** What an empty block weighs besides its numbers, roughly: objects of a dozen tables. */
const blockBytes = 4_096;

/** Of the numbers that were measured. */
export interface Summary {
  sum: number;
  measured: number;
  min: number;
  max: number;
}

/** Snapshots of one layout, in the order of time. What was not measured is NaN. */
class Block {
  readonly layout: Layout;
  readonly #times = new NumberTable(1);
  readonly #scalars = new NumberTable(scalarColumns.size);
  readonly #counts: readonly (NumberTable | undefined)[];

  constructor(layout: Layout) {
    this.layout = layout;
    this.#counts = layout.map((bounds) => (bounds === null ? undefined : new NumberTable(bounds.length + 1)));
  }

  get length(): number {
    return this.#times.length;
  }

  get bytes(): number {
    const tables = [this.#times, this.#scalars, ...this.#counts];
    return tables.reduce((sum, table) => sum + (table?.bytes ?? 0), blockBytes);
  }

  atMs(row: number): number {
    return this.#times.get(row, 0);
  }

  summarise(field: ScalarField, from: number, to: number, summary: Summary): void {
    const column = scalarColumns.get(field) ?? -1;
    for (let row = from; row < to; row += 1) {
      const value = this.#scalars.get(row, column);
      if (Number.isNaN(value)) continue;
      summary.sum += value;
      summary.measured += 1;
      if (value < summary.min) summary.min = value;
      if (value > summary.max) summary.max = value;
    }
  }

  /** NaN when one of the rows has no sum. */
  sum(field: DistributionField, from: number, to: number): number {
    const column = scalarColumns.get(sumOf(field)) ?? -1;
    let sum = 0;
    for (let row = from; row < to; row += 1) sum += this.#scalars.get(row, column);
    return sum;
  }

  bounds(field: DistributionField): Bounds | null {
    return this.layout[distributionColumns.get(field) ?? -1] ?? null;
  }

  addCounts(field: DistributionField, sums: number[], { from, to }: Omit<Rows, 'block'>): void {
    this.#counts[distributionColumns.get(field) ?? -1]?.addTo(sums, from, to);
  }

  /** Behind those of the same moment. */
  add(atMs: number, snapshot: Snapshot): void {
    const row = this.rowAfter(atMs);
    this.#times.insert(row, [atMs]);
    // A snapshot that was stored by an older agent has not every field.
    const given = snapshot as Partial<Snapshot>;
    const scalars = scalarFields.map((field) => given[field] ?? Number.NaN);
    const sums = distributionFields.map((field) => given[field]?.sum ?? Number.NaN);
    this.#scalars.insert(row, [...scalars, ...sums]);
    for (const [column, field] of distributionFields.entries())
      this.#counts[column]?.insert(row, given[field]?.counts ?? []);
  }

  remove(row: number, count: number): void {
    for (const table of [this.#times, this.#scalars, ...this.#counts]) table?.remove(row, count);
  }

  /** The first row later than `atMs`: as many rows are not. */
  rowAfter(atMs: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.atMs(middle) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Rows of a block from `from` to `to`, which is not included. */
export interface Rows {
  readonly block: Pick<Block, 'atMs' | 'summarise' | 'sum' | 'bounds' | 'addCounts'>;
  readonly from: number;
  readonly to: number;
}

export interface Span {
  /** Not included. */
  readonly fromMs: number;
  readonly toMs: number;
}

export class Timeline {
  readonly #blocks: Block[] = [];
  #revision = 0;

  /** Another one whenever something was added or forgotten. */
  get revision(): number {
    return this.#revision;
  }

  get length(): number {
    return this.#blocks.reduce((sum, { length }) => sum + length, 0);
  }

  /** What is kept of it, roughly. */
  get bytes(): number {
    return this.#blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get firstAtMs(): number | undefined {
    return this.length === 0 ? undefined : Math.min(...this.#blocks.map((block) => block.atMs(0)));
  }

  get lastAtMs(): number | undefined {
    return this.length === 0 ? undefined : Math.max(...this.#blocks.map((block) => block.atMs(block.length - 1)));
  }

  /** In the order of time. */
  get times(): number[] {
    return this.#blocks
      .flatMap((block) => Array.from({ length: block.length }, (_, row) => block.atMs(row)))
      .sort((a, b) => a - b);
  }

  has(atMs: number): boolean {
    return this.#blocks.some((block) => block.atMs(block.rowAfter(atMs) - 1) === atMs);
  }

  /** At its place in time, whenever it comes. */
  add(snapshot: Snapshot): void {
    const layout = layoutOf(snapshot);
    let block = this.#blocks.find((one) => sameLayout(one.layout, layout));
    if (block === undefined) {
      block = new Block(layout);
      this.#blocks.push(block);
    }
    block.add(Date.parse(snapshot.taken_at), snapshot);
    this.#revision += 1;
  }

  /** Forgets what does not fit, and says how many that were. */
  keep(fits: (atMs: number) => boolean): number {
    let dropped = 0;
    for (const block of this.#blocks) {
      for (let end = block.length; end > 0;) {
        if (fits(block.atMs(end - 1))) {
          end -= 1;
          continue;
        }
        let begin = end - 1;
        while (begin > 0 && !fits(block.atMs(begin - 1))) begin -= 1;
        block.remove(begin, end - begin);
        dropped += end - begin;
        end = begin;
      }
    }
    if (dropped === 0) return 0;
    this.#revision += 1;
    const left = this.#blocks.filter(({ length }) => length > 0);
    this.#blocks.splice(0, this.#blocks.length, ...left);
    return dropped;
  }

  /** The rows within a span, block by block. */
  rows({ fromMs, toMs }: Span): Rows[] {
    return this.#blocks
      .map((block) => ({ block, from: block.rowAfter(fromMs), to: block.rowAfter(toMs) }))
      .filter(({ from, to }) => from < to);
  }
}

function layoutOf(snapshot: Partial<Snapshot>): Layout {
  return distributionFields.map((field) => snapshot[field]?.bounds ?? null);
}

function sameLayout(a: Layout, b: Layout): boolean {
  return a.every((bounds, at) => sameBounds(bounds, b[at] ?? null));
}

export function sameBounds(a: Bounds | null, b: Bounds | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.length === b.length && a.every((bound, at) => bound === b[at]);
}
