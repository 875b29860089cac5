import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { between, constantly, exponentially, normally, type Pause, pauseOf } from './pause.ts';
import { seededRandom } from '../random.ts';

function draws(pause: Pause, count = 20_000): { mean: number; deviation: number; least: number; most: number } {
  const random = seededRandom(11);
  const values = Array.from({ length: count }, () => pause.drawMs(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  return { mean, deviation, least: Math.min(...values), most: Math.max(...values) };
}

const pauses = [
  { pause: constantly('500ms'), words: '500ms', mean: 500, deviation: 0 },
  { pause: between('1s', '3s'), words: '1s to 3s', mean: 2_000, deviation: 2_000 / Math.sqrt(12) },
  { pause: normally('2s', '100ms'), words: '2s ± 100ms', mean: 2_000, deviation: 100 },
  { pause: exponentially('2s'), words: '2s on average, exponential', mean: 2_000, deviation: 2_000 },
];
for (const { pause, words, mean, deviation } of pauses) {
  test(`a pause of ${words} has mean ${mean} ms and deviation ${Math.round(deviation)} ms`, () => {
    expect(pause.describe()).toBe(words);
    const drawn = draws(pause);
    // Four standard errors of the mean; the deviation within 5 %.
    expect(Math.abs(drawn.mean - mean)).toBeLessThanOrEqual((4 * deviation) / Math.sqrt(20_000));
    expect(Math.abs(drawn.deviation - deviation)).toBeLessThanOrEqual(0.05 * deviation);
    expect(drawn.least).toBeGreaterThanOrEqual(0);
  });
}

test('a uniform pause stays within its bounds and reaches for both', () => {
  const { least, most } = draws(between('1s', '3s'));
  expect(least).toBeGreaterThanOrEqual(1_000);
  expect(least).toBeLessThan(1_010);
  expect(most).toBeLessThan(3_000);
  expect(most).toBeGreaterThan(2_990);
});

test('a normal pause that would be negative is none', () => {
  expect(draws(normally('0s', '1s')).least).toBe(0);
});

test('the same seed draws the same pauses', () => {
  const [a, b] = [seededRandom(5), seededRandom(5)];
  const pause = between('0s', '1s');
  expect(Array.from({ length: 5 }, () => pause.drawMs(a))).toEqual(Array.from({ length: 5 }, () => pause.drawMs(b)));
});

const wrong = [
  {
    say: 'an empty pause',
    make: () => constantly('' as '1s'),
    problems: ['`constantly` must be a duration such as `300ms`, `30s` or `5m`, got ""'],
  },
  {
    say: 'bounds the wrong way round',
    make: () => between('3s', '1s'),
    problems: ['`between` goes from the shorter to the longer, got `3s` and `1s`'],
  },
  {
    say: 'two bounds that are none',
    make: () => between('a' as '1s', '-1s'),
    problems: [
      '`between` must be a duration such as `300ms`, `30s` or `5m`, got "a"',
      '`between` must be a duration such as `300ms`, `30s` or `5m`, got "-1s"',
    ],
  },
  {
    say: 'a number as a pause',
    make: () => pauseOf(500 as never),
    problems: ['`thinking` must be a duration such as `500ms`, or a pause such as `between("1s", "3s")`, got 500'],
  },
];
for (const { say, make, problems } of wrong) {
  test(`refuses ${say}`, () => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionsError', problems }));
  });
}
