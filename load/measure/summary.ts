/**
 * The result contract, `load-results/summary.json`, schema `playload.summary/2`: what other programs read of a run.
 * It holds every field of `playload.summary/1`.
 * Absent means not measured; never 0 and never null. The JSON Schema beside this file says the same to machines.
 */
import type { CiSystem, Environment, Unfinished } from './environment.ts';
import { finished, type RequestCounts, successRateOf } from './counts.ts';
import type { Finding } from './finding.ts';
import { type GroupCounts, groupCounts } from './group-data.ts';
import type { LatencyStats } from './histogram.ts';
import { type ResourceSummary, summarizeResource } from './resource-series.ts';
import { isEmptyNetwork, type NetworkData, type PeerCounts } from './network.ts';
import { type EndpointData, type ErrorGroup, overall, type RunData } from './run-data.ts';
import { latency, round } from './rounded.ts';
import { coresOf, coresWhyOf, startSkewMs } from './segment-place.ts';
import { type SocketSummary, type StreamSummary, summarizeExtras } from './extras-summary.ts';
import { type ProbeSummary, summarizeProbe } from './probe-summary.ts';
import type { Culprit, RunEvent } from './run-event.ts';
import type { Steadiness } from './steadiness.ts';
import { type TargetSummary, targetsOf } from './target-summary.ts';
import { isEmptyUserBook, type UserCounts } from './user-book.ts';

export type { CiSystem, Culprit, Environment, RunEvent, TargetSummary, Unfinished };

export const summarySchema = 'playload.summary/2';
/** Schemas that this version can read. */
export const readableSummarySchemas: readonly string[] = ['playload.summary/1', summarySchema];

/**
 * `passed`: every target met. `acceptable`: some met only their acceptable limit. `failed`: a threshold missed, without
 * data, or a check failed. `invalid`: the generator was the bottleneck or the books do not balance, so the numbers say
 * nothing of the server. `incomplete`: a segment is missing, doubled or foreign, or the run was cut short. `measured`:
 * not judged, by wish, which is never counted as passed.
 */
export type Verdict = 'passed' | 'acceptable' | 'measured' | 'failed' | 'invalid' | 'incomplete';

/** `load-results/summary.json` as a whole: what a command ran. */
export interface Summary {
  /** Which fields there are: the version of this contract. */
  readonly schema: typeof summarySchema;
  /** The worst of its runs and findings. */
  readonly verdict: Verdict;
  /** When the command began, ISO 8601 in UTC. */
  readonly startedAt: string;
  /** How long it took. */
  readonly durationMs: number;
  /** The generators that loaded: each shard, or each core of it. */
  readonly segments: {
    /** How many there should be. */
    readonly expected: number;
    /** Numbers of those that are there, from 1. */
    readonly present: readonly number[];
  };
  /** Where it ran. */
  readonly environment: Environment;
  /** There while the tests still run, and for good where they came to no end: the file of a run that was killed says so. */
  readonly unfinished?: Unfinished;
  /** One for each load. */
  readonly runs: readonly RunSummary[];
  /** What several loads told together; absent where nothing was asked. */
  readonly findings?: readonly FindingSummary[];
}

/** A finding, and the test that asked. */
export interface FindingSummary extends Finding {
  /** As a run's. */
  readonly id: string;
  /** File and titles, as Playwright shows them. */
  readonly title: readonly string[];
  /** Path of the spec. */
  readonly file: string;
  /** Of its test. */
  readonly line: number;
  /** Playwright's project. */
  readonly project: string;
  /** Of the test, with their `@`. */
  readonly tags: readonly string[];
  /** Its test is marked `test.fail()`: it has no part in the overall verdict. */
  readonly expectedToFail?: true;
  /** Which of the summary's runs it rests on, from 0. */
  readonly runs: readonly number[];
}

