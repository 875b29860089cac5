/**
 * The results as families of time series, whatever carries them: OpenTelemetry, Prometheus' text, OpenMetrics, remote
 * write. A counter begins at 0 with its run; its points add up from there.
 */

/** Under the names of Prometheus; `otlp-metrics.ts` has those of OpenTelemetry. */
export type Labels = Readonly<Record<string, string>>;

/** Cumulative counts at the bounds of `durationBoundsSec`. */
export interface Distribution {
  readonly count: number;
  /** Seconds. */
  readonly sum: number;
  readonly upTo: readonly number[];
  /** Seconds; only where all is told. */
  readonly min?: number;
  readonly max?: number;
}

export interface Point<Value> {
  readonly atMs: number;
  readonly value: Value;
}

export interface Series<Value> {
  readonly labels: Labels;
  /** The one server that its run called, `api.example.com:443`, for whoever has an attribute for it. */
  readonly server?: string;
  /** When its run began, by wall clock. */
  readonly startMs: number;
  /** In order of time, never two at one moment, at least one. */
  readonly points: readonly Point<Value>[];
  /** All in all, where that is known more finely than by the points: a second's latencies are kept within 0.4 %. */
  readonly total?: Value;
}

export type Family = {
  /** Of Prometheus, without `_total`. */
  readonly name: string;
  /** Of OpenTelemetry. */
  readonly otel: string;
  /** UCUM. */
  readonly unit: string;
  readonly help: string;
} & (
  | { readonly type: 'histogram'; readonly series: readonly Series<Distribution>[] }
  | { readonly type: 'counter' | 'gauge'; readonly series: readonly Series<number>[] }
);

/** What there is at the end. */
export function lastOf<Value>({ points, total }: Series<Value>): Value | undefined {
  return total ?? points.at(-1)?.value;
}
