/**
 * A latency histogram that merges exactly and leaves the process: HdrHistogram in integer microseconds with three
 * significant digits, and beside it the exact count, sum, square sum, minimum and maximum, which its encoding rounds.
 */
import { decodeFromCompressedBase64, encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';

/** Longer than any request may take: one hour. */
const highestUs = 3_600_000_000;
const significantDigits = 3;

/** Latencies in milliseconds. Absent altogether when nothing was measured. */
export interface LatencyStats {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly stdev: number;
}

/** A histogram on the wire: HdrHistogram V2 compressed base64, and what that encoding does not keep exactly. */
export interface EncodedHistogram {
  readonly hdr: string;
  readonly count: number;
  readonly sumUs: number;
  readonly sumSquaresUs: number;
  readonly minUs: number;
  readonly maxUs: number;
}

export class LatencyHistogram {
  #hdr: Int32Histogram | undefined;
  #count = 0;
  #sumUs = 0;
  #sumSquaresUs = 0;
  #minUs = highestUs;
  #maxUs = 0;

  get count(): number {
    return this.#count;
  }

  /**
   * Records one latency in milliseconds, rounded to a microsecond and at least one. Throws `RangeError` for what is no
   * finite number: HdrHistogram would file it silently under zero.
   */
  recordMs(ms: number): void {
    if (!Number.isFinite(ms)) throw new RangeError(`a latency must be a finite number of milliseconds, got ${ms}`);
    const us = Math.min(highestUs, Math.max(1, Math.round(ms * 1_000)));
    (this.#hdr ??= empty()).recordValue(us);
    this.#count += 1;
    this.#sumUs += us;
    this.#sumSquaresUs += us * us;
    if (us < this.#minUs) this.#minUs = us;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** Adds the other's samples to this one: bucket by bucket, so order and grouping do not matter. */
  add(other: LatencyHistogram): void {
    if (other.#hdr === undefined) return;
    (this.#hdr ??= empty()).add(other.#hdr);
    this.#count += other.#count;
    this.#sumUs += other.#sumUs;
    this.#sumSquaresUs += other.#sumSquaresUs;
    this.#minUs = Math.min(this.#minUs, other.#minUs);
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs);
  }

  /**
   * The latency in milliseconds that `percent` of the samples do not exceed, never outside [min, max]; absent without
   * samples. The rank is rounded up, as in Java's HdrHistogram; the JavaScript one rounds to the nearest, which may be
   * a sample too low.
   */
  percentileMs(percent: number): number | undefined {
    if (this.#hdr === undefined) return undefined;
    if (percent >= 100) return this.#maxUs / 1_000;
    const us = this.#hdr.getValueAtPercentile((100 * rankOf(percent, this.#count)) / this.#count);
    return Math.min(this.#maxUs, Math.max(this.#minUs, us)) / 1_000;
  }

  /** How many samples were at most so many milliseconds (to bucket resolution). */
  countUpToMs(ms: number): number {
    let count = 0;
    for (const bucket of this.buckets()) if (bucket.ms <= ms) count += bucket.count;
    return count;
  }

  stats(): LatencyStats | undefined {
    if (this.#hdr === undefined) return undefined;
    const at = (percent: number) => this.percentileMs(percent) ?? 0;
    const meanUs = this.#sumUs / this.#count;
    const varianceUs = Math.max(0, this.#sumSquaresUs / this.#count - meanUs * meanUs);
    return {
      count: this.#count,
      min: this.#minUs / 1_000,
      mean: meanUs / 1_000,
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      p999: at(99.9),
      max: this.#maxUs / 1_000,
      stdev: Math.sqrt(varianceUs) / 1_000,
    };
  }

  /** The filled buckets in rising order, each by its median value in milliseconds. */
  buckets(): { readonly ms: number; readonly count: number }[] {
    if (this.#hdr === undefined) return [];
    const buckets: { ms: number; count: number }[] = [];
    const last = this.#hdr.countsArrayIndex(this.#maxUs);
    for (let index = this.#hdr.countsArrayIndex(this.#minUs); index <= last; index++) {
      const count = this.#hdr.getCountAtIndex(index);
      if (count === 0) continue;
      const us = this.#hdr.medianEquivalentValue(this.#hdr.valueFromIndex(index));
      buckets.push({ ms: Math.min(this.#maxUs, Math.max(this.#minUs, us)) / 1_000, count });
    }
    return buckets;
  }

  encode(): EncodedHistogram | undefined {
    if (this.#hdr === undefined) return undefined;
    return {
      hdr: encodeIntoCompressedBase64(this.#hdr),
      count: this.#count,
      sumUs: this.#sumUs,
      sumSquaresUs: this.#sumSquaresUs,
      minUs: this.#minUs,
      maxUs: this.#maxUs,
    };
  }

  static decode(encoded: EncodedHistogram | undefined): LatencyHistogram {
    const histogram = new LatencyHistogram();
    if (encoded === undefined) return histogram;
    histogram.#hdr = empty();
    const decoded = decodeFromCompressedBase64(encoded.hdr, 32, false);
    if (!(decoded instanceof Int32Histogram)) throw new TypeError('an encoded histogram must hold 32-bit counts');
    histogram.#hdr.add(decoded);
    histogram.#count = encoded.count;
    histogram.#sumUs = encoded.sumUs;
    histogram.#sumSquaresUs = encoded.sumSquaresUs;
    histogram.#minUs = encoded.minUs;
    histogram.#maxUs = encoded.maxUs;
    return histogram;
  }
}

/** Number of the sample, from 1 of `count`, that `percent` of all do not exceed: nearest rank, rounded up. */
export function rankOf(percent: number, count: number): number {
  return Math.max(1, Math.ceil((percent * count) / 100 - 1e-9));
}

function empty(): Int32Histogram {
  return new Int32Histogram(1, highestUs, significantDigits);
}