/** One load: what was measured, and what came of its thresholds. */
export interface RunSummary {
  /** The same whenever this load runs again: ten characters of `0-9a-z`, of several with the same names with `-2`, `-3`. */
  readonly id: string;
  /** File and titles, as Playwright shows them; the run's own name last where the test has several. */
  readonly title: readonly string[];
  /** Path of the spec. */
  readonly file: string;
  /** Of its test. */
  readonly line: number;
  /** Playwright's project. */
  readonly project: string;
  /** Of the test, with their `@`. */
  readonly tags: readonly string[];
  /** In its own words: `500/s for 30s`. */
  readonly profile: string;
  /** Played once, as a functional test: its figures tell nothing of speed. */
  readonly once?: true;
  /** Made smaller from outside than its spec says. */
  readonly shrunk?: {
    /** Users, rates and counts, as a share of what the spec says. */
    readonly scale?: number;
    /** Its time, likewise. */
    readonly stretch?: number;
  };
  /** `open`: starts come from a clock. `closed`: the next iteration waits for the last. */
  readonly model: 'open' | 'closed';
  /** What came of it. */
  readonly verdict: Verdict;
  /** One sentence for people. */
  readonly reason: string;
  /** Its test is marked `test.fail()`: it has no part in the overall verdict. */
  readonly expectedToFail?: true;
  /** When measuring began, ISO 8601 in UTC. */
  readonly startedAt: string;
  /** Length of the measured part. */
  readonly durationMs: number;
  /** Cores of each machine that sent; absent where one did. */
  readonly cores?: number;
  /** How `cores: 'auto'` came to so many; absent where it was not said. */
  readonly coresWhy?: string;
  /** How far apart the cores of a machine began, by its monotonic clock. */
  readonly startSkewMs?: number;
  /** How many requests became what. */
  readonly requests: RequestCounts;
  /** Calls of the scenario. */
  readonly iterations: {
    /** That began. */
    readonly started: number;
    /** That ended by an error. */
    readonly failed: number;
    /** From start to end, pauses included, of those that ended well; absent where none did. */
    readonly durationMs?: LatencyStats;
  };
  /** Of all names together. */
  readonly checks: {
    /** That held. */
    readonly passed: number;
    /** That did not. */
    readonly failed: number;
  };
  /** Share of the requests that succeeded, 0 to 1. */
  readonly successRate?: number;
  /** Successful requests per second of the measured part. */
  readonly throughputPerSec?: number;
  /** First byte sent to last byte received. */
  readonly serviceMs?: LatencyStats;
  /** Intended start to last byte received; open model only. */
  readonly responseMs?: LatencyStats;
  /** Of the requests that failed, which are in neither of the two above: response time in an open model, else service time. */
  readonly failureMs?: LatencyStats;
  /** Actual start minus intended start, the generator's own error; open model only. */
  readonly lagMs?: LatencyStats;
  /** One row for each method and route template, or name. */
  readonly endpoints: readonly EndpointSummary[];
  /** One row for each tag of requests and measured calls, `tenant=a`; absent without tags. */
  readonly requestTags?: readonly EndpointSummary[];
  /** Named parts of the scenario; absent without groups. */
  readonly groups?: readonly GroupSummary[];
  /** By kind, endpoint and what the answer or the error said, the most frequent first. */
  readonly errors: readonly ErrorSummary[];
  /** Worst first, the implied ones included. */
  readonly thresholds: readonly ThresholdSummary[];
  /** How much the numbers are to be trusted. */
  readonly generator: GeneratorVerdict;
  /** Of the watched processes. */
  readonly resources: readonly ResourceSummary[];
  /** What the connections went through beside the requests; absent where they are Playwright's own. */
  readonly network?: NetworkSummary;
  /** What became of its users beside their iterations, in none of the numbers above; absent where they did nothing there. */
  readonly users?: UsersSummary;
  /** What happened in it, in order of time; absent where nothing did. */
  readonly events?: readonly RunEvent[];
  /** The servers that were called; absent where none is known. */
  readonly targets?: readonly TargetSummary[];
  /** Who answers for it: annotations of type `owner` and tags `@owner:…` of its test; absent without any. */
  readonly owners?: readonly string[];
  /** Whether it held one state; absent where its load held no level. Never part of the verdict. */
  readonly steadiness?: Steadiness;
  /** What users got of each SLO that the run was judged by. */
  readonly slos?: readonly SloSummary[];
  /** Pages that were looked at beside the load; absent where none was. */
  readonly probes?: readonly ProbeSummary[];
  /** Tests without a load that ran on the same machine while this load lasted: they took part of it. */
  readonly beside?: readonly string[];
}

