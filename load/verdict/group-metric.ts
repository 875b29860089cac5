/** What a limit on a group may name, and how it is read. */
import { percentOf } from '../measure/custom-metric.ts';
import { type GroupData, unfinishedOf } from '../measure/group-data.ts';
import type { LatencyHistogram } from '../measure/histogram.ts';
import type { Unit } from '../measure/units.ts';
import type { GroupLimits, LatencyLimits } from './limits.ts';
import { latencyStatistics, unitOf } from './metric.ts';

interface GroupMetric {
  readonly unit: Unit;
  readonly read: (group: GroupData) => number | undefined;
}

const plain: Readonly<Record<Exclude<keyof GroupLimits, keyof LatencyLimits>, GroupMetric>> = {
  count: { unit: 'count', read: ({ durations }) => durations.count },
  failed: { unit: 'count', read: ({ failed }) => failed },
  unfinished: { unit: 'count', read: unfinishedOf },
  errorRate: {
    unit: 'share',
    read: ({ started, durations }) => (started === 0 ? undefined : (started - durations.count) / started),
  },
};

const byName: ReadonlyMap<string, GroupMetric> = new Map(Object.entries(plain));

/** As they are written. */
export const groupMetrics: readonly string[] = [...byName.keys(), ...latencyStatistics];

/** Undefined if a group has no such metric. */
export function groupUnitOf(metric: string): Unit | undefined {
  return byName.get(metric)?.unit ?? (latencyStatistics.includes(metric) ? unitOf(metric) : undefined);
}

/** Undefined without data. */
export function groupValue(group: GroupData, metric: string): number | undefined {
  const known = byName.get(metric);
  return known === undefined ? latencyStatistic(group.durations, metric) : known.read(group);
}

/** Of a histogram, by its word: `p95`, `mean`. */
export function latencyStatistic(histogram: LatencyHistogram, word: string): number | undefined {
  const percent = percentOf(word);
  if (percent !== undefined) return histogram.percentileMs(percent);
  const stats = histogram.stats();
  if (stats === undefined) return undefined;
  return word === 'min' ? stats.min : word === 'mean' ? stats.mean : word === 'max' ? stats.max : stats.stdev;
}
