/**
 * Results over time as OpenMetrics 1.0 with the moment of each point, which `promtool tsdb create-blocks-from
 * openmetrics` reads into Prometheus, however old they are.
 */
import { type Exported, familiesOf } from './families.ts';
import { defaultLabels, flatSeries, type FlatSeries } from './flat-series.ts';
import type { Family } from './metric-family.ts';
import { sampleLine } from './prometheus-text.ts';

export function openMetricsText(exported: Exported): string {
  return `${familiesOf(exported).map(familyText).join('')}# EOF\n`;
}

function familyText(family: Family): string {
  const { name, type, help } = family;
  const series = flatSeries(family, defaultLabels);
  const lines = type === 'histogram' ? histogramLines(series) : series.flatMap(seriesLines);
  return [`# TYPE ${name} ${type}`, `# HELP ${name} ${escapedHelp(help)}`, ...lines, ''].join('\n');
}

function seriesLines({ name, labels, points }: FlatSeries): string[] {
  return points.map(({ atMs, value }) => `${sampleLine(name, labels, value)} ${atMs / 1_000}`);
}

/**
 * All of a histogram at one moment stands together, then all at the next: a reader takes what comes between for another
 * histogram.
 */
function histogramLines(series: readonly FlatSeries[]): string[] {
  const lines: string[] = [];
  for (let from = 0; from < series.length;) {
    const next = series.findIndex(({ name }, at) => at > from && name.endsWith('_count'));
    const whole = series.slice(from, next + 1).map(withCanonicalBound);
    const moments = whole[0]?.points.length ?? 0;
    for (let moment = 0; moment < moments; moment++)
      lines.push(...whole.flatMap((part) => seriesLines({ ...part, points: part.points.slice(moment, moment + 1) })));
    from = next + 1;
  }
  return lines;
}

/** A bound is a number with a point there: `1.0`. */
function withCanonicalBound(series: FlatSeries): FlatSeries {
  const { le } = series.labels;
  return le !== undefined && /^\d+$/.test(le) ? { ...series, labels: { ...series.labels, le: `${le}.0` } } : series;
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
