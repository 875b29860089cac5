import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { blockOrder, comparePairs, type Pair } from './paired-comparison.ts';
import { seededRandom, standardNormal } from '../random.ts';

/** Pairs whose ratio is exactly the given one, under a drift that doubles both sides over the run. */
const drifting = (ratio: number, count = 10, baseMs = 20): Pair[] =>
  Array.from({ length: count }, (_, at) => ({ a: baseMs * (1 + at / count), b: baseMs * (1 + at / count) * ratio }));

const cases: { title: string; pairs: Pair[]; expected: Record<string, unknown> }[] = [
  { title: 'the same server twice', pairs: drifting(1), expected: { kind: 'ok', faster: false, ratio: 1 } },
  { title: 'slower within the tolerance', pairs: drifting(1.19), expected: { kind: 'ok', faster: false } },
  {
    title: 'slower beyond the tolerance',
    pairs: drifting(1.25),
    expected: { kind: 'regression', ratio: expect.closeTo(1.25, 9) },
  },
  { title: 'faster', pairs: drifting(0.8), expected: { kind: 'ok', faster: true } },
  { title: 'half as slow again, of a quarter millisecond', pairs: drifting(1.5, 10, 0.25), expected: { kind: 'ok' } },
  {
    title: 'noise as large as the effect',
    pairs: [1.6, 0.9, 1.5, 0.8, 1.4, 1.1].map((ratio) => ({ a: 20, b: 20 * ratio })),
    expected: { kind: 'inconclusive', sensitive: false },
  },
  {
    title: 'much slower but for one pair that was faster',
    pairs: [1.9, 0.95, 1.8, 1.7, 1.6, 1.9].map((ratio) => ({ a: 20, b: 20 * ratio })),
    expected: { kind: 'inconclusive', ratioLow: expect.closeTo(0.95, 9) },
  },
  {
    title: 'surely slower, perhaps beyond the tolerance',
    pairs: [1.05, 1.1, 1.12, 1.15, 1.18, 1.45].map((ratio) => ({ a: 20, b: 20 * ratio })),
    expected: { kind: 'inconclusive', ratioLow: expect.closeTo(1.05, 9) },
  },
];
for (const { title, pairs, expected } of cases) {
  test(`${title}: ${String(expected['kind'])}`, () => {
    expect(comparePairs(pairs, { tolerance: 0.2 })).toMatchObject(expected);
  });
}

/** Of 300 comparisons of ten pairs with a true ratio and noise of the ratio, the share that ended as a regression. */
function regressions(trueRatio: number, noise: number, tolerance: number): number {
  const random = seededRandom(5);
  let found = 0;
  for (let run = 0; run < 300; run += 1) {
    const pairs = Array.from({ length: 10 }, () => ({
      a: 50,
      b: 50 * trueRatio * Math.exp(noise * standardNormal(random)),
    }));
    if (comparePairs(pairs, { tolerance }).kind === 'regression') found += 1;
  }
  return found / 300;
}

test('an equal server is never called a regression, a 15 % slower one nearly always, at 5 % noise', () => {
  expect(regressions(1, 0.05, 0.1)).toBe(0);
  expect(regressions(1.15, 0.05, 0.1)).toBeGreaterThan(0.97);
});

test('the detectable slowdown at ten pairs is about the noise of a pair', () => {
  const random = seededRandom(8);
  const pairs = Array.from({ length: 10 }, () => ({ a: 50, b: 50 * Math.exp(0.1 * standardNormal(random)) }));
  const compared = comparePairs(pairs, { tolerance: 0.2 });
  expect(compared).toHaveProperty('detectable', expect.closeTo(0.1, 1));
  expect(compared).toMatchObject({ sensitive: true });
});

test('the surer a comparison has to be, the larger a slowdown has to be to show', () => {
  const pairs = [1.1, 0.9, 1.05, 0.95, 1.02, 0.98, 1.04, 0.97, 1.01, 1].map((ratio) => ({ a: 50, b: 50 * ratio }));
  const reach = (confidence: number) => comparePairs(pairs, { tolerance: 0.2, confidence });
  expect(reach(0.95)).toHaveProperty('detectable', expect.closeTo(0.0576, 4));
  expect(reach(0.975)).toHaveProperty('detectable', expect.closeTo(0.0656, 4));
});

test('five pairs are not enough', () => {
  expect(comparePairs(drifting(2, 5), { tolerance: 0.1 })).toEqual({
    kind: 'not-enough-data',
    reason: '5 pairs are too few for an interval of 95 %',
  });
});

test('no pair is not enough', () => {
  expect(comparePairs([], { tolerance: 0.1 }).kind).toBe('not-enough-data');
});

for (const pair of [
  { a: 0, b: 1 },
  { a: 1, b: NaN },
]) {
  test(`a pair of ${pair.a} and ${pair.b} is refused`, () => {
    expect(() => comparePairs([pair], { tolerance: 0.1 })).toThrow(RangeError);
  });
}

test('blocks alternate who goes first', () => {
  expect(blockOrder(3, 'a').join('')).toBe('abbaab');
  expect(blockOrder(2, 'b').join('')).toBe('baab');
});
