/**
 * The charts of one run as a single static picture, for places that show no page: Playwright's HTML report, a job
 * summary. Without a DOM, the same bytes for the same data, and readable on light and dark ground alike since it
 * brings its own.
 */
import type { ChartData } from '../chart-data/chart-data.ts';
import { latencyChart } from './latency-chart.ts';
import { lightPalette } from './palette.ts';
import { rateChart } from './rate-chart.ts';
import { caption, embedded, legend, svgDocument, svgFootHeight, svgHeadHeight } from './svg-parts.ts';
import type { SvgText } from './svg-text.ts';

const [latencyHeight, rateHeight] = [230, 150];
const height = svgHeadHeight + latencyHeight + rateHeight + svgFootHeight;

export function summarySvg(data: ChartData, text: SvgText): string {
  const rateTop = svgHeadHeight + latencyHeight;
  return svgDocument(height, text, [
    caption('latency', svgHeadHeight),
    legend(svgHeadHeight, [
      ['p50', lightPalette.percentiles[0]],
      ['p90', lightPalette.percentiles[1]],
      ['p95', lightPalette.percentiles[2]],
      ['p99', lightPalette.percentiles[3]],
    ]),
    embedded(latencyChart({ data, palette: lightPalette }), svgHeadHeight + 16, latencyHeight - 16),
    caption('requests per second', rateTop),
    legend(rateTop, [
      ['completed', lightPalette.accent],
      ...(data.rate.asked === undefined ? [] : ([['asked', lightPalette.second]] as const)),
      ...(data.rate.dropped === undefined ? [] : ([['dropped', lightPalette.limit]] as const)),
    ]),
    embedded(rateChart(data, lightPalette), rateTop + 16, rateHeight - 16),
  ]);
}
