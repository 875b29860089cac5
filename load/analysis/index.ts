/**
 * Statistics and judgments over several runs or over a process that was watched, and the words and figures in which
 * reports tell of them: every public name of `playload/analysis`. What a spec writes and judges a load with is in
 * `load/index.ts`.
 */
export type { Benchmark } from './benchmark.ts';
export { cpuReturn, type CpuRecovery, type CpuRecoveryOptions } from './cpu-recovery.ts';
export { memoryGrowth, type MemoryGrowth, type MemoryGrowthOptions } from './memory-growth.ts';
export { findLeak, type Leak, type LeakOptions, type LeakParts, type MemoryReading } from './leak.ts';
export {
  findHandleLeak,
  type HandleLeak,
  type HandleLeakOptions,
  type HandleLeakParts,
  type HandleReading,
} from './handle-leak.ts';
export { findDrift, type Drift, type DriftOptions, type DriftWindow } from './drift.ts';
export {
  type Recovery,
  type RecoveryOptions,
  type RecoveryParts,
  type RecoveryWindow,
  timeToRecovery,
} from './recovery.ts';
export {
  type BreakingPoint,
  describeBreakingPoint,
  formatLevel,
  type LevelOf,
  type LevelTally,
} from './breaking-point.ts';
export {
  type BreakingPointOptions,
  type BreakingPointSearch,
  breakingPointSearch,
  type NextStep,
  type StepPurpose,
} from './breaking-point-search.ts';
export {
  defaultObjective,
  judgeStep,
  type LoadStep,
  type Objective,
  type StepOutcome,
  type StepPromise,
} from './load-step.ts';
export { fitScalabilityLaw, type ScalabilityLaw, type ScalingPoint } from './scalability-law.ts';
export {
  type ComparedBlock,
  type ComparedMetric,
  type ComparedPair,
  compareBlocks,
  type Comparison,
  type ComparisonOptions,
  defaultTolerances,
  type LostShares,
  type MetricComparison,
} from './comparison.ts';
export { describeComparison, type SideNames } from './comparison-words.ts';
export { blockOrder, comparePairs, type Pair, type PairedComparison, type PairedOptions } from './paired-comparison.ts';
export {
  describeCpuRecovery,
  describeDrift,
  describeHandleLeak,
  describeLeak,
  describeMemoryGrowth,
  describePairs,
  describeRecovery,
} from './findings.ts';

export { formatCount, formatDuration, formatMb, formatMs, formatPercent, formatRate } from '../measure/units.ts';
export type { ResourcePhase, ResourceSample, ResourceSeries, ResourceSummary } from '../measure/resource-series.ts';
export type { Environment, RunSummary, Summary, Unfinished } from '../measure/summary.ts';
