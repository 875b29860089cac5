/**
 * Results over time as OTLP/HTTP JSON (`ExportMetricsServiceRequest`), with the names of OpenTelemetry's HTTP client
 * conventions where they have one. Temporality is cumulative, which Prometheus takes without further settings.
 */
import type { Env } from '../../load/measure/source-context.ts';
import { durationBoundsSec } from './duration-buckets.ts';
import { type Exported, familiesOf } from './families.ts';
import { type Distribution, type Family, lastOf, type Series } from './metric-family.ts';
import { type Attribute, attributeList, attributesOf, serverAttributes } from './otlp-attributes.ts';
import { resourceAttributes } from './otlp-resource.ts';

type Message = Readonly<Record<string, unknown>>;

/** Protobuf's enumeration `AggregationTemporality`. */
const cumulative = 2;
/** Of one request; a point takes about a kilobyte, and a collector takes 20 MB at most. */
export const mostPointsOfRequest = 2_000;

export type ExportedFrom = Exported & { readonly env?: Env };

/** Requests, to be sent in this order. */
export function otlpRequests(exported: ExportedFrom): Message[] {
  const resource = { attributes: resourceAttributes(exported.environment ?? {}, exported.env ?? {}) };
  return batches(familiesOf(exported).map(metricOf)).map((metrics) => ({
    resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'playload' }, metrics }] }],
  }));
}

interface Metric {
  readonly head: Message;
  readonly points: readonly Message[];
  readonly withPoints: (dataPoints: readonly Message[]) => Message;
}

/** A metric may be spread over several requests: its points are of different series, or of later moments. */
function batches(metrics: readonly Metric[]): Message[][] {
  const all: Message[][] = [];
  let room = 0;
  for (const { head, points, withPoints } of metrics) {
    for (let from = 0; from < points.length;) {
      if (room === 0) {
        all.push([]);
        room = mostPointsOfRequest;
      }
      const some = points.slice(from, from + room);
      all.at(-1)?.push({ ...head, ...withPoints(some) });
      from += some.length;
      room -= some.length;
    }
  }
  return all;
}

function metricOf(family: Family): Metric {
  const head = { name: family.otel, unit: family.unit, description: family.help };
  switch (family.type) {
    case 'histogram':
      return {
        head,
        points: family.series.flatMap(histogramPoints),
        withPoints: (dataPoints) => ({ histogram: { dataPoints, aggregationTemporality: cumulative } }),
      };
    case 'counter':
      return {
        head,
        points: family.series.flatMap(sumPoints(family.series.every(isWhole))),
        withPoints: (dataPoints) => ({
          sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: true },
        }),
      };
    case 'gauge':
      return {
        head,
        points: family.series.flatMap(({ labels, points }) =>
          points.map(({ atMs, value }) => ({
            timeUnixNano: nanoseconds(atMs),
            attributes: attributesOf(labels),
            asDouble: value,
          })),
        ),
        withPoints: (dataPoints) => ({ gauge: { dataPoints } }),
      };
  }
}

function attributesOfSeries({ labels, server }: Series<unknown>): Attribute[] {
  return [...attributesOf(labels), ...(server === undefined ? [] : attributeList(serverAttributes(server)))];
}

const isWhole = ({ points }: Series<number>) => points.every(({ value }) => Number.isSafeInteger(value));

function sumPoints(whole: boolean): (series: Series<number>) => Message[] {
  return (series) => {
    const { startMs, points } = series;
    const attributes = attributesOfSeries(series);
    return points.map(({ atMs, value }) => ({
      startTimeUnixNano: nanoseconds(startMs),
      timeUnixNano: nanoseconds(atMs),
      attributes,
      ...(whole ? { asInt: String(value) } : { asDouble: value }),
    }));
  };
}

/** The least and the greatest are those of all the time since the start: known at the end alone. */
function histogramPoints(series: Series<Distribution>): Message[] {
  const { startMs, points } = series;
  const attributes = attributesOfSeries(series);
  const { min, max } = lastOf(series) ?? {};
  return points.map(({ atMs, value: { count, sum, upTo } }, at) => {
    const all = [...upTo, count];
    return {
      startTimeUnixNano: nanoseconds(startMs),
      timeUnixNano: nanoseconds(atMs),
      attributes,
      count: String(count),
      sum,
      ...(at === points.length - 1 && min !== undefined && { min }),
      ...(at === points.length - 1 && max !== undefined && { max }),
      explicitBounds: durationBoundsSec,
      bucketCounts: all.map((value, bucket) => String(value - (all[bucket - 1] ?? 0))),
    };
  });
}

function nanoseconds(ms: number): string {
  return String(BigInt(ms) * 1_000_000n);
}
