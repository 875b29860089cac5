/** The chart of a finding as the page shows it: words, tooltip, and what the arrow keys read. */
import type { FindingChart, FindingUnit } from '../../../load/measure/finding.ts';
import { findingValue } from '../../words/findings.ts';
import { type FindingColumns, findingColumns, type FindingPoint, placesOf } from '../chart-data/finding-columns.ts';
import { axesInWords, findingChart } from '../charts/finding-chart.ts';
import { shorten } from '../charts/shorten.ts';
import type { ChartSpec, Stop, Tip, TipPoint } from './chart-figure.ts';

const height = 320;
/** In a heading, and in the sentence for those who do not see the chart. */
const longestName = 60;

export function findingChartSpec(chart: FindingChart): ChartSpec {
  const columns = findingColumns(chart);
  const shared = { title: titleOf(chart), height, wide: true, empty: 'Nothing was measured.' };
  if (columns === undefined)
    return { ...shared, summary: 'nothing was measured', option: undefined, tip: () => undefined };
  const hint = axesInWords(columns);
  return {
    ...shared,
    ...(hint !== undefined && { hint }),
    summary: summaryOf(columns),
    option: (palette) => findingChart(columns, palette),
    tip: tipOf(columns),
    stops: stopsOf(columns),
  };
}

/** `Latency and answered by arrivals per second`. */
function titleOf({ x, left, right }: FindingChart): string {
  const what = shortNames(right === undefined ? [left] : [left, right]).replace(', ', ' and ');
  return `${what.slice(0, 1).toUpperCase()}${what.slice(1)} by ${shortNames([x])}`;
}

function summaryOf({ x, lines, marks }: FindingColumns): string {
  const places = placesOf(lines);
  const value = (at: number | undefined) => findingValue(at, x.unit);
  const range = places.length === 1 ? `at ${value(places[0])}` : `from ${value(places[0])} to ${value(places.at(-1))}`;
  const named = marks.length === 0 ? '' : `; marked: ${shortNames(marks)}`;
  return `${shortNames(lines)} ${range}${named}; also in the table`;
}

function shortNames(named: readonly { readonly name: string }[]): string {
  return named.map(({ name }) => shorten(name, longestName)).join(', ');
}

function tipOf(columns: FindingColumns): ChartSpec['tip'] {
  const units = new Map(columns.lines.map(({ name, axis }) => [name, unitOn(columns, axis)]));
  return (points): Tip | undefined => {
    const [first] = points;
    const at = first?.values[0];
    if (typeof at !== 'number') return undefined;
    const rows = points.flatMap(({ name, values, color }) => {
      const unit = units.get(name);
      return unit === undefined || values[0] !== at ? [] : [{ name, value: valueText(values, unit), color }];
    });
    return rows.length === 0 ? undefined : { head: findingValue(at, columns.x.unit), rows };
  };
}

function unitOn({ left, right }: FindingColumns, axis: 'left' | 'right'): FindingUnit {
  return axis === 'left' ? left.unit : (right ?? left).unit;
}

/** `12.0 ms (10.0 ms to 14.0 ms)`. */
function valueText([, value, low, high]: readonly unknown[], unit: FindingUnit): string {
  const text = (of: unknown) => (typeof of === 'number' ? findingValue(of, unit) : '–');
  return low === undefined || high === undefined ? text(value) : `${text(value)} (${text(low)} to ${text(high)})`;
}

/** Lines need not have their points at the same places. */
function stopsOf({ lines }: FindingColumns): Stop[] {
  return placesOf(lines).flatMap((place) => {
    const found = lines.flatMap(({ name, points }, seriesIndex) => {
      const dataIndex = points.findIndex(([at]) => at === place);
      const values = points[dataIndex];
      return values === undefined ? [] : [{ seriesIndex, dataIndex, point: pointOf(name, values) }];
    });
    const [first] = found;
    if (first === undefined) return [];
    const { seriesIndex, dataIndex } = first;
    return [{ seriesIndex, dataIndex, points: found.map(({ point }) => point) }];
  });
}

function pointOf(name: string, values: FindingPoint): TipPoint {
  return { name, category: '', values, color: '' };
}
