import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import {
  describeRate,
  durationMsOf,
  formatCount,
  formatDuration,
  formatMb,
  formatMs,
  formatNumber,
  formatPercent,
  formatRate,
  formatValue,
  parseDurationMs,
  parseRate,
  shareOf,
  show,
  type Unit,
} from './units.ts';

const durations = [
  { text: '300ms', ms: 300 },
  { text: '1.1s', ms: 1_100 }, // not 1,100.0000000000002
  { text: '.5s', ms: 500 },
  { text: '.25s', ms: 250 },
  { text: '12.25ms', ms: 12.25 },
  { text: '2m', ms: 120_000 },
  { text: '1.5h', ms: 5_400_000 },
  { text: '250us', ms: 0.25 },
  { text: '250µs', ms: 0.25 },
  { text: '0s', ms: 0 },
  ...['', '30', 's', '-1s', '1 s', '1e3s', '1d', 'NaNs', 'Infinitys', '1s ', ' 1s', '1,5s', '1.s', '.s'].map(
    (text) => ({
      text,
      ms: undefined,
    }),
  ),
];
for (const { text, ms } of durations) {
  test(`"${text}" is ${ms === undefined ? 'no duration' : `${ms} ms`}`, () => expect(durationMsOf(text)).toBe(ms));
}

const shares = [
  { text: '100%', share: 1 },
  { text: '99.9%', share: 999 / 1_000 }, // not 0.9990000000000001
  { text: '29%', share: 29 / 100 },
  { text: '12.25%', share: 0.1225 },
  { text: '0%', share: 0 },
  { text: '99', share: undefined },
  ...['-1%', '.5%', '1.%', '1% ', '1%%', '%'].map((text) => ({ text, share: undefined })),
];
for (const { text, share } of shares) {
  test(`"${text}" is ${share === undefined ? 'no share' : `the share ${share}`}`, () =>
    expect(shareOf(text)).toBe(share));
}

const rates = [
  { text: '500/s', rate: { count: 500, perMs: 1_000 }, words: '500/s' },
  { text: '30/m', rate: { count: 30, perMs: 60_000 }, words: '30/m' },
  { text: '0.5/h', rate: { count: 0.5, perMs: 3_600_000 }, words: '0.5/h' },
  { text: '.25/s', rate: { count: 0.25, perMs: 1_000 }, words: '0.25/s' },
  { text: '12.25/m', rate: { count: 12.25, perMs: 60_000 }, words: '12.25/m' },
];
for (const { text, rate, words } of rates) {
  test(`"${text}" is a rate and prints as ${words}`, () => {
    expect(parseRate(text)).toEqual(rate);
    expect(describeRate(rate)).toBe(words);
  });
}

test('a rate per another time is told per second', () =>
  expect(describeRate({ count: 5, perMs: 2_000 })).toBe('2.5/s'));

test('a duration that is one is read whatever its option is called', () => {
  expect([parseDurationMs('2m'), parseDurationMs('2s', 'warmUp')]).toEqual([120_000, 2_000]);
});

const aDuration = 'must be a duration such as `300ms`, `30s` or `5m`, got';
const aRate = 'must be a rate such as `500/s` or `30/m`, got';
const refused = [
  { say: 'soon', read: () => parseDurationMs('soon', 'warmUp'), words: `\`warmUp\` ${aDuration} "soon"` },
  { say: 'soon, of no option', read: () => parseDurationMs('soon'), words: `\`duration\` ${aDuration} "soon"` },
  { say: 'a list', read: () => parseDurationMs(['2s'] as never), words: `\`duration\` ${aDuration} ["2s"]` },
  { say: 'a number', read: () => parseDurationMs(5 as never, 'warmUp'), words: `\`warmUp\` ${aDuration} 5` },
  ...['fast', '500', '500/d', ' 5/s', '5/s ', '5./s', '/s', '-1/s'].map((text) => ({
    say: `the rate "${text}"`,
    read: () => parseRate(text, 'arrivals'),
    words: `\`arrivals\` ${aRate} "${text}"`,
  })),
  { say: 'a rate of no option', read: () => parseRate('fast'), words: `\`rate\` ${aRate} "fast"` },
  { say: 'a rate of a number', read: () => parseRate(500 as never), words: `\`rate\` ${aRate} 500` },
  { say: 'a rate of a list', read: () => parseRate(['500/s'] as never), words: `\`rate\` ${aRate} ["500/s"]` },
];
for (const { say, read, words } of refused)
  test(`${say} is refused by the name of its option`, () =>
    expect(read).toThrow(expect.objectContaining({ name: 'OptionsError', message: words })));

