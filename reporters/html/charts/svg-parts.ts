/** What every static picture is made of: a frame with its head, charts at their places, legends, text that stays text. */
import * as echarts from 'echarts/core';
import { escaped } from '../../../load/measure/markup.ts';
import { type ChartOption, fontFamily } from './chart-option.ts';
import { lightPalette } from './palette.ts';
import { shorten } from './shorten.ts';
import type { SvgText } from './svg-text.ts';

export const svgWidth = 860;
export const svgHeadHeight = 64;
export const svgFootHeight = 10;
const longestReason = 105;
const longestFigures = 140;

/** The whole document around `parts`, which stand below its head. */
export function svgDocument(height: number, text: SvgText, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${svgWidth}" height="${height}" viewBox="0 0 ${svgWidth} ${height}" role="img" aria-label="${escaped(`${text.verdict}: ${text.reason}`)}" font-family="${escaped(fontFamily)}">`,
    `<rect width="${svgWidth}" height="${height}" rx="6" fill="${lightPalette.background}" stroke="${lightPalette.grid}"/>`,
    `<text x="20" y="28" font-size="15" font-weight="600" fill="${text.color}">${escaped(text.verdict)}<tspan dx="10" font-weight="400" fill="${lightPalette.text}">${escaped(shorten(text.reason, longestReason))}</tspan></text>`,
    `<text x="20" y="50" font-size="12" fill="${lightPalette.faint}">${escaped(shorten(text.figures.join('   ·   '), longestFigures))}</text>`,
    ...parts,
    '</svg>',
  ]
    .join('\n')
    .replaceAll(forbidden, '');
}

/** Characters that XML does not allow at all, in names within the charts too. */
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** One chart as a nested `<svg>` at its place. */
export function embedded(option: ChartOption, top: number, chartHeight: number): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: svgWidth, height: chartHeight });
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

export function caption(text: string, top: number): string {
  return `<text x="20" y="${top + 12}" font-size="12" font-weight="600" fill="${lightPalette.text}">${escaped(text)}</text>`;
}

export function legend(
  top: number,
  entries: readonly (readonly [name: string, color: string])[],
  entryWidth = 96,
): string {
  return entries
    .map(([name, color], at) => {
      const x = svgWidth - 20 - (entries.length - at) * entryWidth;
      return `<line x1="${x}" x2="${x + 16}" y1="${top + 8}" y2="${top + 8}" stroke="${color}" stroke-width="3"/><text x="${x + 21}" y="${top + 12}" font-size="11" fill="${lightPalette.faint}">${escaped(name)}</text>`;
    })
    .join('');
}
