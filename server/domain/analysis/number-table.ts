/**
 * Rows of numbers, all of one width, in one typed array: as narrow a one as the numbers allow, and wider from the first
 * number on that needs it. A thousand histograms of an engine are then tens of kilobytes instead of millions of objects.
 */
type Values = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const kinds = [Uint8Array, Uint16Array, Uint32Array, Float64Array] as const;
const firstRows = 8;

export class NumberTable {
  readonly #width: number;
  #values: Values;
  #length = 0;

  constructor(width: number) {
    this.#width = width;
    this.#values = new Uint8Array(firstRows * width);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#values.byteLength;
  }

  /** Numbers that the row has not are 0; those beyond the width are left out. */
  insert(at: number, row: readonly number[]): void {
    const width = this.#width;
    const kind = kinds.findIndex((one, index) => index >= this.#kind && row.every((value) => fits(one, value)));
    const grown = this.#length * width === this.#values.length;
    if (grown || kind > this.#kind) this.#renew(kinds[kind] ?? Float64Array, grown ? 2 : 1);
    this.#values.copyWithin((at + 1) * width, at * width, this.#length * width);
    for (let column = 0; column < width; column += 1) this.#values[at * width + column] = row[column] ?? 0;
    this.#length += 1;
  }

  remove(at: number, count: number): void {
    const width = this.#width;
    this.#values.copyWithin(at * width, (at + count) * width, this.#length * width);
    this.#length -= count;
  }

  get(row: number, column: number): number {
    return this.#values[row * this.#width + column] ?? Number.NaN;
  }

  /** Adds the rows `from` to `to` (not included) to `sums`, column by column. */
  addTo(sums: number[], from: number, to: number): void {
    const width = this.#width;
    const values = this.#values;
    for (let row = from * width; row < to * width; row += width)
      for (let column = 0; column < width; column += 1)
        sums[column] = (sums[column] ?? 0) + (values[row + column] ?? 0);
  }

  get #kind(): number {
    return kinds.findIndex((kind) => this.#values instanceof kind);
  }

  #renew(kind: (typeof kinds)[number], times: number): void {
    const before = this.#values;
    this.#values = new kind(before.length * times);
    this.#values.set(before);
  }
}

/** A typed array of integers would take anything and keep something else: fractions, what is below 0, what is too large. */
function fits(kind: (typeof kinds)[number], value: number): boolean {
  return kind === Float64Array || (Number.isInteger(value) && value >= 0 && value < 256 ** kind.BYTES_PER_ELEMENT);
}