const shown = [
  { value: 'x'.repeat(60), text: `"${'x'.repeat(60)}"` },
  { value: 'x'.repeat(61), text: `"${'x'.repeat(57)}…"` },
  { value: () => 7, text: 'a function' },
  { value: { a: [1] }, text: '{"a":[1]}' },
  { value: { a: 'x'.repeat(99) }, text: `{"a":"${'x'.repeat(54)}` },
  { value: null, text: 'null' },
  { value: undefined, text: 'undefined' },
  { value: 1.5, text: '1.5' },
];
for (const { value, text } of shown)
  test(`in an error ${text.slice(0, 20)} of ${text.length} characters stands for what was given`, () =>
    expect(show(value)).toBe(text));

const percents = [
  { share: 1, text: '100 %' },
  { share: 0, text: '0 %' },
  { share: 0.9999, text: '99.99 %' }, // 9,999 of 10,000 is not all
  { share: 0.99999, text: '99.999 %' },
  { share: 999_999_999 / 1e9, text: '99.999999 %' },
  { share: 1e-6, text: '0.0001 %' },
  { share: 1e-12, text: '0.000001 %' },
  { share: 0.5, text: '50.0 %' },
  { share: 1 - 1e-12, text: '99.999999 %' },
  { share: 0.004, text: '0.4 %' },
  { share: 2, text: '200.0 %' },
  { share: 0.999999981, text: '99.999998 %' },
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
    { value: 999.6, text: '1,000 ms' },
    { value: 1_240, text: '1.24 s' },
    { value: 123_456, text: '123 s' },
    { value: 1_000, text: '1.00 s' },
    { value: 99_949, text: '99.9 s' },
    { value: 100_000, text: '100 s' },
    { value: 1_234_567, text: '1,235 s' },
    { value: 100, text: '100 ms' },
    { value: 10, text: '10.0 ms' },
    { value: 1, text: '1.00 ms' },
    { value: 0.9999, text: '1 ms' },
    { value: 0.0501, text: '0.0501 ms' },
    { value: 0, text: '0 ms' },
    { value: -40.94, text: '−40.9 ms' }, // less than before
    { value: -1_234, text: '−1.23 s' },
  ].map((row) => ({ ...row, format: formatMs })),
  ...[
    { value: 0.25, text: '0.25/s' },
    { value: 12_840.4, text: '12,840/s' },
    { value: 99.94, text: '99.9/s' },
    { value: 100, text: '100/s' },
  ].map((row) => ({ ...row, format: formatRate })),
  ...[
    { value: 250, text: '250ms' },
    { value: 0.25, text: '0.25ms' },
    { value: 1_500, text: '1.5s' },
    { value: 90_000, text: '1m30s' },
    { value: 999.9994, text: '999.999ms' },
    { value: 1_000, text: '1s' },
    { value: 1_000.4, text: '1s' },
    { value: 60_000, text: '1m' },
    { value: 3_600_000, text: '1h' },
    { value: 3_605_000, text: '1h5s' },
    { value: 3_660_000, text: '1h1m' },
    { value: 0, text: '0ms' },
    { value: 3_661_000, text: '1h1m1s' },
    { value: 59_999.6, text: '1m' },
  ].map((row) => ({ ...row, format: formatDuration })),
  { value: 1_234_567, text: '1,234,567', format: formatCount },
  { value: 81.26, text: '81.3 MB', format: formatMb },
  { value: 99.9, text: '99.9 MB', format: formatMb },
  { value: 100, text: '100 MB', format: formatMb },
  { value: 1_024, text: '1,024 MB', format: formatMb },
  ...[
    { value: 0.93126, text: '0.9313' },
    { value: -0.93126, text: '-0.9313' },
    { value: 999.4, text: '999.4' },
    { value: 1_000, text: '1,000' },
    { value: 12_345.6, text: '12,346' },
    { value: -12_345.6, text: '-12,346' },
  ].map((row) => ({ ...row, format: formatNumber })),
];
for (const { value, text, format } of printed) {
  test(`${format.name} of ${value} is ${text}`, () => expect(format(value)).toBe(text));
}

const units: Readonly<Record<Unit, string>> = {
  ms: '235 ms',
  share: '23456.0 %',
  perSec: '235/s',
  count: '235',
  number: '234.6',
};
for (const [unit, text] of Object.entries(units) as [Unit, string][])
  test(`234.56 in the unit \`${unit}\` is ${text}`, () => expect(formatValue(234.56, unit)).toBe(text));

test('what has no unit that is known is no value', () => {
  expect(() => formatValue(1, 'furlongs' as Unit)).toThrow('furlongs');
});
