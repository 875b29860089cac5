/**
 * What a user may ask of a run, an endpoint, a check or a metric, as types: a misspelt metric or a wrong unit is red in
 * the editor before it is an `OptionsError` at run time.
 */
import type { Duration, Percent, RateText } from '../measure/units.ts';

type Operator = '<' | '<=' | '>' | '>=';
type Compared<Value extends string> = `${Operator} ${Value}` | `${Operator}${Value}`;
type PlainNumber = `${number}`;

/** A limit, or the plan's pair: `target` to pass, `acceptable` to be tolerated. */
export type Either<Text> = Text | { readonly target: Text; readonly acceptable: Text };

/** `< 100ms`. */
export type LatencyLimit = Either<Compared<Duration>>;
/** `100%` means exactly that; `> 99%` and `>= 99%` compare. */
export type ShareLimit = Either<Percent | Compared<Percent>>;
/** `> 495/s`. */
export type RateLimit = Either<Compared<RateText>>;
/** `0` means exactly none; `< 5`, `>= 100` compare. */
export type CountLimit = Either<PlainNumber | Compared<PlainNumber>>;
/** `> 0.9`: a bare number, in the metric's own unit. */
export type NumberLimit = Either<Compared<PlainNumber>>;

export interface LatencyLimits {
  readonly min?: LatencyLimit;
  readonly mean?: LatencyLimit;
  readonly p50?: LatencyLimit;
  readonly p75?: LatencyLimit;
  readonly p90?: LatencyLimit;
  readonly p95?: LatencyLimit;
  readonly p99?: LatencyLimit;
  readonly p999?: LatencyLimit;
  readonly p9999?: LatencyLimit;
  readonly max?: LatencyLimit;
  readonly stdev?: LatencyLimit;
}

/** Holds for a run, an endpoint and for a part of their time. Bare latencies are response time in an open model, service time in a closed one. */
export interface WindowLimits extends LatencyLimits {
  readonly successRate?: ShareLimit;
  readonly errorRate?: ShareLimit;
  readonly throughput?: RateLimit;
  readonly requests?: CountLimit;
}

export interface EndpointLimits extends WindowLimits {
  /** First byte sent to last byte received. */
  readonly serviceTime?: LatencyLimits;
  /** Intended start to last byte received; open model only. */
  readonly responseTime?: LatencyLimits;
  readonly phases?: {
    readonly dns?: LatencyLimits;
    readonly connect?: LatencyLimits;
    readonly tls?: LatencyLimits;
    readonly waiting?: LatencyLimits;
    readonly receiving?: LatencyLimits;
  };
  /** Without this limit, or one on `successRate` or `errorRate`, a single failed request fails the run; `timedOut` likewise. */
  readonly failed?: CountLimit;
  readonly timedOut?: CountLimit;
  /** Requests cut off at the end of the run. Without this limit a single one fails it. */
  readonly unfinished?: CountLimit;
}

export interface RunLimits extends EndpointLimits {
  /** Actual start minus intended start; open model only. */
  readonly lag?: LatencyLimits;
  /** Arrivals that were due while `maxInFlight` was reached. Without this limit a single one fails the run. */
  readonly dropped?: CountLimit;
  readonly iterations?: CountLimit;
  readonly iterationsFailed?: CountLimit;
  /** Iterations that ended well and sent nothing. Without this limit a single one fails the run. */
  readonly idleIterations?: CountLimit;
  /** Errors of the scenario's own code. Without this limit a single one fails the run. */
  readonly exceptions?: CountLimit;
  /** Share of all checks that passed. Without this limit a single failed check fails the run. */
  readonly checks?: ShareLimit;
  /** Score from 0 to 1 at the `apdex` threshold given to `load`. */
  readonly apdex?: NumberLimit;
}

export interface CheckLimits {
  readonly rate?: ShareLimit;
}

/** Which of them a metric has goes by its kind: counter `count`; gauge `last`, `min`, `max`; rate `rate`, `count`; trend the rest. */
export interface MetricLimits {
  readonly count?: CountLimit;
  readonly rate?: ShareLimit;
  readonly last?: NumberLimit;
  readonly min?: NumberLimit;
  readonly mean?: NumberLimit;
  readonly max?: NumberLimit;
  readonly p50?: NumberLimit;
  readonly p75?: NumberLimit;
  readonly p90?: NumberLimit;
  readonly p95?: NumberLimit;
  readonly p99?: NumberLimit;
  readonly p999?: NumberLimit;
}
