/**
 * A run as a small picture, drawn by the worker itself: the charts of the report need a library that takes the worker
 * longer to load than all else that a test does at its end, and that would stay in its memory. So these are a few lines.
 */
import { percentileText } from '../measure/carried.ts';
import { cutText } from '../measure/cut-text.ts';
import { escaped } from '../measure/markup.ts';
import { plainLine } from '../measure/plain-line.ts';
import { type RunData, windowPrecision } from '../measure/run-data.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import { durationMsOfRun, figuresOf } from '../measure/summary.ts';
import { formatDuration, formatMs, formatRate } from '../measure/units.ts';
import { headlineOf } from '../verdict/headline.ts';
import type { Judgement } from '../verdict/judge.ts';
import { isBad } from '../verdict/verdict-order.ts';

const [width, left, right] = [860, 70, 20] as const;
const inner = width - left - right;
const latencyBox = { top: 84, height: 140 } as const;
const rateBox = { top: 262, height: 80 } as const;
const height = 380;
const mostPoints = 200;

const percentiles = [
  { name: 'p50', percent: 50, color: '#2a78d6' },
  { name: 'p95', percent: 95, color: '#b35900' },
  { name: 'p99', percent: 99, color: '#8a3ffc' },
] as const;
const colors = {
  good: '#1a7f37',
  tolerated: '#8a5a00',
  bad: '#c62828',
  text: '#24292f',
  faint: '#57606a',
  line: '#d0d7de',
} as const;

interface Point {
  readonly latency: SparseHistogram;
  ok: number;
  lost: number;
}

/** An SVG document without scripts or outside references; the same for the same data. */
export function runPicture(run: RunData, judgement: Pick<Judgement, 'verdict' | 'reason'>): string {
  const { verdict } = judgement;
  const color = isBad(verdict) ? colors.bad : verdict === 'acceptable' ? colors.tolerated : colors.good;
  const { step, points } = pointsOf(run);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(left, 24, cut(headlineOf(judgement, figuresOf(run)), 95), { fill: color, size: 15, weight: 600 }),
    text(left, 44, cut(run.plan.profile, 120), { fill: colors.faint }),
    ...(points.length < 3
      ? distribution(run)
      : [...latencyLines(points), ...rateBars(points, step), ...timeAxis(points.length * step)]),
    '</svg>',
  ].join('\n');
}

/** As many seconds share a point as fit; their histograms are added, since a percentile is never averaged. */
function pointsOf(run: RunData): { readonly step: number; readonly points: readonly Point[] } {
  const seconds = Math.floor(durationMsOfRun(run) / 1_000 + 0.05); // one that is cut short is none
  const step = Math.max(1, Math.ceil(seconds / mostPoints));
  const points = Array.from({ length: Math.floor(seconds / step) }, (): Point => {
    return { latency: new SparseHistogram(windowPrecision), ok: 0, lost: 0 };
  });
  for (const { windows } of run.endpoints.values())
    for (const [second, { latency, ok, failed }] of windows) {
      const point = points[Math.floor(second / step)];
      if (second < 0 || point === undefined) continue;
      point.latency.add(latency);
      point.ok += ok;
      point.lost += failed;
    }
  return { step, points };
}

function latencyLines(points: readonly Point[]): string[] {
  const rows = percentiles.map(({ percent, ...row }) => ({
    ...row,
    values: points.map(({ latency }) => latency.percentile(percent)),
  }));
  const most = Math.max(...rows.flatMap(({ values }) => values.map((value) => value ?? 0)), 1e-3);
  const { top, height: high } = latencyBox;
  const y = (value: number) => top + high - (value / most) * high;
  const lines = rows.map(({ color, values }) => {
    const path = values.map((value, at) => {
      if (value === undefined) return '';
      const command = at === 0 || values[at - 1] === undefined ? 'M' : 'L';
      return `${command}${short(xOf(at, points.length))} ${short(y(value))}`;
    });
    return `<path d="${path.join('')}" fill="none" stroke="${color}" stroke-width="1.6" stroke-linecap="round"/>`;
  });
  const legend = rows.map(({ name, color }, at) =>
    text(left + 80 + at * 50, top - 6, name, { fill: color, weight: 600 }),
  );
  return [...frame(latencyBox, 'latency', formatMs(most)), ...lines, ...legend];
}

