/** The inference engines the agent knows, and the shape in which each says where its numbers are found. */
import { z } from 'zod';

export const engines = ['vllm', 'sglang', 'tgi'] as const;
export const engineSchema = z.enum(engines).meta({ id: 'Engine' });
export type Engine = z.infer<typeof engineSchema>;

/** A metric's name on the page, and the versions of the engine that export it: from `since` on, the last being `until`. */
export interface MetricName {
  readonly name: string;
  readonly since: string;
  readonly until?: string;
}

/** Names of one metric, newest first; the first that a page has is read, so old and new engines both are understood. */
export type Names = readonly MetricName[];

export function named(name: string, since: string, until?: string): MetricName {
  return until === undefined ? { name, since } : { name, since, until };
}

/** A series is taken where its label has one of the values, or none of them. A label that it lacks is empty. */
export type Condition = { readonly label: string } & (
  { readonly values: readonly string[] } | { readonly except: readonly string[] }
);

/** Which series of a metric are read, and which of them show the same thing. What is left is added up. */
export interface Source {
  readonly names: Names;
  readonly where?: readonly Condition[];
  /** Series that differ in these labels alone are views of one thing: the highest of them counts. */
  readonly views?: readonly string[];
  /** The series where this label is empty is the total of those where it is not, which stand beside it. */
  readonly totalUnder?: string;
  /**
   * Some engines export a series only once it has counted: its absence means 0 while the page has one of these metrics.
   */
  readonly bornBeside?: readonly string[];
}

/** A level now. A sum for counts of requests; for a fraction the highest rank, since one full rank preempts. */
export type GaugeSource =
  | (Source & { readonly read: 'sum' | 'highest' })
  | { readonly read: 'quotient'; readonly dividend: Names; readonly divisor: Names };

/** When the engine counts: while it works, when a request is over, or already when one comes. */
export type Moment = 'live' | 'end' | 'arrival';

/** Something counted since start. */
export interface CountedSource extends Source {
  readonly counted: Moment;
}

export const gaugeFields = ['running', 'waiting', 'kv_usage'] as const;
export const counterFields = [
  'done',
  'failed',
  'overloaded',
  'aborted',
  'preemptions',
  'generation_tokens',
  'prompt_tokens',
  'prefix_hits',
  'prefix_queries',
  'progress',
  'spec_drafted',
  'spec_accepted',
] as const;
export const distributionFields = [
  'ttft_s',
  'itl_s',
  'e2e_s',
  'queue_s',
  'prefill_s',
  'inference_s',
  'prompt_length',
  'generation_length',
] as const;

export type GaugeField = (typeof gaugeFields)[number];
export type CounterField = (typeof counterFields)[number];
export type DistributionField = (typeof distributionFields)[number];

export const fallbackFields = ['generation_tokens_per_s', 'prefix_hit_ratio'] as const;
export type FallbackField = (typeof fallbackFields)[number];

/** Where one engine keeps each number. A field that is missing here is one the engine never exports. */
export interface EngineDefinition {
  readonly engine: Engine;
  /** What every metric of this engine begins with. */
  readonly prefix: string;
  readonly gauges: Partial<Record<GaugeField, GaugeSource>>;
  readonly counters: Partial<Record<CounterField, CountedSource>>;
  /** Histograms: seconds, or tokens for the two lengths. */
  readonly distributions: Partial<Record<DistributionField, CountedSource>>;
  /** Gauges that say a rate (a sum) or a ratio (the highest) directly, read where the counters for it are not exported. */
  readonly fallbacks: Partial<Record<FallbackField, GaugeSource>>;
}