/** One row of a run's table; its figures mean what those of the run do. */
export interface EndpointSummary {
  /** `GET /api/v1/workflows/:id`, or the name that its requests were given. */
  readonly name: string;
  /** How many became what. */
  readonly requests: RequestCounts;
  /** Share of the requests that succeeded, 0 to 1. */
  readonly successRate?: number;
  /** Successful requests per second of the measured part. */
  readonly throughputPerSec?: number;
  /** First byte sent to last byte received. */
  readonly serviceMs?: LatencyStats;
  /** Intended start to last byte received; open model only. */
  readonly responseMs?: LatencyStats;
  /** Of the requests that failed. */
  readonly failureMs?: LatencyStats;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of its streams; absent where none of its requests was one. */
  readonly stream?: StreamSummary;
  /** Of its WebSockets; absent where none of its requests opened one. */
  readonly socket?: SocketSummary;
  /** Milliseconds that the server told of itself, by metric (`Server-Timing`); absent where it told none. */
  readonly serverTimingMs?: Readonly<Record<string, LatencyStats>>;
}

/** A named part of the scenario. */
export interface GroupSummary extends GroupCounts {
  /** As the scenario names it. */
  readonly name: string;
  /** From its call to its end, of those that ended well. */
  readonly durationMs?: LatencyStats;
}

/** What went wrong in one way at one endpoint. */
export interface ErrorSummary {
  /** `HTTP 503`, `timeout`, `ECONNRESET`, `exception` and the like. */
  readonly kind: string;
  /** How often. */
  readonly count: number;
  /** Where. */
  readonly endpoint: string;
  /** First line of the first message. */
  readonly sample: string;
  /** Head of the first answer's body, as one line without secrets; absent where there was none or none is kept. */
  readonly body?: string;
  /** When the first of them was due, in milliseconds of the measured part; absent where nothing tells, as is the next. */
  readonly fromMs?: number;
  /** When the last of them was. */
  readonly toMs?: number;
}

/** Both ends of the users' lives. */
export interface UsersSummary {
  /** Before their first iteration. */
  readonly setUp: UserStageSummary;
  /** When the load was over. */
  readonly tearDown: UserStageSummary;
}

/** How many users came through one end of their lives. */
export interface UserStageSummary {
  /** That began it. */
  readonly begun: number;
  /** That did not come through. */
  readonly failed: number;
  /** How long it took those that did; absent where none did. */
  readonly ms?: LatencyStats;
}

/** What the connections of a run went through. Nothing in it is a failed request. */
export interface NetworkSummary {
  /** Requests sent once more at once: a kept connection was closed before a byte of their answer had come, or they were refused unread. */
  readonly staleConnections: number;
  /** Answers with a `Retry-After` that was waited out, where that was asked for. */
  readonly retryAfter?: {
    /** How many. */
    readonly waits: number;
    /** Milliseconds that they took in all; they are in the requests' latencies. */
    readonly waitedMs: number;
  };
  /** Names whose lookup failed while their last addresses were used. */
  readonly lookupFailures?: readonly {
    /** The name. */
    readonly host: string;
    /** How often. */
    readonly count: number;
    /** First message. */
    readonly sample: string;
  }[];
  /** Requests whose own `traceparent` is none (W3C Trace Context, 3.2), in a load that gives one to each; absent without them. */
  readonly invalidTraceparents?: {
    /** How many. */
    readonly count: number;
    /** The first. */
    readonly sample: string;
  };
  /** The addresses that the load went to, those with most requests first, and those it might have gone to. */
  readonly peers: readonly PeerSummary[];
}

/** An address of a host that was called. */
export interface PeerSummary {
  /** `api.example.com:443`. */
  readonly host: string;
  /** Its IP address; behind that of a proxy stands ` (proxy)`. */
  readonly address: string;
  /** Connections that carried a request of the measured part. */
  readonly connections: number;
  /** Requests of the measured part as they were sent, redirects and repetitions too. */
  readonly requests: number;
  /** Attempts to connect that were refused or came to nothing. */
  readonly failedConnects: number;
}

