import { expect } from '@playwright/test';
import fc from 'fast-check';
import { encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import { expectSame } from '../../testing/expect-same.ts';
import { test } from '../../testing/plain-test.ts';
import { LatencyHistogram, rankOf } from './histogram.ts';
import { decodeHistogram } from './open-histogram.ts';

/** Latencies as integer microseconds, from one of them to a minute, small ones as likely as large ones. */
const latenciesUs = fc.array(
  fc.double({ min: 0, max: 1, noNaN: true }).map((x) => Math.round(6e7 ** x)),
  {
    minLength: 1,
    maxLength: 300,
  },
);

function recorded(us: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of us) histogram.recordMs(value / 1_000);
  return histogram;
}

test('each percentile is within 0.1 % of the sorted array', () => {
  fc.assert(
    fc.property(latenciesUs, fc.constantFrom(1, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100), (us, percent) => {
      const sorted = us.toSorted((a, b) => a - b);
      const exact = (sorted[Math.max(1, Math.ceil((percent * us.length) / 100 - 1e-9)) - 1] ?? 0) / 1_000;
      const got = recorded(us).percentileMs(percent) ?? Number.NaN;
      expectSame({ us, percent, isNear: Math.abs(got - exact) <= exact * 0.001 }, { us, percent, isNear: true });
    }),
  );
});

test('count, mean, min, max and deviation are exact', () => {
  fc.assert(
    fc.property(latenciesUs, (us) => {
      const stats = recorded(us).stats();
      const mean = us.reduce((sum, value) => sum + value, 0) / us.length;
      const variance = us.reduce((sum, value) => sum + (value - mean) ** 2, 0) / us.length;
      const { count, min, max, mean: meanMs = NaN, stdev = NaN } = stats ?? {};
      expectSame(
        {
          ...{ us, count, min, max, isMean: Math.abs(meanMs - mean / 1_000) < 5e-7 },
          isDeviation: Math.abs(stdev - Math.sqrt(variance) / 1_000) <= 1e-5 * mean,
        },
        {
          ...{ us, count: us.length, min: Math.min(...us) / 1_000, max: Math.max(...us) / 1_000, isMean: true },
          isDeviation: true,
        },
      );
    }),
  );
});

test('merged segments are bit for bit what one process would have recorded, in any order, also over the wire', () => {
  const smallUs = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(fc.array(smallUs, { minLength: 1, maxLength: 4 }), (segments) => {
      const whole = recorded(segments.flat()).encode();
      for (const order of [segments, segments.toReversed()]) {
        const merged = new LatencyHistogram();
        for (const us of order) {
          const wire: unknown = JSON.parse(JSON.stringify({ encoded: recorded(us).encode() }));
          merged.add(decodeHistogram((wire as { encoded?: ReturnType<LatencyHistogram['encode']> }).encoded));
        }
        expectSame(merged.encode(), whole);
        expectSame(merged.stats(), recorded(segments.flat()).stats());
      }
    }),
    { numRuns: 30 },
  );
});

test('without samples there is nothing: no percentile, no 0', () => {
  const empty = new LatencyHistogram();
  expect([empty.stats(), empty.percentileMs(50), empty.encode(), empty.buckets()]).toEqual([
    undefined,
    undefined,
    undefined,
    [],
  ]);
  expect(decodeHistogram(undefined).count).toBe(0);
});

for (const ms of [NaN, Infinity, -Infinity]) {
  test(`${ms} is refused, not filed under 0`, () => {
    const histogram = new LatencyHistogram();
    expect(() => histogram.recordMs(ms)).toThrow(
      new RangeError(`a latency must be a finite number of milliseconds, got ${ms}`),
    );
    expect(histogram.count).toBe(0);
  });
}

const edges = [
  { ms: 0, kept: 0.001 }, // a microsecond is the least
  { ms: -5, kept: 0.001 }, // a clock that went back
  { ms: 0.0004, kept: 0.001 },
  { ms: 1.2345, kept: 1.235 }, // to the next microsecond
  { ms: 7_200_000, kept: 3_600_000 }, // an hour is the most
];
for (const { ms, kept } of edges) {
  test(`${ms} ms is kept as ${kept} ms`, () => {
    const histogram = new LatencyHistogram();
    histogram.recordMs(ms);
    expect(histogram.stats()).toMatchObject({ count: 1, min: kept, p50: kept, p99: kept, max: kept, mean: kept });
  });
}

const ranks = [
  { percent: 50, count: 1, rank: 1 },
  { percent: 50, count: 4, rank: 2 },
  { percent: 90, count: 16, rank: 15 }, // rounding to the nearest would say 14, which only 87.5 % do not exceed
  { percent: 95, count: 20, rank: 19 }, // not 20, for the dust of 0.95 × 20
  { percent: 99.9, count: 1_000, rank: 999 },
  { percent: 99.9, count: 1_001, rank: 1_000 },
  { percent: 0, count: 10, rank: 1 },
  { percent: 100, count: 10, rank: 10 },
];
for (const { percent, count, rank } of ranks) {
  test(`p${percent} of ${count} samples is number ${rank}`, () => {
    expect(rankOf(percent, count)).toBe(rank);
    const histogram = recorded(Array.from({ length: count }, (_, at) => at + 1));
    expect(histogram.percentileMs(percent)).toBe(rank / 1_000); // values up to 2,047 µs have a bucket each
  });
}

test('buckets hold every sample once, and counting up to a latency agrees with them', () => {
  const histogram = recorded([1_000, 1_000, 2_000, 50_000]);
  expect(histogram.buckets().map(({ count }) => count)).toEqual([2, 1, 1]);
  expect([0.5, 1, 2, 49, 51].map((ms) => histogram.countUpToMs(ms))).toEqual([0, 2, 3, 3, 4]);
});

test('a bucket stands for its samples by its middle, and by none that was not there', () => {
  expect(recorded([1_000, 50_010, 90_000, 6_995_969]).buckets()).toEqual([
    { ms: 1, count: 1 },
    { ms: 50, count: 1 }, // from 49.984 to 50.016
    { ms: 90.016, count: 1 }, // from 89.984 to 90.048
    { ms: 6_995.969, count: 1 }, // the greatest that there was; its bucket goes on to 7_000.063
  ]);
});

test('of a distribution that claims more samples than it holds, the greatest is its last', () => {
  const encoded = recorded([1_000, 3_000]).encode();
  const lying = decodeHistogram(encoded && { ...encoded, count: 9 });
  expect([lying.percentileMs(10), lying.percentileMs(100)]).toEqual([1, 3]);
});

test('what travels is what HdrHistogram itself would have written', () => {
  fc.assert(
    fc.property(latenciesUs, (us) => {
      const hdr = new Int32Histogram(1, 3_600_000_000, 3);
      for (const value of us) hdr.recordValue(value);
      expectSame(recorded(us).encode()?.hdr, encodeIntoCompressedBase64(hdr));
    }),
    { numRuns: 50 },
  );
});
