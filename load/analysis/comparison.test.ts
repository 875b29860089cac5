import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { type ComparedWorld, endsOfComparisons } from '../../testing/simulated/comparisons.ts';
import { asksForMore, type ComparedPair, compareBlocks, type ComparisonOptions } from './comparison.ts';
import { describeComparison } from './comparison-words.ts';

const options: ComparisonOptions = {
  tolerances: [
    { metric: 'p50', tolerance: 0.1 },
    { metric: 'p95', tolerance: 0.2 },
  ],
  lost: 0.01,
  floor: '0.5ms',
  confidence: 0.975,
};

interface Made {
  readonly p50?: number;
  readonly p95?: number;
  readonly ok?: number;
}

/** Ten pairs of 100 requests each: 20 ms and 40 ms on both sides, but for what is said. */
const pairsOf = (a: Made, b: Made, count = 10): ComparedPair[] =>
  Array.from({ length: count }, () => ({ a: blockOf(a), b: blockOf(b) }));
const blockOf = ({ p50 = 20, p95 = 40, ok = 100 }: Made) => ({ latencyMs: { p50, p95 }, due: 100, ok });
const [none, oneDead] = [{}, [...pairsOf({}, {}, 9), ...pairsOf({}, { ok: 60 }, 1)]];

const cases: {
  readonly title: string;
  readonly pairs: ComparedPair[];
  readonly kind: string;
  readonly says: string;
}[] = [
  {
    title: 'equal',
    pairs: pairsOf(none, none),
    kind: 'ok',
    says: 'new is no slower than old by more than is allowed: p50 0 % (0 % to 0 %, +10 % allowed; 20.0 ms to 20.0 ms), p95 0 % (0 % to 0 %, +20 % allowed; 40.0 ms to 40.0 ms); over 10 pairs 0 % in p50 and 0 % in p95 would have shown',
  },
  {
    title: 'both faster',
    pairs: pairsOf(none, { p50: 15, p95: 30 }),
    kind: 'ok',
    says: 'new is faster than old: p50 -25 %',
  },
  { title: 'faster by one alone', pairs: pairsOf(none, { p50: 15 }), kind: 'ok', says: 'new is no slower than old' },
  {
    title: 'slower in the middle',
    pairs: pairsOf(none, { p50: 24 }),
    kind: 'regression',
    says: 'new is slower than old: p50 +20 %',
  },
  {
    title: 'slower in the tail',
    pairs: pairsOf(none, { p95: 52 }),
    kind: 'regression',
    says: 'new is slower than old: p50 0 %',
  },
  {
    title: 'slower within the tolerances',
    pairs: pairsOf(none, { p50: 21.9, p95: 47 }),
    kind: 'ok',
    says: 'new is no slower',
  },
  {
    title: 'one latency open, none slower',
    pairs: [12, 30, 11, 33, 16, 29, 12, 35, 14, 32].map((p50) => ({ a: blockOf({}), b: blockOf({ p50 }) })),
    kind: 'inconclusive',
    says: 'it is open whether new is slower than old: p50',
  },
  {
    title: 'errors where there were none',
    pairs: pairsOf(none, { ok: 97 }),
    kind: 'losses',
    says: 'new loses more of its requests than old: old 0 %, new 3.0 %; p50 0 %',
  },
  { title: 'one outage in ten blocks', pairs: oneDead, kind: 'losses', says: 'old 0 %, new 4.0 %' },
  { title: 'as many errors as may be', pairs: pairsOf({ ok: 99 }, { ok: 98 }), kind: 'ok', says: 'new is no slower' },
  {
    title: 'errors on the side to compare with',
    pairs: pairsOf({ ok: 90 }, { ok: 90 }),
    kind: 'no-reference',
    says: 'old is nothing to compare with: old 10.0 %, new 10.0 %',
  },
  {
    title: 'latencies of nothing',
    pairs: pairsOf({ p50: 0 }, { p50: 0 }),
    kind: 'not-enough-data',
    says: "old and new can't be compared: p50 of pair 1 is nothing on one side: what takes a microsecond, or was not measured, has no ratio",
  },
  {
    title: 'a latency that was not measured',
    pairs: [...pairsOf({}, {}, 9), { a: blockOf({}), b: { latencyMs: { p50: 20 }, due: 0, ok: 0 } }],
    kind: 'not-enough-data',
    says: 'p95 of pair 10 is nothing on one side',
  },
  {
    title: 'six pairs, of which no interval of 97.5 % can be had',
    pairs: pairsOf(none, none, 6),
    kind: 'not-enough-data',
    says: '6 pairs are too few for an interval of 97.5 %',
  },
  { title: 'no pairs', pairs: [], kind: 'not-enough-data', says: '0 pairs are too few' },
];
for (const { title, pairs, kind, says } of cases) {
  test(`${title}: ${kind}`, () => {
    const comparison = compareBlocks(pairs, options);
    expect(comparison.kind).toBe(kind);
    expect(describeComparison(comparison, { a: 'old', b: 'new' })).toContain(says);
  });
}

