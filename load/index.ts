/**
 * Playload: load testing inside the Playwright test runner. Every public name.
 */
export { expect, type Load, type LoadFixtures, test } from './fixtures.ts';
export { OptionsError } from './options-error.ts';

export { batch, batches, iterations, rounds } from './profile/iterations.ts';
export { users, type UsersBuilder, type UsersProfile } from './profile/users.ts';
export { type ArrivalOptions, arrivals, type ArrivalsBuilder } from './profile/arrivals.ts';
export { between, constantly, exponentially, normally, type Pause } from './profile/pause.ts';
export type { Profile } from './profile/profile.ts';
export type { Stage } from './profile/stages.ts';

export { mix, type WeightedTask } from './run/mix.ts';
export { feeder, type Feeder, type FeederOptions, type FeedOrder } from './run/feeder.ts';
export { defaultLoadOptions, type LoadOptions } from './run/load-options.ts';
export type { LoadRequestContext, NewContext, Scenario, ScenarioContext, ScenarioMetrics } from './run/scenario.ts';

export { EndpointRun, LoadRun, Measured, MetricRun } from './load-run.ts';
export type {
  CheckLimits,
  EndpointLimits,
  LatencyLimits,
  MetricLimits,
  RunLimits,
  WindowLimits,
} from './verdict/limits.ts';
export type { Judgement, JudgedThreshold } from './verdict/judge.ts';
export {
  formatCount,
  formatDuration,
  formatMb,
  formatMs,
  formatPercent,
  formatRate,
  type Duration,
  type Percent,
  type RateText,
} from './measure/units.ts';
export type { RequestCounts } from './measure/counts.ts';
export type { LatencyStats } from './measure/histogram.ts';
export type { ResourceSample, ResourceSeries } from './measure/resource-series.ts';
export type { EndpointSummary, RunSummary, Summary, ThresholdSummary, Verdict } from './measure/summary.ts';

export { RequestContext } from './request/context.ts';
export { createPool, type ConnectionPool, type PoolOptions } from './request/pool.ts';
export type { FetchOptions, RequestContextOptions, RequestOptions } from './request/request-options.ts';

export { type Benchmark } from './analysis/benchmark.ts';
export { cpuReturn, type CpuRecovery } from './analysis/cpu-recovery.ts';
export { memoryGrowth, type MemoryGrowth } from './analysis/memory-growth.ts';
export { findLeak, type Leak } from './analysis/leak.ts';
export { type Recovery, type RecoveryWindow, timeToRecovery } from './analysis/recovery.ts';
export { type BreakingPoint, breakingPointSearch, describeBreakingPoint } from './analysis/breaking-point.ts';
export { defaultObjective, judgeStep, type LoadStep, type Objective, type StepOutcome } from './analysis/load-step.ts';
export { fitScalabilityLaw, type ScalabilityLaw } from './analysis/scalability-law.ts';
export { blockOrder, comparePairs, type PairedComparison } from './analysis/paired-comparison.ts';
export {
  describeCpuRecovery,
  describeLeak,
  describeMemoryGrowth,
  describePairs,
  describeRecovery,
} from './analysis/findings.ts';
