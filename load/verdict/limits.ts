/**
 * What a user may ask of a run, an endpoint, a check or a metric, as types: a misspelt metric or a wrong unit is red in
 * the editor before it is an `OptionsError` at run time.
 */
import type { PhaseName } from '../measure/samples/phases.ts';
import type { Duration, Percent, RateText } from '../measure/units.ts';

type Operator = '<' | '<=' | '>' | '>=';
type Compared<Value extends string> = `${Operator} ${Value}` | `${Operator}${Value}`;
type PlainNumber = `${number}`;

/** A limit, or the plan's pair: `target` to pass, `acceptable` to be tolerated. */
export type Either<Text> =
  | Text
  | {
      /** What is aimed at: a run that meets it has passed. */
      readonly target: Text;
      /** What is tolerated: a run that meets this alone is acceptable. */
      readonly acceptable: Text;
    };

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

/**
 * Limits on a distribution of latencies: `{ p95: '< 200ms' }`. Percentiles are of the merged histogram, by nearest rank,
 * to three significant digits (HdrHistogram).
 */
export interface LatencyLimits {
  /** The quickest. */
  readonly min?: LatencyLimit;
  /** Arithmetic mean, from the exact sum. */
  readonly mean?: LatencyLimit;
  /** Median. */
  readonly p50?: LatencyLimit;
  /** 75th percentile. */
  readonly p75?: LatencyLimit;
  /** 90th percentile. */
  readonly p90?: LatencyLimit;
  /** 95th percentile. */
  readonly p95?: LatencyLimit;
  /** 99th percentile; of fewer than 1,000 requests it is a few requests' luck. */
  readonly p99?: LatencyLimit;
  /** 99.9th percentile. */
  readonly p999?: LatencyLimit;
  /** 99.99th percentile. */
  readonly p9999?: LatencyLimit;
  /** The slowest. */
  readonly max?: LatencyLimit;
  /** Standard deviation of all of them (divided by n). */
  readonly stdev?: LatencyLimit;
}

/**
 * Holds for a part of the time of a run or an endpoint, `run.after('30s')`. Bare latencies are response time in an open
 * model, service time in a closed one. `stdev` is not kept by time.
 */
export interface WindowLimits extends Omit<LatencyLimits, 'stdev'> {
  /** Share of the requests that succeeded: `'100%'` means exactly that, `'> 99%'` compares. */
  readonly successRate?: ShareLimit;
  /** Share of the requests that did not succeed. */
  readonly errorRate?: ShareLimit;
  /** Successful requests per second. */
  readonly throughput?: RateLimit;
  /** Requests that came to an end. */
  readonly requests?: CountLimit;
  /** Server-sent events, lines or chunks of streams, in a part of the time by when they came. */
  readonly events?: CountLimit;
  /** The same per second. */
  readonly eventRate?: RateLimit;
  /** Output tokens of streams, as their `tokens` option counts them; without a single one it has no data. */
  readonly tokens?: CountLimit;
  /** The same per second: output token throughput, of all streams together (`vllm bench serve`). */
  readonly tokenRate?: RateLimit;
  /** Messages sent over WebSockets. */
  readonly messagesSent?: CountLimit;
  /** Messages received over WebSockets. */
  readonly messagesReceived?: CountLimit;
  /** Messages received over WebSockets, per second. */
  readonly messageRate?: RateLimit;
  /** Time to the first event of a stream, as in `EndpointLimits`; in a part of the time without `mean` and `stdev`. */
  readonly firstEvent?: Omit<LatencyLimits, 'mean' | 'stdev'>;
  /** Time between two events of a stream, as in `EndpointLimits`; in a part of the time without `mean` and `stdev`. */
  readonly gap?: Omit<LatencyLimits, 'mean' | 'stdev'>;
}

/**
 * Limits on streams of an endpoint, or of all. Where nothing was a stream they have no data, which fails. Token figures are
 * those of `vllm bench serve`.
 */
export interface StreamLimits {
  /** From the first byte sent to the last received, of the streams that ended well. */
  readonly streamDuration?: LatencyLimits;
  /** TTFT: to the first event that carries a token, from where `firstEvent` begins. */
  readonly timeToFirstToken?: LatencyLimits;
  /** ITL, inter-token latency: between two events of a stream that carry tokens. */
  readonly interTokenLatency?: LatencyLimits;
  /** TPOT: of each stream with two tokens or more, from its first token to its last, by the tokens after the first. */
  readonly timePerOutputToken?: LatencyLimits;
  /** Events of each stream that had one. */
  readonly eventsPerStream?: NumberLimits;
  /** Tokens of each stream that had one. */
  readonly tokensPerStream?: NumberLimits;
  /** Streams that broke off before their end; failed requests, unless `allow` says otherwise. */
  readonly cutStreams?: CountLimit;
  /** Streams that were silent for longer than `stallAfter`; likewise. */
  readonly stalledStreams?: CountLimit;
  /** Streams that ended without one event; likewise. */
  readonly emptyStreams?: CountLimit;
  /** Connections made anew after a cut, with `Last-Event-ID`. */
  readonly reconnects?: CountLimit;
}

/** Limits on WebSockets of an endpoint, or of all. Where none was opened they have no data, which fails. */
export interface SocketLimits {
  /**
   * WebSockets that were closed by the server, or lost, with a code that the scenario did not expect (RFC 6455, 7.4). Without
   * this limit a single one fails the run.
   */
  readonly abnormalCloses?: CountLimit;
}

