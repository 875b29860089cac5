/**
 * Playload: load testing inside the Playwright test runner. Every public name of `playload`: what a spec needs to write
 * and to judge a load. Statistics over several runs are in `load/analysis/index.ts`.
 */
export { expect, type Load, type LoadFixtures, type ProbePage, test } from './fixtures.ts';
export type { PageProbe } from './probe/page-probe.ts';
export { defaultProbeOptions, type ProbeOptions } from './probe/probe-options.ts';
export type { ProbeContext, ProbeFunction } from './probe/round.ts';
export type { LoadSegment } from './session/load-segment.ts';
export { OptionsError } from './options-error.ts';

export { batch, batches, iterations, rounds } from './profile/iterations.ts';
export { users, type UsersBuilder, type UsersProfile } from './profile/users.ts';
export { type ArrivalOptions, arrivals, type ArrivalsBuilder } from './profile/arrivals.ts';
export { replay, type ReplayOptions } from './run/replay.ts';
export type { Replay } from './profile/replay/replay-profile.ts';
export type { ReplayedRequest } from './profile/replay/recorded-line.ts';
export { between, constantly, exponentially, normally, type Pause } from './profile/pause.ts';
export type { Profile, Share } from './profile/profile.ts';
export type { Stage } from './profile/stages.ts';

export { mix, type WeightedTask } from './run/mix.ts';
export { type CsvOptions, feeder, type Feeder, type FeederOptions, type FeedOrder } from './run/feeder.ts';
export { defaultLoadOptions, type LoadOptions, type UseLoadOptions } from './run/load-options.ts';
export type {
  LoadRequestContext,
  Measure,
  MeasureContext,
  MeasureOptions,
  NewContext,
  Scenario,
  ScenarioContext,
  ScenarioMetrics,
  StreamingRequestContext,
} from './run/scenario.ts';
export type { LoadUser, Use, UserContext } from './run/user-life.ts';
export type { SampleTags } from './measure/samples/kind.ts';
export type { FetchOptions, RequestOptions } from './request/request-options.ts';
export type { RequestStream, StreamEnd, StreamResponse } from './request/stream/request-stream.ts';
export type { StreamEvent } from './request/stream/event-parser.ts';
export type { StreamOptions } from './request/stream/stream-options.ts';
export {
  type Connect,
  type ConnectOptions,
  defaultConnectOptions,
  type LoadSocket,
  type NextOptions,
  type RoundTripOptions,
  type SocketEnd,
  type SocketMessage,
} from './request/sockets/load-socket.ts';

export type { Experiments } from './experiments/experiments.ts';
export type { ExperimentOptions } from './experiments/experiment.ts';
export type { BreakingPointFound, BreakingPointQuestion } from './experiments/breaking-point.ts';
export type { CapacityStep } from './experiments/capacity-steps.ts';
export type { ComparisonFound } from './experiments/comparison-finding.ts';
export { type ComparedServer, type ComparisonQuestion, defaultComparison } from './experiments/comparison-question.ts';
export type { RecoveryFound } from './experiments/recovery-found.ts';
export type { RecoveryQuestion } from './experiments/recovery-question.ts';
export type { Soak } from './experiments/soak.ts';
export type { SoakQuestion } from './experiments/soak-question.ts';
export type { FindingVerdict } from './measure/finding.ts';

export type { EndpointRun, GroupRun, LoadRun, Measured, MetricRun, TagRun } from './load-run.ts';
export type { LoadExpect } from './to-meet.ts';
export type { GroupCounts } from './measure/group-data.ts';
export { slo, type Slo, type SloOptions } from './verdict/slo.ts';
export { openSlo, type OpenSloOptions } from './open-slo.ts';
export type { BudgetWindow, ErrorBudget, ErrorBudgetOptions } from './verdict/error-budget.ts';
export type { Goodput } from './verdict/goodput.ts';
export type { Steadiness } from './measure/steadiness.ts';
export type {
  CheckLimits,
  EndpointLimits,
  GroupLimits,
  LatencyLimits,
  MetricLimits,
  NetworkLimits,
  NumberLimits,
  RunLimits,
  SocketLimits,
  StreamLimits,
  WindowLimits,
} from './verdict/limits.ts';
export type { PageAddedLimits, PageShiftLimits, PageTimeLimits, ProbeLimits } from './verdict/probe-limits.ts';
export type { ProbePhase, ProbeStats, ProbeSummary } from './measure/probe-summary.ts';
export type { ProbeRound, Vital } from './measure/probe-data.ts';
export type { Judgement, JudgedThreshold } from './verdict/judge.ts';
export type { Duration, Percent, RateText } from './measure/units.ts';
export type { RequestCounts } from './measure/counts.ts';
export type { LatencyStats } from './measure/histogram.ts';
export type { SocketSummary, StreamSummary, TokenSummary } from './measure/extras-summary.ts';
export type {
  EndpointSummary,
  ErrorSummary,
  GeneratorVerdict,
  GroupSummary,
  NetworkSummary,
  PeerSummary,
  RunFigures,
  SloSummary,
  ThresholdSummary,
  UsersSummary,
  UserStageSummary,
  Verdict,
} from './measure/summary.ts';
