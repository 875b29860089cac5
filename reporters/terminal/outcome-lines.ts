/** What went wrong and what the user counted: errors by kind, checks, custom metrics. */
import { type MetricData, metricValue } from '../../load/measure/custom-metric.ts';
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatCount, formatPercent, formatValue } from '../../load/measure/units.ts';
import { errorRows, saidInRow, timeOfRow } from '../../load/verdict/error-rows.ts';
import { metricUnitOf } from '../../load/verdict/metric.ts';
import { verdictGlyphs } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { cutToColumns, plainLine } from '../words/plain-text.ts';
import { type Canvas, indent, nameCell } from './section.ts';
import { tableLines } from './table.ts';

/** The commonest kinds explain a bad run; the rest is in summary.json. */
const mostErrors = 10;
/** A name beside a longer text. */
const mostNameColumns = 24;

export function errorLines(summary: RunSummary, { width, paint }: Canvas): string[] {
  const { errors } = summary;
  if (errors.length === 0) return [];
  const shown = errorRows(errors, mostErrors);
  const lines = tableLines({
    columns: [
      { title: '', align: 'right' },
      { title: '', align: 'left' },
      { title: '', align: 'left', gives: true },
    ],
    rows: shown.map(({ kind, count, endpoint }) => [
      { text: `${formatCount(count)} ×` },
      { ...nameCell(kind, mostNameColumns), paint: paint.bad },
      nameCell(endpoint),
    ]),
    width: width - indent.length,
    titlePaint: paint.dim,
  });
  const explained = lines.flatMap((line, at) => {
    const row = shown[at];
    const words = row === undefined ? [] : [timeOfRow(row, summary), plainLine(saidInRow(row))];
    const sample = words.filter((word) => word !== '').join(' · ');
    return sample === '' ? [line] : [line, paint.dim(cutToColumns(`    ${sample}`, width - indent.length))];
  });
  const rest = errors.length - shown.reduce((sum, { rows }) => sum + rows, 0);
  return rest > 0 ? [...explained, paint.dim(`and ${formatCount(rest)} more kinds`)] : explained;
}

export function checkLines({ data }: ReportedRun, { width, paint }: Canvas): string[] {
  const checks = [...data.checks].sort(([, a], [, b]) => b.failed - a.failed);
  return checks.map(([name, { passed, failed }]) => {
    const mark = failed === 0 ? paint.good(verdictGlyphs.passed) : paint.bad(verdictGlyphs.failed);
    const total = passed + failed;
    const share = failed === 0 ? '' : `, ${formatPercent(passed / total)}`;
    const tail = `${formatCount(passed)} of ${formatCount(total)}${share}`;
    return `${mark} ${cutToColumns(plainLine(name), width - indent.length - tail.length - 4)}  ${paint.dim(tail)}`;
  });
}

const statistics: Readonly<Record<MetricData['kind'], readonly string[]>> = {
  counter: ['count'],
  gauge: ['last', 'min', 'max'],
  rate: ['rate', 'count'],
  trend: ['mean', 'p50', 'p95', 'p99', 'max', 'count'],
};

export function metricLines({ data }: ReportedRun, { width, paint }: Canvas): string[] {
  const metrics = data.metrics.entries();
  if (metrics.length === 0) return [];
  return tableLines({
    columns: [
      { title: '', align: 'left' },
      { title: '', align: 'left', gives: true },
    ],
    rows: metrics.map(([name, metric]) => [nameCell(name, mostNameColumns), { text: statisticsOf(metric) }]),
    width: width - indent.length,
    titlePaint: paint.dim,
  });
}

function statisticsOf(metric: MetricData): string {
  return statistics[metric.kind]
    .flatMap((word) => {
      const value = metricValue(metric, word);
      return value === undefined ? [] : [`${word} ${formatValue(value, metricUnitOf(word) ?? 'number')}`];
    })
    .join(' · ');
}