/** p50 of `b` in ten pairs, of which each takes 20 ms on `a`. */
const looks: readonly { readonly what: string; readonly p50s: readonly number[]; readonly asks: boolean }[] = [
  { what: 'equal', p50s: [20, 20, 20, 20, 20, 20, 20, 20, 20, 20], asks: false },
  { what: 'open', p50s: [18, 26, 19, 25, 21, 26, 18, 27, 19, 25], asks: true },
  { what: 'slower, and hardly noisy', p50s: [25, 26, 25, 26, 25, 26, 25, 26, 25, 26], asks: false },
  { what: 'slower, and too noisy to have shown a tenth', p50s: [21, 60, 24, 50, 22, 70, 25, 44, 21, 58], asks: true },
];
for (const { what, p50s, asks } of looks) {
  test(`a first look at what is ${what} ${asks ? 'asks for more pairs' : 'is the answer'}`, () => {
    const pairs = p50s.map((p50) => ({ a: blockOf({}), b: blockOf({ p50 }) }));
    expect(asksForMore(compareBlocks(pairs, options))).toBe(asks);
  });
}

test('losses are an answer, however noisy the latencies', () => {
  const pairs = pairsOf({}, { ok: 90 });
  expect(asksForMore(compareBlocks(pairs, options))).toBe(false);
});

/** The last but two: a slowdown of just the tolerance is open by its nature, and passes one time in twenty. */
const worlds: readonly (ComparedWorld & { readonly ends: Readonly<Record<string, number>> })[] = [
  { slower: 1, noise: 0.03, tolerance: 0.1, ends: { regression: 0, ok: 200, inconclusive: 0 } },
  { slower: 1, noise: 0.05, tolerance: 0.05, ends: { regression: 2, ok: 87, inconclusive: 111 } },
  { slower: 1, noise: 0.1, tolerance: 0.1, ends: { regression: 2, ok: 88, inconclusive: 110 } },
  { slower: 0.9, noise: 0.05, tolerance: 0.1, ends: { regression: 0, ok: 200, inconclusive: 0 } },
  { slower: 1.1, noise: 0.03, tolerance: 0.05, ends: { regression: 200, ok: 0, inconclusive: 0 } },
  { slower: 1.1, noise: 0.03, tolerance: 0.1, ends: { regression: 133, ok: 10, inconclusive: 57 } },
  { slower: 1.15, noise: 0.03, tolerance: 0.1, ends: { regression: 200, ok: 0, inconclusive: 0 } },
  { slower: 1.15, noise: 0.05, tolerance: 0.1, ends: { regression: 198, ok: 0, inconclusive: 2 } },
];
for (const { ends, ...world } of worlds) {
  const { slower, noise, tolerance } = world;
  test(`of 200 comparisons at ${slower} times, noise ${noise} and tolerance ${tolerance} end ${JSON.stringify(ends)}`, () => {
    expect(endsOfComparisons(world)).toEqual(ends);
  });
}
