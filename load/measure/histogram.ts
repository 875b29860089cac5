/**
 * A latency histogram that merges exactly and leaves the process: HdrHistogram's buckets over integer microseconds with
 * three significant digits, and beside them the exact count, sum, square sum, minimum and maximum, which its encoding
 * rounds. Recording is a few machine instructions on an array that is only as long as the slowest request needs;
 * hdr-histogram-js writes what travels, so every tool of that family can open it.
 */
import { encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import { eachHdrCount } from './hdr-counts.ts';

/** Longer than any request may take: one hour. It fits in 32 bits. */
const highestUs = 3_600_000_000;
/** With which a histogram travels. */
export const hdrSettings = { lowest: 1, highest: highestUs, digits: 3 } as const;
/** Buckets of one size before their size doubles: enough that none is wider than 0.1 % of what it holds. */
const halfCount = 1_024;
const halfBits = 10;

/**
 * A distribution of latencies in milliseconds; absent altogether when nothing was measured. Percentiles are by nearest
 * rank, to three significant digits (HdrHistogram); the rest is exact to the microsecond.
 */
export interface LatencyStats {
  /** Latencies measured. */
  readonly count: number;
  /** The quickest. */
  readonly min: number;
  /** Arithmetic mean. */
  readonly mean: number;
  /** Median. */
  readonly p50: number;
  /** 90th percentile. */
  readonly p90: number;
  /** 95th percentile. */
  readonly p95: number;
  /** 99th percentile. */
  readonly p99: number;
  /** 99.9th percentile. */
  readonly p999: number;
  /** The slowest. */
  readonly max: number;
  /** Standard deviation of all of them (divided by n). */
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

/** An encoded histogram that is unpacked and to be added. */
export interface OpenedHistogram extends Omit<EncodedHistogram, 'hdr'> {
  readonly counts: Uint8Array;
}

export class LatencyHistogram {
  /** By bucket; zeros at the end are left out. */
  #counts = new Uint32Array(0);
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
    this.#fill(bucketOf(us), 1);
    this.#count += 1;
    this.#sumUs += us;
    this.#sumSquaresUs += us * us;
    this.#minUs = Math.min(this.#minUs, us);
    this.#maxUs = Math.max(this.#maxUs, us);
  }

  /** Adds the other's samples to this one: bucket by bucket, so order and grouping do not matter. */
  add(other: LatencyHistogram): void {
    const least = bucketOf(other.#minUs);
    for (let bucket = other.#counts.length - 1; bucket >= least; bucket--) {
      const count = other.#counts[bucket] ?? 0;
      if (count > 0) this.#fill(bucket, count); // the highest first, so that it grows once
    }
    this.#addExact({
      count: other.#count,
      sumUs: other.#sumUs,
      sumSquaresUs: other.#sumSquaresUs,
      minUs: other.#minUs,
      maxUs: other.#maxUs,
    });
  }

  /** The same for what came over the wire. */
  addOpened(opened: OpenedHistogram | undefined): void {
    if (opened === undefined) return;
    this.#reach(bucketOf(opened.maxUs));
    eachHdrCount(opened.counts, (bucket, count) => this.#fill(bucket, count));
    this.#addExact(opened);
  }

  #addExact({ count, sumUs, sumSquaresUs, minUs, maxUs }: Omit<OpenedHistogram, 'counts'>): void {
    this.#count += count;
    this.#sumUs += sumUs;
    this.#sumSquaresUs += sumSquaresUs;
    this.#minUs = Math.min(this.#minUs, minUs);
    this.#maxUs = Math.max(this.#maxUs, maxUs);
  }

  /**
   * The latency in milliseconds that `percent` of the samples do not exceed, never outside [min, max]; absent without
   * samples. The rank is rounded up, as in Java's HdrHistogram; the JavaScript one rounds to the nearest, which may be
   * a sample too low.
   */
  percentileMs(percent: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = rankOf(percent, this.#count);
    let bucket = bucketOf(this.#minUs);
    for (let seen = this.#counts[bucket] ?? 0; seen < rank && bucket < this.#counts.length;)
      seen += this.#counts[++bucket] ?? 0;
    return this.#withinMs(lowestUs(bucket + 1) - 1);
  }

  /** How many samples were at most so many milliseconds (to bucket resolution). */
  countUpToMs(ms: number): number {
    let count = 0;
    for (const bucket of this.buckets()) if (bucket.ms <= ms) count += bucket.count;
    return count;
  }

  stats(): LatencyStats | undefined {
    if (this.#count === 0) return undefined;
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
    return this.#filled().map(([bucket, count]) => ({
      ms: this.#withinMs(Math.floor((lowestUs(bucket) + lowestUs(bucket + 1)) / 2)),
      count,
    }));
  }

  encode(): EncodedHistogram | undefined {
    if (this.#count === 0) return undefined;
    const hdr = new Int32Histogram(hdrSettings.lowest, hdrSettings.highest, hdrSettings.digits);
    for (const [bucket, count] of this.#filled()) hdr.recordValueWithCount(lowestUs(bucket), count);
    return {
      hdr: encodeIntoCompressedBase64(hdr),
      count: this.#count,
      sumUs: this.#sumUs,
      sumSquaresUs: this.#sumSquaresUs,
      minUs: this.#minUs,
      maxUs: this.#maxUs,
    };
  }

  /** In rising order, from the least value's on. */
  #filled(): [bucket: number, count: number][] {
    const filled: [number, number][] = [];
    for (let bucket = bucketOf(this.#minUs); bucket < this.#counts.length; bucket++) {
      const count = this.#counts[bucket] ?? 0;
      if (count > 0) filled.push([bucket, count]);
    }
    return filled;
  }

  #fill(bucket: number, count: number): void {
    if (bucket >= this.#counts.length) this.#reach(bucket);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
  }

  /** Makes room up to the bucket. */
  #reach(bucket: number): void {
    if (bucket < this.#counts.length) return;
    const longer = new Uint32Array((1 + (bucket >>> halfBits)) << halfBits);
    longer.set(this.#counts);
    this.#counts = longer;
  }

  /** A bucket's value stands for its samples, none of which lies outside [min, max]. */
  #withinMs(us: number): number {
    return Math.min(this.#maxUs, Math.max(this.#minUs, us)) / 1_000;
  }
}

/** HdrHistogram's index of a value: linear up to 2,047 µs, then 1,024 buckets to each doubling. */
function bucketOf(us: number): number {
  const shift = Math.max(0, 31 - halfBits - Math.clz32(us));
  return (shift << halfBits) + (us >>> shift);
}

/** The least value of a bucket, in microseconds. */
function lowestUs(bucket: number): number {
  if (bucket < 2 * halfCount) return bucket;
  const shift = (bucket >>> halfBits) - 1;
  return (bucket - (shift << halfBits)) * 2 ** shift;
}

/** Number of the sample, from 1 of `count`, that `percent` of all do not exceed: nearest rank, rounded up. */
export function rankOf(percent: number, count: number): number {
  return Math.max(1, Math.ceil((percent * count) / 100 - 1e-9));
}
