/**
 * The charts of one run as a single static picture, for places that show no page: Playwright's HTML report, a job
 * summary. Without a DOM, the same bytes for the same data, and readable on light and dark ground alike since it
 * brings its own.
 */
import * as echarts from 'echarts/core';
import type { ChartData } from '../chart-data/chart-data.ts';
import { type ChartOption, fontFamily } from './chart-option.ts';
import { latencyChart } from './latency-chart.ts';
import { lightPalette } from './palette.ts';
import { rateChart } from './rate-chart.ts';
import { shorten } from './shorten.ts';
import type { SvgText } from './svg-text.ts';

const width = 860;
const [headHeight, latencyHeight, rateHeight, footHeight] = [64, 230, 150, 10];
const height = headHeight + latencyHeight + rateHeight + footHeight;

export function summarySvg(data: ChartData, text: SvgText): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(`${text.verdict}: ${text.reason}`)}" font-family="${escape(fontFamily)}">`,
    `<rect width="${width}" height="${height}" rx="6" fill="${lightPalette.background}" stroke="${lightPalette.grid}"/>`,
    `<text x="20" y="28" font-size="15" font-weight="600" fill="${text.color}">${escape(text.verdict)}<tspan dx="10" font-weight="400" fill="${lightPalette.text}">${escape(shorten(text.reason, longestReason))}</tspan></text>`,
    `<text x="20" y="50" font-size="12" fill="${lightPalette.faint}">${escape(text.figures.join('   ·   '))}</text>`,
    caption('latency', headHeight),
    legend(headHeight, [
      ['p50', lightPalette.percentiles[0]],
      ['p90', lightPalette.percentiles[1]],
      ['p95', lightPalette.percentiles[2]],
      ['p99', lightPalette.percentiles[3]],
    ]),
    embedded(latencyChart({ data, palette: lightPalette }), headHeight + 16, latencyHeight - 16),
    caption('requests per second', headHeight + latencyHeight),
    legend(headHeight + latencyHeight, [
      ['completed', lightPalette.accent],
      ...(data.rate.asked === undefined ? [] : ([['asked', lightPalette.second]] as const)),
      ...(data.rate.dropped === undefined ? [] : ([['dropped', lightPalette.limit]] as const)),
    ]),
    embedded(rateChart(data, lightPalette), headHeight + latencyHeight + 16, rateHeight - 16),
    '</svg>',
  ].join('\n');
}

/** One chart as a nested `<svg>` at its place. */
function embedded(option: ChartOption, top: number, chartHeight: number): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height: chartHeight });
  try {
    chart.setOption({ ...option, tooltip: { show: false } });
    const svg = withStableIds(chart.renderToSVGString(), `y${top}-`);
    return svg.replace('<svg ', `<svg y="${top}" `);
  } finally {
    chart.dispose();
  }
}

/** Ids are counted up over the process; numbered in order of appearance they are the same in every render. */
function withStableIds(svg: string, prefix: string): string {
  const names = new Map<string, string>();
  return svg.replaceAll(/zr\d+-(?:cls-|c|g|p)\d+/g, (id) => {
    const known = names.get(id) ?? `${prefix}${names.size}`;
    names.set(id, known);
    return known;
  });
}

function caption(text: string, top: number): string {
  return `<text x="20" y="${top + 12}" font-size="12" font-weight="600" fill="${lightPalette.text}">${text}</text>`;
}

function legend(top: number, entries: readonly (readonly [name: string, color: string])[]): string {
  return entries
    .map(([name, color], at) => {
      const x = width - 20 - (entries.length - at) * 96;
      return `<line x1="${x}" x2="${x + 16}" y1="${top + 8}" y2="${top + 8}" stroke="${color}" stroke-width="3"/><text x="${x + 21}" y="${top + 12}" font-size="11" fill="${lightPalette.faint}">${name}</text>`;
    })
    .join('');
}

const longestReason = 105;

/** For text and attributes; characters that XML does not allow at all are left out. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
