/** The chart of one finding as a static picture, with its verdict and sentence. */
import { titleOfFinding } from '../../load/measure/finding.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { plainLine } from '../words/plain-text.ts';
import { serverSideCharts } from './bundle.ts';
import { findingColumns } from './chart-data/finding-columns.ts';
import { findingLooks } from './verdict-look.ts';

/** An SVG document without scripts or outside references; undefined where there is nothing to draw. */
export function renderFindingSvg(finding: FindingSummary): string | undefined {
  const columns = finding.chart === undefined ? undefined : findingColumns(finding.chart);
  if (columns === undefined) return undefined;
  const { glyph, color } = findingLooks[finding.verdict];
  return serverSideCharts().findingSvg(columns, {
    verdict: `${glyph} ${finding.verdict}`,
    color,
    reason: plainLine(finding.sentence),
    figures: [plainLine(titleOfFinding(finding)), finding.title.map(plainLine).join(' › ')],
  });
}
