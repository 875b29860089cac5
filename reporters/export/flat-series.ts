/**
 * Series as Prometheus keeps them: one number at each moment, a histogram as its buckets, sum and count. A counter has a
 * 0 where its run begins, without which its first rise would be lost: Prometheus sees no rise to a first value.
 */
import { durationBoundsSec } from './duration-buckets.ts';
import type { Distribution, Family, Labels, Point, Series } from './metric-family.ts';

export interface FlatSeries {
  readonly name: string;
  readonly labels: Labels;
  readonly points: readonly Point<number>[];
}

/** Where a series comes from, unless its options say otherwise: what a scrape would add. */
export const defaultLabels: Labels = { job: 'playload' };

export function flatSeries(family: Family, more: Labels): FlatSeries[] {
  switch (family.type) {
    case 'gauge':
      return family.series.map(({ labels, points }) => ({ name: family.name, labels: { ...more, ...labels }, points }));
    case 'counter':
      return family.series.map((series) => ({
        name: `${family.name}_total`,
        labels: { ...more, ...series.labels },
        points: fromZero(series),
      }));
    case 'histogram':
      return family.series.flatMap((series) => histogramSeries(family.name, series, more));
  }
}

function fromZero({ startMs, points }: Pick<Series<number>, 'startMs' | 'points'>): Point<number>[] {
  return [{ atMs: startMs, value: 0 }, ...points.filter(({ atMs }) => atMs > startMs)];
}

function histogramSeries(name: string, series: Series<Distribution>, more: Labels): FlatSeries[] {
  const labels = { ...more, ...series.labels };
  const read = (valueOf: (distribution: Distribution) => number) =>
    fromZero({
      startMs: series.startMs,
      points: series.points.map(({ atMs, value }) => ({ atMs, value: valueOf(value) })),
    });
  return [
    ...durationBoundsSec.map((bound, at) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: String(bound) },
      points: read(({ upTo }) => upTo[at] ?? 0),
    })),
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, points: read(({ count }) => count) },
    { name: `${name}_sum`, labels, points: read(({ sum }) => sum) },
    { name: `${name}_count`, labels, points: read(({ count }) => count) },
  ];
}
