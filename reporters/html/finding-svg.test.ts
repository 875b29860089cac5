import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sampleFinding, sampleFindingSummary } from '../../testing/sample-finding.ts';
import { axisLabel } from './charts/finding-chart.ts';
import { shortenInside } from './charts/shorten.ts';
import { renderFindingSvg } from './finding-svg.ts';

const { chart } = sampleFinding();
if (chart === undefined) throw new Error('the sample has a chart');

test('the picture of a finding is the same every time, and shows its verdict, sentence, lines, marks and axes', () => {
  const finding = sampleFindingSummary();
  const svg = renderFindingSvg(finding) ?? '';
  expect(renderFindingSvg(finding)).toBe(svg);
  const words = ['○ measured', 'sustains 198/s (3 of 3)', 'breaking point   ·   stress.spec.ts › where it breaks'];
  for (const text of [
    ...words,
    'p50',
    'throughput',
    'SLO',
    'fails 208/s',
    'bracket',
    'latency',
    'answered',
    'arrivals per second',
  ])
    expect(svg).toContain(text);
  expect(svg.match(/<path /g)?.length).toBeGreaterThan(20);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('without a chart, or with an empty one, there is no picture', () => {
  const { chart: drawn, ...bare } = sampleFindingSummary();
  expect(drawn).toBeDefined();
  expect(renderFindingSvg(bare)).toBeUndefined();
  expect(renderFindingSvg({ ...bare, chart: { ...chart, lines: [] } })).toBeUndefined();
});

test('names with markup, placeholders and control characters stay text, and refer to nothing outside', () => {
  const words = '</text><script>alert(1)</script>\u0000{a} "&" \u202E';
  const svg =
    renderFindingSvg(
      sampleFindingSummary({
        name: words,
        sentence: words,
        title: [words],
        chart: {
          ...chart,
          x: { name: words, unit: 'ms' },
          lines: [{ name: words, axis: 'left', style: 'points', points: [[1, 2, 1, 3]] }],
          marks: [{ on: 'x', at: 1, name: words }],
          spans: [{ from: 0, to: 1, name: words }],
        },
      }),
    ) ?? '';
  expect(svg).not.toMatch(/<script|<image|<foreignObject|\son\w+=|javascript:/i);
  expect(svg).not.toContain('\u0000');
  expect(svg.replaceAll(/http:\/\/www\.w3\.org\/(?:2000\/svg|1999\/xlink)/g, '')).not.toMatch(/https?:/);
});

test('an axis of time has its first and its last label', () => {
  const points = Array.from({ length: 28 }, (_, at) => [at + 2, 100] as const);
  const finding = sampleFindingSummary({
    chart: {
      x: { name: 'time', unit: 'seconds' },
      left: { name: 'latency', unit: 'ms' },
      lines: [{ name: 'p95', axis: 'left', style: 'line', points }],
      marks: [],
    },
  });
  const svg = renderFindingSvg(finding) ?? '';
  for (const label of ['5s', '10s', '15s', '20s', '25s']) expect(svg).toContain(`>${label}</text>`);
});

const labels = [
  { value: 0, unit: 'ms', label: '0' },
  { value: 250, unit: 'ms', label: '250 ms' },
  { value: 1_500, unit: 'ms', label: '1.5 s' },
  { value: 60, unit: 'perSec', label: '60/s' },
  { value: 0.05, unit: 'share', label: '5 %' },
  { value: 0.9985, unit: 'share', label: '99.85 %' }, // two labels of a narrow axis differ
  { value: 200.2, unit: 'mb', label: '200.2 MB' }, // likewise
  { value: 12_345.6, unit: 'mb', label: '12,346 MB' },
  { value: 90, unit: 'seconds', label: '1m30s' },
  { value: -5, unit: 'seconds', label: '−5s' },
  { value: 1.5, unit: 'minutes', label: '1m30s' },
  { value: 1.05, unit: 'ratio', label: '1.05' },
  { value: 1_000, unit: 'users', label: '1,000' },
  { value: 3, unit: 'pair', label: '3' },
] as const;
for (const { value, unit, label } of labels) {
  test(`on an axis ${value} in ${unit} is ${label}`, () => {
    expect(axisLabel(value, unit)).toBe(label);
  });
}

const insides = [
  { text: 'short', longest: 5, cut: 'short' },
  { text: 'begins and ends', longest: 9, cut: 'begi…ends' },
  { text: 'one two three', longest: 8, cut: 'one…ree' }, // no space beside the gap
  { text: '👩‍👩‍👧'.repeat(9), longest: 3, cut: '👩‍👩‍👧…👩‍👩‍👧' },
];
for (const { text, longest, cut } of insides) {
  test(`${text} in ${longest} letters is ${cut}`, () => {
    expect(shortenInside(text, longest)).toBe(cut);
  });
}
