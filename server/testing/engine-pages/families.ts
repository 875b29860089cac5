/** What pages are made of: single numbers and histograms of each series, as families for the printer. */
import type { MetricType, Sample } from '../../domain/engines/prometheus-line.ts';
import type { Family } from '../../domain/engines/prometheus-parse.ts';

export type Labels = Readonly<Record<string, string>>;

type Value = readonly [labels: Labels, value: number];

interface Scalar {
  readonly name: string;
  readonly type: MetricType;
  readonly help?: string;
}

export function scalar({ name, type, help }: Scalar, values: readonly Value[]): Family {
  const samples = values.map(([labels, value]): Sample => ({ name, labels, value }));
  return { name, type, samples, ...(help === undefined ? {} : { help }) };
}

interface Histogram {
  readonly name: string;
  readonly help?: string;
  readonly bounds: readonly number[];
  /** How a bucket's bound is written: Python's client says `1.0` where Rust's says `1`. */
  readonly bound: (value: number) => string;
}

type Observations = readonly [labels: Labels, seen: ReadonlyMap<number, number>];

/** Cumulative buckets, sum and count of each series. */
export function histogram({ name, help, bounds, bound }: Histogram, series: readonly Observations[]): Family {
  const samples = series.flatMap(([labels, seen]): Sample[] => {
    const ascending = [...seen].sort(([one], [other]) => one - other);
    let [upTo, next] = [0, 0];
    const buckets = [...bounds, Infinity].map((limit): Sample => {
      for (; (ascending[next]?.[0] ?? NaN) <= limit; next += 1) upTo += ascending[next]?.[1] ?? 0;
      return { name: `${name}_bucket`, labels: { ...labels, le: bound(limit) }, value: upTo };
    });
    const sum = ascending.reduce((all, [value, times]) => all + value * times, 0);
    return [...buckets, { name: `${name}_count`, labels, value: upTo }, { name: `${name}_sum`, labels, value: sum }];
  });
  return { name, type: 'histogram', samples, ...(help === undefined ? {} : { help }) };
}

/** 1, 2 and 5 times the powers of ten up to `most`, as vLLM cuts lengths. */
export function oneTwoFive(most: number): number[] {
  const bounds: number[] = [];
  for (let power = 1; ; power *= 10)
    for (const mantissa of [1, 2, 5]) {
      if (mantissa * power > most) return bounds;
      bounds.push(mantissa * power);
    }
}

export const processStarted = (startedMs: number): Family =>
  scalar(
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'Start time of the process since unix epoch in seconds.',
    },
    [[{}, startedMs / 1_000]],
  );
