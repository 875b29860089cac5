import { expect, test } from '@playwright/test';
import {
  describeRate,
  durationMsOf,
  formatCount,
  formatDuration,
  formatMb,
  formatMs,
  formatPercent,
  formatRate,
  parseDurationMs,
  parseRate,
  shareOf,
} from './units.ts';

const durations = [
  { text: '300ms', ms: 300 },
  { text: '1.1s', ms: 1_100 }, // not 1,100.0000000000002
  { text: '.5s', ms: 500 },
  { text: '2m', ms: 120_000 },
  { text: '1.5h', ms: 5_400_000 },
  { text: '250us', ms: 0.25 },
  { text: '250µs', ms: 0.25 },
  { text: '0s', ms: 0 },
  ...['', '30', 's', '-1s', '1 s', '1e3s', '1d', 'NaNs', 'Infinitys', '1s ', '1,5s'].map((text) => ({
    text,
    ms: undefined,
  })),
];
for (const { text, ms } of durations) {
  test(`"${text}" is ${ms === undefined ? 'no duration' : `${ms} ms`}`, () => expect(durationMsOf(text)).toBe(ms));
}

const shares = [
  { text: '100%', share: 1 },
  { text: '99.9%', share: 999 / 1_000 }, // not 0.9990000000000001
  { text: '29%', share: 29 / 100 },
  { text: '0%', share: 0 },
  { text: '99', share: undefined },
  { text: '-1%', share: undefined },
];
for (const { text, share } of shares) {
  test(`"${text}" is ${share === undefined ? 'no share' : `the share ${share}`}`, () =>
    expect(shareOf(text)).toBe(share));
}

const rates = [
  { text: '500/s', rate: { count: 500, perMs: 1_000 }, words: '500/s' },
  { text: '30/m', rate: { count: 30, perMs: 60_000 }, words: '30/m' },
  { text: '0.5/h', rate: { count: 0.5, perMs: 3_600_000 }, words: '0.5/h' },
];
for (const { text, rate, words } of rates) {
  test(`"${text}" is a rate and prints as ${words}`, () => {
    expect(parseRate(text)).toEqual(rate);
    expect(describeRate(rate)).toBe(words);
  });
}

test('what is no duration or rate is refused by the name of its option', () => {
  expect(() => parseDurationMs('soon', 'warmUp')).toThrow(
    '`warmUp` must be a duration such as `300ms`, `30s` or `5m`, got "soon"',
  );
  expect(() => parseRate('fast', 'rate')).toThrow('`rate` must be a rate such as `500/s` or `30/m`, got "fast"');
});

const percents = [
  { share: 1, text: '100 %' },
  { share: 0, text: '0 %' },
  { share: 0.9999, text: '99.99 %' }, // 9,999 of 10,000 is not all
  { share: 0.99999, text: '99.999 %' },
  { share: 999_999_999 / 1e9, text: '99.999999 %' },
  { share: 1e-6, text: '0.0001 %' },
  { share: 1e-12, text: '0.000001 %' },
  { share: 0.5, text: '50.0 %' },
  { share: 1 / 3, text: '33.3 %' },
];
for (const { share, text } of percents)
  test(`a share of ${share} is ${text}`, () => expect(formatPercent(share)).toBe(text));

const printed = [
  ...[
    { value: 0.4123, text: '0.412 ms' },
    { value: 0.5, text: '0.5 ms' },
    { value: 7.123, text: '7.12 ms' },
    { value: 87.34, text: '87.3 ms' },
    { value: 512.3, text: '512 ms' },
    { value: 1_240, text: '1.24 s' },
    { value: 123_456, text: '123 s' },
    { value: 0, text: '0 ms' },
  ].map((row) => ({ ...row, format: formatMs })),
  ...[
    { value: 0.25, text: '0.25/s' },
    { value: 12_840.4, text: '12,840/s' },
    { value: 99.94, text: '99.9/s' },
  ].map((row) => ({ ...row, format: formatRate })),
  ...[
    { value: 250, text: '250ms' },
    { value: 0.25, text: '0.25ms' },
    { value: 1_500, text: '1.5s' },
    { value: 90_000, text: '1m30s' },
    { value: 3_600_000, text: '1h' },
    { value: 3_661_000, text: '1h1m1s' },
    { value: 59_999.6, text: '1m' },
  ].map((row) => ({ ...row, format: formatDuration })),
  { value: 1_234_567, text: '1,234,567', format: formatCount },
  { value: 81.26, text: '81.3 MB', format: formatMb },
  { value: 1_024, text: '1,024 MB', format: formatMb },
];
for (const { value, text, format } of printed) {
  test(`${format.name} of ${value} is ${text}`, () => expect(format(value)).toBe(text));
}
