/** The chart of a finding as a static picture, as `summary-svg.ts` has those of a run. */
import type { FindingColumns } from '../chart-data/finding-columns.ts';
import { findingChart, lineColors } from './finding-chart.ts';
import { lightPalette } from './palette.ts';
import { shorten } from './shorten.ts';
import { embedded, legend, svgDocument, svgFootHeight, svgHeadHeight } from './svg-parts.ts';
import type { SvgText } from './svg-text.ts';

const chartHeight = 320;
/** As many as have room beside one another. */
const mostEntries = 6;
const entryWidth = 132;
const longestName = 17;

export function findingSvg(columns: FindingColumns, text: SvgText): string {
  const colors = lineColors(columns, lightPalette);
  const entries = columns.lines
    .slice(0, mostEntries)
    .map(({ name }, at) => [shorten(name, longestName), colors[at] ?? lightPalette.accent] as const);
  return svgDocument(svgHeadHeight + chartHeight + svgFootHeight, text, [
    legend(svgHeadHeight, entries, entryWidth),
    embedded(findingChart(columns, lightPalette), svgHeadHeight + 16, chartHeight - 16),
  ]);
}
