/**
 * A histogram that costs only its filled buckets, for the many small ones: an endpoint's second, a custom trend. The
 * bucket of a number is the head of its IEEE 754 form (sign, exponent, first bits of the mantissa), which is a
 * log-linear scale over all finite numbers; two of the same precision merge exactly.
 */
import { rankOf } from './histogram.ts';
import type { VarintReader, VarintWriter } from './varints.ts';

/** Mantissa bits kept: 7 is within 0.4 % of a value, 10 within 0.05 %. */
export type Precision = 7 | 10;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

const nothing = new Uint32Array(0);
/** What comes over the wire is laid out here before it is added. */
let arrived = new Uint32Array(2 * 512);

function arriveAtLeast(filled: number): void {
  if (2 * filled > arrived.length) arrived = new Uint32Array(4 * filled);
}

/** Bucket numbers rising, each followed by its count; the numbers as differences, which are short. */
export type EncodedSparse = readonly number[];

/**
 * The filled buckets lie in one array: their numbers, rising, in its first half, and their counts in the second. That is
 * a fifth of what a `Map` takes, where a merged run has millions of them, and others are added in one walk along it.
 */
export class SparseHistogram {
  readonly #shift: number;
  #table = nothing;
  #filled = 0;
  #count = 0;

  constructor(precision: Precision) {
    this.#shift = 20 - precision;
  }

  get count(): number {
    return this.#count;
  }

