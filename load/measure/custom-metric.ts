/**
 * Metrics of the user's own, in k6's four kinds: a counter adds up, a gauge keeps the last value, a rate is the share
 * of true among all, a trend is a distribution.
 */
import { OptionsError } from '../options-error.ts';
import { entryName, EntryNames } from './entry-name.ts';
import { type EncodedSparse, SparseHistogram } from './sparse-histogram.ts';
import { unreachable } from '../unreachable.ts';

export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';

/** A trend within 0.05 % of each value. */
const trendPrecision = 10;

export type MetricData =
  | { readonly kind: 'counter'; total: number }
  | { readonly kind: 'gauge'; last: number; lastAtMs: number; min: number; max: number }
  | { readonly kind: 'rate'; passed: number; total: number }
  | { readonly kind: 'trend'; readonly values: SparseHistogram; sum: number; min: number; max: number };

export type EncodedMetric =
  | Exclude<MetricData, { kind: 'trend' }>
  | {
      readonly kind: 'trend';
      readonly values: EncodedSparse;
      readonly sum: number;
      readonly min: number;
      readonly max: number;
    };

/** The metrics of a run by name. A metric exists once it has a value: none is 0 because nobody measured it. */
export class CustomMetrics {
  readonly #byName = new Map<string, MetricData>();
  readonly #names = new EntryNames();

  get(name: string): MetricData | undefined {
    return this.#byName.get(name) ?? this.#byName.get(entryName(name));
  }

  entries(): [string, MetricData][] {
    return [...this.#byName];
  }

  count(name: string, by: number): void {
    requireFinite(name, by);
    if (by < 0) throw new OptionsError([`counter \`${name}\` only grows, got ${by}`]);
    this.#of(name, 'counter', () => ({ kind: 'counter', total: 0 })).total += by;
  }

  gauge(name: string, value: number, atMs: number): void {
    requireFinite(name, value);
    const gauge = this.#of(name, 'gauge', () => ({
      kind: 'gauge',
      last: value,
      lastAtMs: atMs,
      min: value,
      max: value,
    }));
    Object.assign(gauge, {
      last: value,
      lastAtMs: atMs,
      min: Math.min(gauge.min, value),
      max: Math.max(gauge.max, value),
    });
  }

  rate(name: string, passed: boolean): void {
    const rate = this.#of(name, 'rate', () => ({ kind: 'rate', passed: 0, total: 0 }));
    rate.total += 1;
    if (passed) rate.passed += 1;
  }

  trend(name: string, value: number): void {
    requireFinite(name, value);
    const trend = this.#of(name, 'trend', () => ({
      kind: 'trend',
      values: new SparseHistogram(trendPrecision),
      sum: 0,
      min: value,
      max: value,
    }));
    trend.values.record(value);
    trend.sum += value;
    trend.min = Math.min(trend.min, value);
    trend.max = Math.max(trend.max, value);
  }

  /** Throws, with nothing added, where one is of another kind here. */
  add(other: CustomMetrics): void {
    for (const [name, { kind }] of other.#byName) {
      const mine = this.#byName.get(name)?.kind ?? kind;
      if (mine !== kind) throw new Error(`metric \`${name}\` is a ${mine} in one segment and a ${kind} in another`);
    }
    for (const [name, metric] of other.#byName) {
      const mine = this.#byName.get(name);
      if (mine === undefined) this.#byName.set(name, decodeMetric(encodeMetric(metric)));
      else merge(mine, metric);
    }
  }

  encode(): Record<string, EncodedMetric> {
    return Object.fromEntries(this.entries().map(([name, metric]) => [name, encodeMetric(metric)]));
  }

  static decode(encoded: Readonly<Record<string, EncodedMetric>>): CustomMetrics {
    const metrics = new CustomMetrics();
    for (const [name, metric] of Object.entries(encoded)) metrics.#byName.set(name, decodeMetric(metric));
    return metrics;
  }

  #of<Kind extends MetricKind>(
    given: string,
    kind: Kind,
    make: () => Extract<MetricData, { kind: Kind }>,
  ): Extract<MetricData, { kind: Kind }> {
    const name = this.#names.of(given, `(other ${kind}s)`);
    const known = this.#byName.get(name);
    if (known === undefined) {
      const made = make();
      this.#byName.set(name, made);
      return made;
    }
    if (!isKind(known, kind))
      throw new OptionsError([`metric \`${name}\` is a ${known.kind}, it cannot be a ${kind} too`]);
    return known;
  }
}

function isKind<Kind extends MetricKind>(
  metric: MetricData,
  kind: Kind,
): metric is Extract<MetricData, { kind: Kind }> {
  return metric.kind === kind;
}

function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new OptionsError([`metric \`${name}\` takes finite numbers, got ${value}`]);
}

/** Both are of one kind. */
function merge(into: MetricData, from: MetricData): void {
  if (into.kind === 'counter' && from.kind === 'counter') into.total += from.total;
  else if (into.kind === 'rate' && from.kind === 'rate') {
    into.total += from.total;
    into.passed += from.passed;
  } else if (into.kind === 'gauge' && from.kind === 'gauge') {
    const later = from.lastAtMs > into.lastAtMs ? from : into;
    Object.assign(into, {
      last: later.last,
      lastAtMs: later.lastAtMs,
      min: Math.min(into.min, from.min),
      max: Math.max(into.max, from.max),
    });
  } else if (into.kind === 'trend' && from.kind === 'trend') {
    into.values.add(from.values);
    into.sum += from.sum;
    into.min = Math.min(into.min, from.min);
    into.max = Math.max(into.max, from.max);
  }
}

function encodeMetric(metric: MetricData): EncodedMetric {
  return metric.kind === 'trend' ? { ...metric, values: metric.values.encode() } : { ...metric };
}

function decodeMetric(metric: EncodedMetric): MetricData {
  return metric.kind === 'trend'
    ? { ...metric, values: SparseHistogram.decode(metric.values, trendPrecision) }
    : { ...metric };
}

/** What a threshold or a table may ask of a metric: `count`, `rate`, `last`, `mean`, `p95` … Absent where its kind has none. */
export function metricValue(metric: MetricData, statistic: string): number | undefined {
  switch (metric.kind) {
    case 'counter':
      return statistic === 'count' ? metric.total : undefined;
    case 'rate':
      return statistic === 'rate' ? metric.passed / metric.total : statistic === 'count' ? metric.total : undefined;
    case 'gauge':
      return statistic === 'last'
        ? metric.last
        : statistic === 'min'
          ? metric.min
          : statistic === 'max'
            ? metric.max
            : undefined;
    case 'trend':
      return trendValue(metric, statistic);
    default:
      return unreachable(metric);
  }
}

function trendValue(trend: Extract<MetricData, { kind: 'trend' }>, statistic: string): number | undefined {
  const { values, sum, min, max } = trend;
  if (statistic === 'count') return values.count;
  if (statistic === 'mean') return sum / values.count;
  if (statistic === 'min') return min;
  if (statistic === 'max') return max;
  const percent = percentOf(statistic);
  const value = percent === undefined ? undefined : values.percentile(percent);
  return value === undefined ? undefined : Math.min(max, Math.max(min, value));
}

/** 95 of `p95`, 99.9 of `p999`; undefined for any other word. */
export function percentOf(statistic: string): number | undefined {
  const digits = /^p(\d\d|99\d{1,3})$/.exec(statistic)?.[1];
  return digits === undefined ? undefined : Number(`${digits.slice(0, 2)}.${digits.slice(2)}0`);
}
