/**
 * A histogram that costs only its filled buckets, for the many small ones: an endpoint's second, a custom trend. The
 * bucket of a number is the head of its IEEE 754 form (sign, exponent, first bits of the mantissa), which is a
 * log-linear scale over all finite numbers; two of the same precision merge exactly.
 */
import { rankOf } from './histogram.ts';

/** Mantissa bits kept: 7 is within 0.4 % of a value, 10 within 0.05 %. */
export type Precision = 7 | 10;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Bucket numbers rising, each followed by its count; the numbers as differences, which are short. */
export type EncodedSparse = readonly number[];

export class SparseHistogram {
  readonly #shift: number;
  readonly #counts = new Map<number, number>();
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
    const bucket = (words[highWord] ?? 0) >>> this.#shift;
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#count += 1;
  }

  add(other: SparseHistogram): void {
    for (const [bucket, count] of other.#counts) this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#count += other.#count;
  }

  /** The filled buckets in rising order of value, each by its middle. */
  buckets(): { readonly value: number; readonly count: number }[] {
    return [...this.#counts]
      .map(([bucket, count]) => ({ value: this.#middle(bucket), count }))
      .sort((a, b) => a.value - b.value);
  }

  /** The value that `percent` of the samples do not exceed (nearest rank), or undefined without samples. */
  percentile(percent: number): number | undefined {
    const rank = rankOf(percent, this.#count);
    let seen = 0;
    for (const { value, count } of this.buckets()) {
      seen += count;
      if (seen >= rank) return value;
    }
    return undefined;
  }

  encode(): EncodedSparse {
    let last = 0;
    return [...this.#counts]
      .sort(([a], [b]) => a - b)
      .flatMap(([bucket, count]) => {
        const step = bucket - last;
        last = bucket;
        return [step, count];
      });
  }

  static decode(encoded: EncodedSparse, precision: Precision): SparseHistogram {
    const histogram = new SparseHistogram(precision);
    let bucket = 0;
    for (let at = 0; at + 1 < encoded.length; at += 2) {
      bucket += encoded[at] ?? 0;
      const count = encoded[at + 1] ?? 0;
      histogram.#counts.set(bucket, count);
      histogram.#count += count;
    }
    return histogram;
  }

  #middle(bucket: number): number {
    if (bucket === 0) return 0;
    words[highWord] = ((bucket << this.#shift) | ((1 << this.#shift) >>> 1)) >>> 0;
    words[1 - highWord] = 0;
    return float[0] ?? 0;
  }
}