  /** Records a finite number; throws `RangeError` for any other. */
  record(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`a histogram takes finite numbers, got ${value}`);
    float[0] = value === 0 ? 0 : value; // -0 has a bucket of its own otherwise
    this.#fill((words[highWord] ?? 0) >>> this.#shift, 1);
  }

  /** Adds another of the same precision. */
  add(other: SparseHistogram): void {
    this.#addRising(other.#table, other.#filled);
  }

  /** The filled buckets in rising order of value, each by its middle. */
  buckets(): { readonly value: number; readonly count: number }[] {
    const firstNegative = this.#placeOf(0x80_00_00_00 >>> this.#shift);
    const buckets: { readonly value: number; readonly count: number }[] = [];
    for (let at = this.#filled - 1; at >= firstNegative; at--) buckets.push(this.#bucketAt(at));
    for (let at = 0; at < firstNegative; at++) buckets.push(this.#bucketAt(at));
    return buckets;
  }

  /** The value that `percent` of the samples do not exceed (nearest rank), or undefined without samples. */
  percentile(percent: number): number | undefined {
    return this.percentiles([percent])[0];
  }

  /** Several of them, in rising order, by one walk along the buckets. */
  percentiles(percents: readonly number[]): (number | undefined)[] {
    const found = new Array<number | undefined>(percents.length).fill(undefined);
    if (this.#count === 0) return found;
    const negative = this.#filled - this.#placeOf(0x80_00_00_00 >>> this.#shift);
    const half = this.#table.length >>> 1;
    let [seen, next] = [0, 0];
    let rank = rankOf(percents[0] ?? 0, this.#count);
    for (let step = 0; step < this.#filled && next < percents.length; step++) {
      const at = step < negative ? this.#filled - 1 - step : step - negative;
      seen += this.#table[half + at] ?? 0;
      while (next < percents.length && seen >= rank) {
        found[next++] = this.#middle(this.#table[at] ?? 0);
        rank = rankOf(percents[next] ?? 0, this.#count);
      }
    }
    return found;
  }

  encode(): EncodedSparse {
    const encoded: number[] = [];
    this.#eachStep((step, count) => encoded.push(step, count));
    return encoded;
  }

  static decode(encoded: EncodedSparse, precision: Precision): SparseHistogram {
    const histogram = new SparseHistogram(precision);
    const filled = encoded.length >>> 1;
    arriveAtLeast(filled);
    const half = arrived.length >>> 1;
    let bucket = 0;
    for (let at = 0; at < filled; at++) {
      bucket += encoded[2 * at] ?? 0;
      arrived[at] = bucket;
      arrived[half + at] = encoded[2 * at + 1] ?? 0;
    }
    histogram.#addRising(arrived, filled);
    return histogram;
  }

  /** Writes how many buckets are filled, and what `encode` gives. */
  writeTo(writer: VarintWriter): void {
    writer.write(this.#filled);
    this.#eachStep((step, count) => {
      writer.write(step);
      writer.write(count);
    });
  }

  /** Adds what another of the same precision has written. */
  addFrom(reader: VarintReader): void {
    const filled = reader.read();
    arriveAtLeast(filled);
    const half = arrived.length >>> 1;
    let bucket = 0;
    for (let at = 0; at < filled; at++) {
      bucket += reader.read();
      arrived[at] = bucket;
      arrived[half + at] = reader.read();
    }
    this.#addRising(arrived, filled);
  }

  #eachStep(onBucket: (step: number, count: number) => void): void {
    const half = this.#table.length >>> 1;
    let last = 0;
    for (let at = 0; at < this.#filled; at++) {
      const bucket = this.#table[at] ?? 0;
      onBucket(bucket - last, this.#table[half + at] ?? 0);
      last = bucket;
    }
  }

  #fill(bucket: number, count: number): void {
    const at = this.#placeOf(bucket);
    if (at === this.#filled || this.#table[at] !== bucket) this.#open(at, bucket);
    const place = (this.#table.length >>> 1) + at;
    this.#table[place] = (this.#table[place] ?? 0) + count;
    this.#count += count;
  }

  /** The first filled bucket that is not below this one. */
  #placeOf(bucket: number): number {
    let [from, to] = [0, this.#filled];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#table[middle] ?? 0) < bucket) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Moves the later buckets on for one more. */
  #open(at: number, bucket: number): void {
    this.#reach(this.#filled + 1);
    const half = this.#table.length >>> 1;
    this.#table.copyWithin(at + 1, at, this.#filled);
    this.#table.copyWithin(half + at + 1, half + at, half + this.#filled);
    this.#table[at] = bucket;
    this.#table[half + at] = 0;
    this.#filled += 1;
  }

  /** Adds the first so many buckets of a table; those that are new here come in from behind, each moved once. */
  #addRising(table: Uint32Array, filled: number): void {
    const missing = this.#addKnown(table, filled);
    if (missing === 0) return;
    this.#reach(this.#filled + missing);
    const [own, half, theirHalf] = [this.#table, this.#table.length >>> 1, table.length >>> 1];
    let [mine, theirs] = [this.#filled - 1, filled - 1];
    this.#filled += missing;
    for (let to = this.#filled - 1; to > mine; to--) {
      const theirBucket = table[theirs] ?? 0;
      const myBucket = mine < 0 ? -1 : (own[mine] ?? 0);
      const isMine = myBucket >= theirBucket;
      own[to] = isMine ? myBucket : theirBucket;
      own[half + to] = (isMine ? own[half + mine] : table[theirHalf + theirs]) ?? 0;
      if (isMine) mine -= 1;
      if (myBucket <= theirBucket) theirs -= 1;
    }
  }

  /** Adds to the buckets that are filled here too; says how many are not. */
  #addKnown(table: Uint32Array, filled: number): number {
    const [own, ownFilled] = [this.#table, this.#filled];
    const [half, theirHalf] = [own.length >>> 1, table.length >>> 1];
    let [missing, mine, added] = [0, 0, 0];
    for (let theirs = 0; theirs < filled; theirs++) {
      const bucket = table[theirs] ?? 0;
      const count = table[theirHalf + theirs] ?? 0;
      added += count;
      while (mine < ownFilled && (own[mine] ?? 0) < bucket) mine += 1;
      if (mine < ownFilled && own[mine] === bucket) own[half + mine] = (own[half + mine] ?? 0) + count;
      else missing += 1;
    }
    this.#count += added;
    return missing;
  }

  /** Makes room for so many buckets, and for half as many again as there was. */
  #reach(filled: number): void {
    const half = this.#table.length >>> 1;
    if (filled <= half) return;
    const longer = new Uint32Array(2 * Math.max(filled, 4, half + (half >>> 1)));
    longer.set(this.#table.subarray(0, this.#filled));
    longer.set(this.#table.subarray(half, half + this.#filled), longer.length >>> 1);
    this.#table = longer;
  }

  #bucketAt(at: number): { readonly value: number; readonly count: number } {
    return {
      value: this.#middle(this.#table[at] ?? 0),
      count: this.#table[(this.#table.length >>> 1) + at] ?? 0,
    };
  }

  #middle(bucket: number): number {
    if (bucket === 0) return 0;
    words[highWord] = ((bucket << this.#shift) | ((1 << this.#shift) >>> 1)) >>> 0;
    words[1 - highWord] = 0;
    return float[0] ?? 0;
  }
}
