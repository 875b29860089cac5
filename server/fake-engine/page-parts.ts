/** What the pages of all engines are made of: their state, single numbers with labels, histograms. */
import type { MetricType, Sample } from '../domain/engines/prometheus-line.ts';
import type { Family } from '../domain/engines/prometheus-parse.ts';
import type { Histogram, Meter } from './meter.ts';
import type { Levels } from './simulation.ts';

/** All that a page shows. */
export interface PageState {
  readonly levels: Levels;
  readonly meter: Meter;
  readonly model: string;
  /** Whether the engine was started with speculative decoding. */
  readonly speculates: boolean;
  /** Seconds since 1970. */
  readonly processStartedS: number;
}

export type Labels = Readonly<Record<string, string>>;

/** One metric with one value, or one for each label set. */
interface Scalar {
  readonly name: string;
  readonly type: MetricType;
  readonly help?: string;
  readonly values: readonly (readonly [Labels, number])[];
}

export function scalar({ name, type, help, values }: Scalar): Family {
  const samples = values.map(([labels, value]): Sample => ({ name, labels, value }));
  return { name, type, samples, ...(help === undefined ? {} : { help }) };
}

/** As Python's client shows it. @param startedS Seconds since 1970. */
export function processStart(startedS: number): Family {
  return scalar({
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'Start time of the process since unix epoch in seconds.',
    values: [[{}, startedS]],
  });
}

interface HistogramParts {
  readonly name: string;
  readonly help?: string;
  readonly labels: Labels;
  readonly of: Histogram | undefined;
  /** How a bucket's bound is written: Python's client says `1.0` where Rust's says `1`. */
  readonly bound: (value: number) => string;
}

/** Cumulative buckets, sum and count; nothing at all when the engine has no such histogram. */
export function histogram({ name, help, labels, of, bound }: HistogramParts): Family[] {
  if (of === undefined) return [];
  let upTo = 0;
  const buckets = of.counts.map((count, at): Sample => {
    upTo += count;
    return { name: `${name}_bucket`, labels: { ...labels, le: bound(of.bounds[at] ?? Infinity) }, value: upTo };
  });
  const samples: Sample[] = [
    ...buckets,
    { name: `${name}_sum`, labels, value: of.sum },
    { name: `${name}_count`, labels, value: upTo },
  ];
  return [{ name, type: 'histogram', samples, ...(help === undefined ? {} : { help }) }];
}