function rateBars(points: readonly Point[], step: number): string[] {
  const most = Math.max(...points.map(({ ok, lost }) => ok + lost), 1);
  const { top, height: high } = rateBox;
  const wide = Math.max(0.5, (inner / points.length) * 0.8);
  const bar = (at: number, from: number, count: number, fill: string) => {
    const tall = (count / most) * high;
    const y = top + high - (from / most) * high - tall;
    return `<rect x="${short(xOf(at, points.length) - wide / 2)}" y="${short(y)}" width="${short(wide)}" height="${short(tall)}" fill="${fill}"/>`;
  };
  const bars = points.flatMap(({ ok, lost }, at) => [
    ...(ok === 0 ? [] : [bar(at, 0, ok, '#8bb8e8')]),
    ...(lost === 0 ? [] : [bar(at, ok, lost, colors.bad)]),
  ]);
  return [...frame(rateBox, 'requests by when they were due, failed ones in red', formatRate(most / step)), ...bars];
}

/** Of a run too short to have a course. */
function distribution(run: RunData): string[] {
  const { responseMs, serviceMs, model } = figuresOf(run);
  const stats = model === 'open' ? responseMs : serviceMs;
  if (stats === undefined) return [text(left, 100, 'no latency was measured', { fill: colors.faint })];
  const rows = (['min', 'p50', 'p90', 'p95', 'p99', 'max'] as const).map((name) => ({
    name,
    ms: stats[name],
    words: name === 'min' || name === 'max' ? formatMs(stats[name]) : percentileText(stats, name),
  }));
  const most = Math.max(stats.max, 1e-3);
  return rows.flatMap(({ name, ms, words }, at) => {
    const y = 80 + at * 34;
    const long = (ms / most) * (inner - 90);
    return [
      text(left - 8, y + 14, name, { fill: colors.faint, anchor: 'end' }),
      `<rect x="${left}" y="${y}" width="${short(Math.max(1, long))}" height="20" rx="2" fill="#2a78d6"/>`,
      text(left + long + 8, y + 14, words, { fill: colors.text }),
    ];
  });
}

function frame(
  { top, height: high }: { readonly top: number; readonly height: number },
  title: string,
  most: string,
): string[] {
  return [
    text(left, top - 6, title, { fill: colors.text, weight: 600 }),
    `<path d="M${left} ${top}H${width - right}M${left} ${top + high / 2}H${width - right}M${left} ${top + high}H${width - right}" stroke="${colors.line}"/>`,
    text(left - 8, top + 4, most, { fill: colors.faint, anchor: 'end' }),
    text(left - 8, top + high + 4, '0', { fill: colors.faint, anchor: 'end' }),
  ];
}

function timeAxis(seconds: number): string[] {
  const y = rateBox.top + rateBox.height + 20;
  const every = Math.max(1, Math.round(seconds / 5));
  return Array.from({ length: Math.floor(seconds / every) + 1 }, (_, at) =>
    text(left + ((at * every) / seconds) * inner, y, at === 0 ? '0' : formatDuration(at * every * 1_000), {
      fill: colors.faint,
      anchor: at === 0 ? 'start' : 'middle',
    }),
  );
}

function xOf(at: number, of: number): number {
  return left + ((at + 0.5) / of) * inner;
}

interface TextLook {
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: number;
}

function text(
  x: number,
  y: number,
  words: string,
  { fill, anchor = 'start', size = 12, weight = 400 }: TextLook,
): string {
  return `<text x="${short(x)}" y="${short(y)}" fill="${fill}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function cut(words: string, most: number): string {
  return cutText(plainLine(words), most);
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
