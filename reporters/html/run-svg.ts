/** The charts of one run as a static picture: latency with its thresholds, and the rate. */
import { carries, unsureMark } from '../../load/measure/carried.ts';
import { figuresOf } from '../../load/measure/summary.ts';
import type { RunData } from '../../load/measure/run-data.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../load/measure/units.ts';
import type { Judgement } from '../../load/verdict/judge.ts';
import { serverSideCharts } from './bundle.ts';
import { chartDataOfEnded } from './chart-data/chart-data.ts';
import { verdictLooks } from './verdict-look.ts';

/** An SVG document, 860 × 454, without scripts or outside references; the same for the same data. */
export function renderRunSvg(run: RunData, judgement: Pick<Judgement, 'verdict' | 'reason'>): string {
  const { glyph, color } = verdictLooks[judgement.verdict];
  return serverSideCharts().summarySvg(chartDataOfEnded(run), {
    verdict: `${glyph} ${judgement.verdict}`,
    color,
    reason: judgement.reason,
    figures: headline(run),
  });
}

function headline(run: RunData): string[] {
  const { profile, requests, successRate, throughputPerSec, serviceMs, responseMs } = figuresOf(run);
  const latency = responseMs ?? serviceMs;
  return [
    profile,
    `${formatCount(requests.started)} requests`,
    ...(successRate === undefined ? [] : [`${formatPercent(successRate)} ok`]),
    ...(throughputPerSec === undefined ? [] : [formatRate(throughputPerSec)]),
    ...(latency === undefined
      ? ['no latency was measured']
      : ([50, 95, 99] as const).map((percent) => {
          const mark = carries(percent, latency.count) ? '' : unsureMark;
          return `p${percent} ${mark}${formatMs(latency[`p${percent}`])}`;
        })),
  ];
}
