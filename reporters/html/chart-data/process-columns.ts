/** The generator's own health and the watched processes, on the run's time axis. */
import type { GeneratorSecond } from '../../../load/measure/generator-series.ts';
import type { ResourceSeries } from '../../../load/measure/resource-series.ts';
import type { RunData } from '../../../load/measure/run-data.ts';
import { type Column, emptyColumn, pointOf, tidy, type TimeAxis } from './time-axis.ts';

export interface GeneratorColumns {
  /** `generator`, or `generator 2` where there are several. */
  readonly name: string;
  /** Event-loop utilisation, 0 to 1: the highest second of a point. */
  readonly elu?: Column;
  /** Percent of one core, likewise. */
  readonly cpuPercent?: Column;
  /** MiB, likewise. */
  readonly rssMb?: Column;
}

/** Readings come when they come, so each has its own time. */
export interface ProcessColumns {
  readonly name: string;
  readonly pid: number;
  readonly atSec: readonly number[];
  readonly cpuPercent: Column;
  readonly rssMb: Column;
}

export function generatorColumns(run: RunData, axis: TimeAxis): GeneratorColumns[] {
  const several = run.segments.length > 1;
  return run.segments.flatMap(({ generator, index }) => {
    const elu = highest(axis, generator, (second) => second.elu);
    const cpuPercent = highest(axis, generator, (second) => second.cpuPercent);
    const rssMb = highest(axis, generator, (second) => second.rssMb);
    const columns = {
      ...(elu !== undefined && { elu }),
      ...(cpuPercent !== undefined && { cpuPercent }),
      ...(rssMb !== undefined && { rssMb }),
    };
    if (Object.keys(columns).length === 0) return [];
    return [{ name: several ? `generator ${index + 1}` : 'generator', ...columns }];
  });
}

/** A long series keeps every n-th reading, and of each n the one with the most CPU: a peak is not thinned away. */
export function processColumns(series: ResourceSeries, limit: number): ProcessColumns {
  const every = Math.max(1, Math.ceil(series.samples.length / limit));
  const kept = Array.from({ length: Math.ceil(series.samples.length / every) }, (_, at) =>
    series.samples
      .slice(at * every, (at + 1) * every)
      .reduce((high, sample) => ((sample.cpuPercent ?? -1) > (high.cpuPercent ?? -1) ? sample : high)),
  ).filter(({ atMs }) => Number.isFinite(atMs));
  return {
    name: series.name,
    pid: series.pid,
    atSec: kept.map(({ atMs }) => Number((atMs / 1_000).toFixed(2))),
    cpuPercent: kept.map(({ cpuPercent }) => tidy(cpuPercent)),
    rssMb: kept.map(({ rssMb }) => tidy(rssMb)),
  };
}

function highest(
  axis: TimeAxis,
  series: readonly GeneratorSecond[],
  pick: (second: GeneratorSecond) => number | undefined,
): Column | undefined {
  const column = emptyColumn(axis);
  for (const second of series) {
    const value = tidy(pick(second));
    const point = pointOf(axis, second.second);
    if (value === null || point < 0 || point >= axis.points) continue;
    column[point] = Math.max(column[point] ?? value, value);
  }
  return column.some((value) => value !== null) ? column : undefined;
}
