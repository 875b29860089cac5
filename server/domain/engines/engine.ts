/** The inference engines the agent knows, and the shape in which each says where its numbers are found. */
import { z } from 'zod';

export const engines = ['vllm', 'sglang', 'tgi'] as const;
export const engineSchema = z.enum(engines).meta({ id: 'Engine' });
export type Engine = z.infer<typeof engineSchema>;

/** Names of one metric, newest first; the first that a page has is read, so old and new engines both are understood. */
export type Names = readonly string[];

/** A level now. A sum over ranks for counts of requests; for a fraction the highest rank, since one full rank preempts. */
export type GaugeSource =
  | { readonly read: 'sum'; readonly names: Names }
  | { readonly read: 'highest'; readonly names: Names }
  | { readonly read: 'quotient'; readonly dividend: Names; readonly divisor: Names };

/**
 * A count since start, over all labels or only over those series whose `label` has one of `values`. Some engines export
 * a counter only once it has counted: with `bornBeside`, its absence means 0 while one of those metrics is there.
 */
export interface CounterSource {
  readonly names: Names;
  readonly bornBeside?: Names;
  readonly where?: { readonly label: string; readonly values: readonly string[] };
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

/** Where one engine keeps each number. A field that is missing here is one the engine never exports. */
export interface EngineDefinition {
  readonly engine: Engine;
  /** What every metric of this engine begins with. */
  readonly prefix: string;
  readonly gauges: Partial<Record<GaugeField, GaugeSource>>;
  readonly counters: Partial<Record<CounterField, CounterSource>>;
  /** Histograms: seconds, or tokens for the two lengths. */
  readonly distributions: Partial<Record<DistributionField, Names>>;
  /** Gauges that say a rate or ratio directly, read where the counters for it are not exported. */
  readonly fallbacks: { readonly generation_tokens_per_s?: Names; readonly prefix_hit_ratio?: Names };
}