/** Holds for an endpoint, and for a whole run. Bare latencies are as in `WindowLimits`. */
export interface EndpointLimits extends StreamLimits, SocketLimits, WindowLimits, LatencyLimits {
  /** To the first event of a stream: from the intended start in an open model, from the first byte sent in a closed one. */
  readonly firstEvent?: LatencyLimits;
  /** Between two events of a stream that follow each other. */
  readonly gap?: LatencyLimits;
  /**
   * Durations that the server told of its answers (`Server-Timing`, W3C), by its names: `{ db: { p95: '< 50ms' } }`. A name
   * that no answer told has no data, which fails.
   */
  readonly serverTiming?: { readonly [name: string]: LatencyLimits };
  /** First byte sent to last byte received. */
  readonly serviceTime?: LatencyLimits;
  /** Intended start to last byte received; open model only. */
  readonly responseTime?: LatencyLimits;
  /** Parts of a request's way. */
  readonly phases?: { readonly [Phase in PhaseName]?: LatencyLimits };
  /** Without this limit, or one on `successRate` or `errorRate`, a single failed request fails the run; `timedOut` likewise. */
  readonly failed?: CountLimit;
  /** Requests that took longer than `requestTimeout`. */
  readonly timedOut?: CountLimit;
  /** Requests cut off at the end of the run. Without this limit a single one fails it. */
  readonly unfinished?: CountLimit;
}

/** Limits on what the connections of a run went through; nothing in it is a failed request. Of our own connections alone. */
export interface NetworkLimits {
  /** Share of the requests that were sent once more: the server had closed their connection, or refused them unread. */
  readonly staleConnections?: ShareLimit;
  /** Answers with `Retry-After` that were waited out. */
  readonly retryAfter?: CountLimit;
  /** Lookups that failed while the last addresses of the name were used. */
  readonly lookupFailures?: CountLimit;
  /** Attempts to connect, to any address, that were refused or came to nothing. */
  readonly failedConnects?: CountLimit;
  /**
   * Of the requests to a name with several addresses, the share of the address that had the fewest: `'> 10%'` fails where
   * one of six servers had next to none. Without such a name it is not measured, which fails.
   */
  readonly leastShare?: ShareLimit;
}

/** Holds for a whole run: what `expect(run).toMeet` takes. */
export interface RunLimits extends EndpointLimits {
  /** Actual start minus intended start; open model only. */
  readonly lag?: LatencyLimits;
  /** What the connections went through. */
  readonly network?: NetworkLimits;
  /**
   * Arrivals that were due while `maxInFlight` was reached, or that this machine had not started 5 s after the end of the
   * profile. Without this limit a single one fails the run.
   */
  readonly dropped?: CountLimit;
  /** Iterations that were started. */
  readonly iterations?: CountLimit;
  /** Iterations that ended by an error. */
  readonly iterationsFailed?: CountLimit;
  /** Iterations that ended well and sent nothing. Without this limit a single one fails the run. */
  readonly idleIterations?: CountLimit;
  /** Errors of the scenario's own code. Without this limit a single one fails the run. */
  readonly exceptions?: CountLimit;
  /** Users whose `user` did not come through: not set up, or not torn down. Without this limit a single one fails the run. */
  readonly userFailures?: CountLimit;
  /** Share of all checks that passed. Without this limit a single failed check fails the run. */
  readonly checks?: ShareLimit;
  /** Score from 0 to 1 at the `apdex` threshold given to `load` (Apdex technical specification 1.1). */
  readonly apdex?: NumberLimit;
}

/** Holds for `run.group(name)`: bare latencies are from the call of a group to its end, of those that ended well. */
export interface GroupLimits extends LatencyLimits {
  /** Groups that ended well. */
  readonly count?: CountLimit;
  /** Groups that ended by an error. */
  readonly failed?: CountLimit;
  /** Groups that the end of the run cut off. */
  readonly unfinished?: CountLimit;
  /** Share of the groups that were begun and did not end well. */
  readonly errorRate?: ShareLimit;
}

/** Holds for `run.check(name)`. */
export interface CheckLimits {
  /** Share of the checks of that name that passed. */
  readonly rate?: ShareLimit;
}

/**
 * Holds for `run.metric(name)`, in the metric's own unit. Which of them a metric has goes by its kind: counter `count`;
 * gauge `last`, `min`, `max`; rate `rate`, `count`; trend the rest. One that it has not has no data, and fails.
 */
export interface MetricLimits {
  /** Sum of a counter; number of values of a rate or a trend. */
  readonly count?: CountLimit;
  /** Share of true. */
  readonly rate?: ShareLimit;
  /** The last value. */
  readonly last?: NumberLimit;
  /** The lowest value. */
  readonly min?: NumberLimit;
  /** Arithmetic mean, from the exact sum. */
  readonly mean?: NumberLimit;
  /** The highest value. */
  readonly max?: NumberLimit;
  /** Median, as the other percentiles within 0.05 % of the value. */
  readonly p50?: NumberLimit;
  /** 75th percentile. */
  readonly p75?: NumberLimit;
  /** 90th percentile. */
  readonly p90?: NumberLimit;
  /** 95th percentile. */
  readonly p95?: NumberLimit;
  /** 99th percentile. */
  readonly p99?: NumberLimit;
  /** 99.9th percentile. */
  readonly p999?: NumberLimit;
  /** 99.99th percentile. */
  readonly p9999?: NumberLimit;
}

/** Limits on a distribution of plain numbers, such as the events of each stream: `{ min: '>= 11' }`. */
export type NumberLimits = Omit<MetricLimits, 'count' | 'rate' | 'last'>;
