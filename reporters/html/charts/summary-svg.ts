/**
 * The charts of one run as a single static picture, for places that show no page: Playwright's HTML report, a job
 * summary. Without a DOM, the same bytes for the same data, and readable on light and dark ground alike since it
 * brings its own.
 */
import type { ChartData } from '../chart-data/chart-data.ts';
import { distributionChart } from './distribution-chart.ts';
import { latencyChart } from './latency-chart.ts';
import { lightPalette } from './palette.ts';
import { rateChart } from './rate-chart.ts';
import { caption, embedded, legend, svgDocument, svgFootHeight, svgHeadHeight, svgWidth } from './svg-parts.ts';
import type { SvgText } from './svg-text.ts';

const [latencyHeight, rateHeight] = [230, 150];
const height = svgHeadHeight + latencyHeight + rateHeight + svgFootHeight;

export function summarySvg(data: ChartData, text: SvgText): string {
  return svgDocument(height, text, data.axis.points > 1 ? overTime(data) : spread(data));
}

/** One point is no course: how the latencies are spread is all there is to see. */
function spread({ distribution }: ChartData): string[] {
  if (distribution === undefined) return [caption('nothing was measured', svgHeadHeight)];
  const chart = distributionChart({ distribution, palette: lightPalette, width: svgWidth });
  return [
    caption('distribution of latency', svgHeadHeight),
    embedded(chart, svgHeadHeight + 16, latencyHeight + rateHeight - 16),
  ];
}

function overTime(data: ChartData): string[] {
  const rateTop = svgHeadHeight + latencyHeight;
  return [
    caption('latency; dotted where too few requests carry it', svgHeadHeight),
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
  ];
}
