import { expect, test } from '@playwright/test';
import { apdex } from './apdex.ts';

const cases = [
  { counts: [60, 30, 10], score: 0.75, rating: 'fair' }, // the worked example of the standard
  { counts: [94, 0, 6], score: 0.94, rating: 'excellent' },
  { counts: [85, 0, 15], score: 0.85, rating: 'good' },
  { counts: [50, 0, 50], score: 0.5, rating: 'poor' },
  { counts: [49, 0, 51], score: 0.49, rating: 'unacceptable' },
  { counts: [0, 0, 100], score: 0, rating: 'unacceptable' },
] as const;
for (const { counts, score, rating } of cases) {
  const [satisfied, tolerating, frustrated] = counts;
  test(`${counts.join(' + ')} satisfied, tolerating and frustrated score ${score}, ${rating}`, () => {
    expect(apdex({ satisfied, tolerating, frustrated })).toEqual({
      kind: 'scored',
      score,
      rating,
      count: 100,
      small: false,
    });
  });
}

test('99 requests are marked as few', () => {
  expect(apdex({ satisfied: 99, tolerating: 0, frustrated: 0 })).toMatchObject({ score: 1, small: true });
});

test('no request has no score', () => {
  expect(apdex({ satisfied: 0, tolerating: 0, frustrated: 0 })).toEqual({
    kind: 'not-enough-data',
    reason: 'no request was made',
  });
});