/** Goodput by the latency limits of an SLO: how many of the requests that were due succeeded within them. */
export interface SloSummary {
  /** Its name, or its limits in words. */
  readonly name: string;
  /** Requests that succeeded within its latency limits. */
  readonly good: number;
  /** Requests that were due, dropped ones included. */
  readonly of: number;
  /** Good ones of all, 0 to 1. */
  readonly share: number;
  /** Good ones per second of the measured part. */
  readonly perSec: number;
}

/** One limit, and how it went. */
export interface ThresholdSummary {
  /** As its author names it: `p95`, `serviceTime.p99`, `successRate`. */
  readonly metric: string;
  /** Of what: `run`, an endpoint's name, `check "accepted"`, with the part of the time where it is one. */
  readonly scope: string;
  /** As its author wrote it; with both limits, `< 50ms (acceptable < 100ms)`. */
  readonly expected: string;
  /** In the metric's unit: milliseconds, a share of 1, per second, or a count. Absent without data. */
  readonly actual?: number;
  /** Without data it is `failed`. `measured`: not judged, since the load was played once, or made smaller from outside. */
  readonly verdict: 'passed' | 'acceptable' | 'measured' | 'failed';
  /** Of several windows the worst, in milliseconds of the measured part. */
  readonly at?: {
    /** Its begin. */
    readonly fromMs: number;
    /** Its end. */
    readonly toMs: number;
  };
  /** Nobody wrote it: what a spec does not speak of has to be clean. */
  readonly implied?: true;
  /** Of a limit that was missed or met only as acceptable, where the numbers tell. */
  readonly culprit?: Culprit;
}

/**
 * `healthy`, or why the numbers deserve less trust: `saturated` (it was the bottleneck), `suspect` (it came close),
 * `noisy` (the machine was busy with other things), `unjudged` (too short a run to tell).
 */
export interface GeneratorVerdict {
  /** How much the numbers are to be trusted. */
  readonly verdict: 'healthy' | 'suspect' | 'noisy' | 'saturated' | 'unjudged';
  /** Event-loop utilisation, 0 to 1. */
  readonly eluMean?: number;
  /** Percent of one core. */
  readonly cpuPercent?: number;
  /** 99th percentile of the lag; open model only. */
  readonly lagP99Ms?: number;
  /** One sentence for people. */
  readonly reason: string;
}

/** The figures of a run that need no judgement. */
export type RunFigures = Omit<
  RunSummary,
  | 'id'
  | 'title'
  | 'file'
  | 'line'
  | 'project'
  | 'tags'
  | 'verdict'
  | 'reason'
  | 'thresholds'
  | 'generator'
  | 'steadiness'
  | 'slos'
  | 'beside'
  | 'events'
  | 'owners'
  | 'expectedToFail'
>;

/** Length of the measured part: from the earliest start of a segment to the latest end, by wall clock. */
export function durationMsOfRun(run: RunData): number {
  const earliest = Math.min(...run.segments.map((segment) => segment.startedAtEpochMs));
  return Math.max(0, ...run.segments.map((segment) => segment.startedAtEpochMs - earliest + segment.durationMs));
}

