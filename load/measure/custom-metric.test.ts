import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { CustomMetrics, metricValue, percentOf } from './custom-metric.ts';

function filled(values: readonly number[]): CustomMetrics {
  const metrics = new CustomMetrics();
  values.forEach((value, at) => {
    metrics.count('counter', value);
    metrics.gauge('gauge', value, at);
    metrics.rate('rate', value > 2);
    metrics.trend('trend', value);
  });
  return metrics;
}

const statistics = [
  { name: 'counter', of: { count: 10, rate: undefined, p95: undefined } },
  { name: 'gauge', of: { last: 4, min: 1, max: 4, count: undefined } },
  { name: 'rate', of: { rate: 0.5, count: 4, mean: undefined } },
  { name: 'trend', of: { count: 4, mean: 2.5, min: 1, max: 4, p99: 4, last: undefined } },
];
for (const { name, of } of statistics) {
  test(`a ${name} of 1, 2, 3, 4 has ${JSON.stringify(of)} and nothing else`, () => {
    const metric = filled([1, 2, 3, 4]).get(name);
    if (metric === undefined) throw new Error('it was filled');
    const got = Object.fromEntries(Object.keys(of).map((statistic) => [statistic, metricValue(metric, statistic)]));
    expect(got).toEqual(of);
  });
}

test('a metric without a value does not exist', () => expect(new CustomMetrics().get('trend')).toBeUndefined());

test('a trend is within 0.05 % of its median and never outside its bounds', () => {
  const metrics = new CustomMetrics();
  for (let n = 1; n <= 1_001; n++) metrics.trend('t', n * 1.1);
  const metric = metrics.get('t');
  if (metric === undefined) throw new Error('it was filled');
  expect(Math.abs((metricValue(metric, 'p50') ?? 0) - 551.1)).toBeLessThan(551.1 * 0.0005);
  expect(metricValue(metric, 'p999')).toBeLessThanOrEqual(1_001 * 1.1);
});

test('merged metrics are what one process would have; the later gauge wins', () => {
  const merged = CustomMetrics.decode(
    JSON.parse(JSON.stringify(filled([1, 2]).encode())) as ReturnType<CustomMetrics['encode']>,
  );
  const other = new CustomMetrics();
  other.count('counter', 7);
  other.gauge('gauge', 9, -1); // was set before
  other.rate('rate', true);
  other.trend('trend', 3);
  other.count('only here', 1);
  merged.add(other);
  expect(merged.encode()).toMatchObject({
    counter: { total: 10 },
    gauge: { last: 2, min: 1, max: 9 },
    rate: { passed: 1, total: 3 },
    trend: { sum: 6, min: 1, max: 3, values: [1_047_552, 1, 1_024, 1, 512, 1] },
    'only here': { total: 1 },
  });
  merged.count('only here', 1);
  expect(other.get('only here')).toEqual({ kind: 'counter', total: 1 }); // a copy, not a share
});

const gauges = [
  { when: 'later', atMs: 2, last: 9 },
  { when: 'at the same moment', atMs: 1, last: 2 },
  { when: 'earlier', atMs: 0, last: 2 },
];
for (const { when, atMs, last } of gauges)
  test(`a gauge that another segment set ${when} ${last === 9 ? 'stands' : 'does not'}`, () => {
    const [merged, other] = [new CustomMetrics(), new CustomMetrics()];
    merged.gauge('g', 2, 1);
    other.gauge('g', 9, atMs);
    merged.add(other);
    expect(merged.get('g')).toEqual({ kind: 'gauge', last, lastAtMs: Math.max(1, atMs), min: 2, max: 9 });
  });

const kinds = ['counter', 'gauge', 'rate', 'trend'] as const;
const ofKind = (kind: (typeof kinds)[number]): CustomMetrics => {
  const { [kind]: metric } = filled([1]).encode();
  return CustomMetrics.decode(metric === undefined ? {} : { x: metric });
};
for (const into of kinds)
  for (const from of kinds)
    if (into !== from)
      test(`a ${into} of one segment and a ${from} of another are no metric`, () => {
        expect(() => ofKind(into).add(ofKind(from))).toThrow(
          new Error(`metric \`x\` is a ${into} in one segment and a ${from} in another`),
        );
      });

test('a metric of a kind that nobody knows has no value', () => {
  expect(() => metricValue({ kind: 'histogram' } as never, 'p95')).toThrow('histogram');
});

const wrong: { readonly say: string; readonly make: (metrics: CustomMetrics) => void; readonly words: string }[] = [
  { say: 'a counter that shrinks', make: (m) => m.count('n', -1), words: 'counter `n` only grows, got -1' },
  { say: 'a trend of NaN', make: (m) => m.trend('t', NaN), words: 'metric `t` takes finite numbers, got NaN' },
  {
    say: 'an infinite gauge',
    make: (m) => m.gauge('g', Infinity, 0),
    words: 'metric `g` takes finite numbers, got Infinity',
  },
  {
    say: 'one name for two kinds',
    make: (m) => {
      m.rate('x', true);
      m.trend('x', 1);
    },
    words: 'metric `x` is a rate, it cannot be a trend too',
  },
];
for (const { say, make, words } of wrong) {
  test(`refuses ${say}`, () => expect(() => make(new CustomMetrics())).toThrow(words));
}

const words = [
  { word: 'p50', percent: 50 },
  { word: 'p95', percent: 95 },
  { word: 'p999', percent: 99.9 },
  { word: 'p9999', percent: 99.99 },
  { word: 'p99999', percent: 99.999 },
  ...['p5', 'p100', 'p950', 'p9', 'P95', 'mean', 'p95x', 'xp95', 'p'].map((word) => ({ word, percent: undefined })),
];
for (const { word, percent } of words) {
  test(`\`${word}\` is ${percent === undefined ? 'no percentile' : `the ${percent}th percentile`}`, () =>
    expect(percentOf(word)).toBe(percent));
}
