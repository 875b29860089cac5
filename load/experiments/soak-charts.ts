/** What a soak watched, over time: levels with the minima that a trend is laid through, and figures by window. */
import { type DriftWindow } from '../analysis/drift.ts';
import { blockMinima, type GrowthRules, type LevelReading } from '../analysis/growth.ts';
import { theilSen } from '../analysis/statistics/theil-sen.ts';
import type { FindingChart, FindingLine, FindingUnit } from '../measure/finding.ts';

/** A chart has no room for more, and a night of readings would fill a report. */
const mostPoints = 300;

type Axis = { readonly name: string; readonly unit: FindingUnit };

export function growthChart({
  readings,
  rules,
  of,
  limit,
}: {
  readonly readings: readonly LevelReading[];
  readonly rules: GrowthRules;
  readonly of: Axis;
  readonly limit?: number;
}): FindingChart {
  const { minima } = blockMinima(readings, rules);
  const zeroMs = readings[0]?.atMs ?? 0;
  const trend = theilSen(minima);
  const [first, last] = [minima[0], minima.at(-1)];
  const at = (ms: number): number => minutes(zeroMs + ms);
  const every = Math.ceil(readings.length / mostPoints);
  const shown = readings.filter((_, index) => index % every === 0);
  const line = (name: string, style: FindingLine['style'], points: [number, number][]): FindingLine[] =>
    points.length === 0 ? [] : [{ name, axis: 'left', style, points }];
  return {
    x: { name: 'time', unit: 'minutes' },
    left: of,
    lines: [
      ...line(
        of.name,
        'line',
        shown.map(({ atMs, level }) => [minutes(atMs), level]),
      ),
      ...line(
        'low of each block',
        'points',
        minima.map(({ x, y }) => [at(x), y]),
      ),
      ...(trend === undefined || first === undefined || last === undefined
        ? []
        : line(
            'trend',
            'line',
            [first, last].map(({ x }) => [at(x), trend.intercept + trend.slope * x]),
          )),
    ],
    marks: limit === undefined ? [] : [{ on: 'left', at: limit, name: 'limit' }],
  };
}

export function driftChart({
  left,
  lines,
}: {
  readonly left: Axis;
  readonly lines: readonly { readonly name: string; readonly points: readonly DriftWindow[] }[];
}): FindingChart {
  return {
    x: { name: 'time', unit: 'minutes' },
    left,
    lines: lines
      .filter(({ points }) => points.length > 0)
      .map(({ name, points }) => ({
        name,
        axis: 'left',
        style: 'line',
        points: points.map(({ atMs, value }) => [minutes(atMs), value]),
      })),
    marks: [],
  };
}

function minutes(ms: number): number {
  return Number((ms / 60_000).toFixed(4));
}