export function figuresOf(run: RunData): RunFigures {
  const durationMs = durationMsOfRun(run);
  const started = Math.min(...run.segments.map((segment) => segment.startedAtEpochMs));
  const checks = [...run.checks.values()];
  const [cores, why, skewMs] = [coresOf(run), coresWhyOf(run), startSkewMs(run)];
  return {
    profile: run.plan.profile,
    ...reductionOf(run.plan),
    model: run.plan.model,
    startedAt: new Date(Number.isFinite(started) ? started : 0).toISOString(),
    durationMs: round(durationMs),
    ...(cores > 1 && { cores }),
    ...(why !== undefined && { coresWhy: why }),
    ...(skewMs !== undefined && { startSkewMs: round(skewMs) }),
    requests: { ...run.counts },
    iterations: {
      started: run.iterations.started,
      failed: run.iterations.failed,
      ...latency('durationMs', run.iterationMs),
    },
    checks: {
      passed: checks.reduce((sum, check) => sum + check.passed, 0),
      failed: checks.reduce((sum, check) => sum + check.failed, 0),
    },
    ...ratesOf(run.counts, durationMs),
    ...latency('serviceMs', overall(run, 'service')),
    ...latency('responseMs', overall(run, 'response')),
    ...latency('failureMs', overall(run, 'failures')),
    ...latency('lagMs', run.lag),
    endpoints: [...run.endpoints].map(([name, endpoint]) => summarizeEndpoint(name, endpoint, durationMs)),
    ...(run.tags.size > 0 && {
      requestTags: [...run.tags].map(([name, tag]) => summarizeEndpoint(name, tag, durationMs)),
    }),
    ...(run.groups.size > 0 && {
      groups: [...run.groups].map(([name, group]) => ({
        name,
        ...groupCounts(group),
        ...latency('durationMs', group.durations),
      })),
    }),
    errors: [...run.errors.values()].map(summarizeError).sort((a, b) => b.count - a.count),
    ...targetsOf(run),
    resources: run.resources.map(summarizeResource),
    ...(!isEmptyNetwork(run.network) && { network: summarizeNetwork(run.network) }),
    ...(!isEmptyUserBook(run.users) && {
      users: { setUp: summarizeStage(run.users.setUp), tearDown: summarizeStage(run.users.tearDown) },
    }),
    ...(run.probes.size > 0 && { probes: [...run.probes].map(([name, probe]) => summarizeProbe(name, probe)) }),
  };
}

function summarizeError({ kind, count, endpoint, sample, body, fromMs, toMs }: ErrorGroup): ErrorSummary {
  return {
    kind,
    count,
    endpoint,
    sample,
    ...(body !== undefined && { body }),
    ...(fromMs !== undefined && toMs !== undefined && { fromMs: round(fromMs), toMs: round(toMs) }),
  };
}

function summarizeStage({ begun, failed, ms }: UserCounts): UserStageSummary {
  return { begun, failed, ...latency('ms', ms) };
}

function reductionOf({ once, shrunk }: RunData['plan']): Pick<RunSummary, 'once' | 'shrunk'> {
  const { scale, stretch } = shrunk ?? {};
  return {
    ...(once && { once }),
    ...(shrunk && { shrunk: { ...(scale !== undefined && { scale }), ...(stretch !== undefined && { stretch }) } }),
  };
}

function summarizeNetwork(network: NetworkData): NetworkSummary {
  const { staleConnections, retryAfter, lookupFailures, invalidTraceparents, peers } = network;
  const { waits, waitedMs } = retryAfter;
  return {
    staleConnections,
    ...(waits > 0 && { retryAfter: { waits, waitedMs: round(waitedMs) } }),
    ...(lookupFailures.size > 0 && {
      lookupFailures: [...lookupFailures].map(([host, { count, sample }]) => ({ host, count, sample })),
    }),
    ...(invalidTraceparents !== undefined && { invalidTraceparents: { ...invalidTraceparents } }),
    peers: [...peers.values()]
      .map(({ host, address, connections, requests, failedConnects }: PeerCounts) => ({
        host,
        address,
        connections,
        requests,
        failedConnects,
      }))
      .sort((a, b) => b.requests - a.requests),
  };
}

function summarizeEndpoint(name: string, endpoint: EndpointData, durationMs: number): EndpointSummary {
  return {
    name,
    requests: { ...endpoint.counts },
    ...ratesOf(endpoint.counts, durationMs),
    ...latency('serviceMs', endpoint.service),
    ...latency('responseMs', endpoint.response),
    ...latency('failureMs', endpoint.failures),
    statuses: Object.fromEntries(endpoint.statuses),
    ...summarizeExtras(endpoint, durationMs),
  };
}

/** Throughput is vegeta's: successful requests over the time from the first start to the last response. */
function ratesOf(counts: RequestCounts, durationMs: number): { successRate?: number; throughputPerSec?: number } {
  const rate = successRateOf(counts);
  return {
    ...(rate !== undefined && { successRate: rate }),
    ...(durationMs > 0 && finished(counts) > 0 && { throughputPerSec: round((counts.ok * 1_000) / durationMs) }),
  };
}
