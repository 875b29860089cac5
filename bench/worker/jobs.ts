/** The jobs of the bench's specs, for both sides: rates are responses per second, memory is MB of the worker. */
import type { CapacityAnswer } from '../calibration/capacities.ts';
import type { Measurement } from '../calibration/verdict.ts';
import type { FindingVerdict } from '../../load/measure/finding.ts';
import type { GeneratorVerdict } from '../../load/measure/summary.ts';
import { Job } from './job.ts';
import type { MadeRun } from './made-run.ts';

/**
 * Who sends: `context` is the bare request context that reads JSON, `body` and `discard` are the same that read bytes
 * and throw them away, `fixture` is `load` with a scenario that reads JSON, and `traced` the same with a `traceparent` in each request.
 */
export type Sender = 'autocannon' | 'h2load' | 'context' | 'body' | 'discard' | 'fixture' | 'traced';

/** What one of them did in one block. */
export interface Block {
  readonly requests: number;
  readonly ms: number;
  /** CPU time of the process that sends, all of its threads: what a busy machine changes least. */
  readonly cpuMs: number;
}

/** Senders against one server, block by block in turn: as many blocks of each as there were rounds. */
export const speed = new Job<
  {
    readonly url: string;
    readonly rounds: number;
    readonly blockSeconds: number;
    readonly senders: readonly Sender[];
    readonly http2?: boolean;
  },
  Readonly<Partial<Record<Sender, readonly Block[]>>>
>('speed');

/** Playwright's own context in a plain test body, ours before and after it, over the same number of requests. */
export const playwrightContext = new Job<
  { readonly url: string; readonly times: number },
  { readonly playwright: number; readonly ours: number[] }
>('playwright-context');

/** What a scenario asserts by: our `check`, our `expect`, and Playwright's. */
export const assertingWays = ['check', 'expect', 'playwrights'] as const;
export type AssertingWay = (typeof assertingWays)[number];

/** The same assertions in a scenario, each way in turn; then so many iterations by our `expect`. */
export const asserting = new Job<
  { readonly url: string; readonly rounds: number; readonly blockSeconds: number; readonly times: number },
  {
    /** Requests per second of each block. */
    readonly perSec: Readonly<Record<AssertingWay, readonly number[]>>;
    /** Iterations that passed, and what the worker holds more after them. */
    readonly done: number;
    readonly heldMb: number;
  }
>('asserting');

/** A page beside a load of so many seconds. */
export const pages = new Job<
  { readonly seconds: number },
  {
    readonly addedLcpMs: number;
    readonly addedActionMs: number;
    /** Furthest that LCP was from what the page itself observed. */
    readonly lcpOffMs: number;
    /** Of the control page, as a share. */
    readonly slowdown: number;
    readonly rounds: number;
  }
>('pages');

export interface AgentRates {
  readonly fixture: number[];
  readonly autocannon: number[];
  /** Service time p99 of the fixture's blocks, ms. */
  readonly p99Ms: number[];
  /** Requests of the fixture that did not succeed. */
  readonly failed: number;
}

export interface AgentAnswer {
  readonly health: AgentRates;
  readonly list: AgentRates;
  readonly create: AgentRates;
  /** Playwright's own context on health, in a plain test body. */
  readonly playwright: number;
}

/** The agent's endpoints through the `load` fixture and by autocannon, 50 users. */
export const agentSpeed = new Job<
  { readonly url: string; readonly rounds: number; readonly blockSeconds: number; readonly playwrightTimes: number },
  AgentAnswer
>('agent');

export interface OpenAnswer {
  readonly scheduled: number;
  readonly started: number;
  readonly ok: number;
  readonly dropped: number;
  /** Failed, timed out, unfinished. */
  readonly other: number;
  readonly responseP50Ms: number;
  readonly responseP99Ms: number;
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly generator: Pick<GeneratorVerdict, 'verdict' | 'reason'>;
  /** CPU time of the worker over the load's, percent of a core. */
  readonly cpuPercent: number;
  /** Resident memory of the worker before the load, every half second of it, and after. */
  readonly rssMb: readonly number[];
  /** What the worker's objects and buffers take when all garbage is gone. */
  readonly held: { readonly beforeMb: number; readonly afterMb: number };
  /** From the first due start to the last response, ms. */
  readonly durationMs: number;
}

/**
 * An open load at a rate, or of a log sent again so many times as fast as it came; with `freeze` the server's process stands
 * still for so long from that moment on.
 */
export const openLoad = new Job<
  {
    readonly url: string;
    readonly starts:
      { readonly perSec: number; readonly seconds: number } | { readonly log: string; readonly speed: number };
    readonly freeze?: { readonly pid: number; readonly atMs: number; readonly forMs: number };
  },
  OpenAnswer
>('open');

export interface MemoryAnswer {
  readonly ok: number;
  readonly perSec: number;
  /** Resident memory of the worker by how many requests were done, MB. */
  readonly rssMb: readonly { readonly requests: number; readonly mb: number }[];
}

/** Many requests in one test: what becomes of the worker's memory. */
export const memory = new Job<
  {
    readonly url: string;
    readonly requests: number;
    readonly lookEvery: number;
    readonly users: number;
    readonly read: 'json' | 'body' | 'nothing';
  },
  MemoryAnswer
>('memory');

/** Begins the lines of a spec that the bench passes on while it runs. */
export const progressMark = '· ';

/** Rows of the calibration by their numbers; the answer has one measurement for each. */
export const calibration = new Job<
  { readonly url: string; readonly pid: number; readonly rows: readonly number[] },
  readonly Measurement[]
>('calibration');

/** How one comparison ended. */
export interface ComparisonEnd {
  readonly verdict: FindingVerdict;
  readonly pairs: number;
  /** b over a, and the slowdown that would have shown; absent where nothing could be told. */
  readonly p50?: { readonly ratio: number; readonly detectable: number };
}

/** Comparisons of two servers, given as `baseURL`s, one after the other: as many as begin within `limitMs`. */
export const comparisons = new Job<
  { readonly a: string; readonly b: string; readonly times: number; readonly limitMs: number },
  readonly ComparisonEnd[]
>('comparisons');

/** How one recovery ended. */
export interface RecoveryAnswer {
  readonly verdict: FindingVerdict;
  readonly sentence: string;
  /** Absent where the server did not come back in time. */
  readonly recoveredAfterMs?: number;
}

/** The recovery of one server, beside an open probe. */
export const recoveries = new Job<
  { readonly url: string; readonly probePerSec: number; readonly stressPerSec: number; readonly stressSeconds: number },
  RecoveryAnswer
>('recovery');

/** A run that is made up, for the reporters to show. */
export const longRun = new Job<MadeRun, { readonly requests: number; readonly payloadKb: number }>('report');

/** Tests of such a run each, one for each repetition. */
export const manyRuns = new Job<MadeRun, { readonly payloadKb: number }>('runs');

/** Segments of a run that was made up, one for each repetition. */
export const manySegments = new Job<
  {
    /** Payloads of segments, which are sent in turn. */
    readonly files: readonly string[];
    readonly of: number;
    readonly seconds: number;
    readonly startedAtEpochMs: number;
    /** How much later each began than the one before it. */
    readonly laterMs: number;
  },
  { readonly payloadKb: number }
>('segments');

export interface WaitingAnswer {
  readonly perSec: number;
  readonly ok: number;
  /** Requests that did not succeed. */
  readonly other: number;
  /** Service time of the whole run, ms. */
  readonly p99Ms: number;
  /** Of the first second, in which all users begin at once. */
  readonly first: { readonly p99Ms: number; readonly maxMs: number; readonly failed: number };
  /** Open files of the worker at its end; absent where the system does not list them. */
  readonly openFiles?: number;
  /** Event-loop utilisation of each second in which all were there, 0 to 1. */
  readonly elu: readonly number[];
  /** CPU time of the worker per request once all were there, all of its threads. */
  readonly cpuUsPerRequest: number;
  readonly peakMb: number;
  readonly generator: Pick<GeneratorVerdict, 'verdict' | 'reason'>;
}

/** Users who think most of the time. */
export const waiting = new Job<
  {
    readonly url: string;
    readonly users: number;
    readonly thinkMs: readonly [from: number, to: number];
    readonly seconds: number;
    readonly connections: 'shared' | 'per-user';
  },
  WaitingAnswer
>('waiting');

export interface CoresAnswer {
  /** Iterations a second, of all cores. */
  readonly perSec: number;
  /** What `load` took beside the measured time. */
  readonly besideMs: number;
  /** How far apart the cores began. */
  readonly skewMs: number;
  /** From the command to its test's first line. */
  readonly playwrightMs: number;
  /** Memory of the Playwright that runs the further cores, and of their workers; 0 where there are none. */
  readonly runnerMb: number;
  readonly workersMb: number;
}

/** Iterations that need CPU alone, from so many cores. */
export const coresSpeed = new Job<
  { readonly url: string; readonly cores: number; readonly seconds: number; readonly askedAtEpochMs: number },
  CoresAnswer
>('cores');

/** One search for a breaking point. */
export const capacity = new Job<{ readonly url: string }, CapacityAnswer>('capacity');

export interface SocketsAnswer {
  readonly scheduled: number;
  readonly ok: number;
  /** Of the round trips, ms; absent where none was answered. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly lagP99Ms?: number;
  readonly abnormalCloses: number;
  /** How many round trips failed, by the name of the error. */
  readonly errors: Readonly<Record<string, number>>;
  readonly generator: Pick<GeneratorVerdict, 'verdict' | 'reason'>;
}

/** Round trips at a rate over sockets that are kept; with `kill` the server's process is killed at that moment. */
export const socketTrips = new Job<
  {
    readonly url: string;
    readonly perSec: number;
    readonly seconds: number;
    readonly sockets: number;
    readonly kill?: { readonly pid: number; readonly atMs: number };
  },
  SocketsAnswer
>('sockets');

/** A stream as its scenario took it. */
export interface TakenStream {
  readonly n: number;
  readonly events: readonly string[];
  /** What its loop threw; empty where it ended. */
  readonly failure: string;
}

/** Streams of a schedule at 20/s, a flood of events over some streams, and many that are open at once. */
export const streams = new Job<
  {
    readonly url: string;
    readonly seededSeconds: number;
    readonly flood: { readonly perSec: number; readonly streams: number; readonly seconds: number };
    readonly open: number;
  },
  {
    readonly taken: readonly TakenStream[];
    readonly flood: {
      readonly events: number;
      readonly p50Ms: number;
      readonly p99Ms: number;
      /** Of a bare client of `node:http`, just before: what machine and server do. */
      readonly bareP99Ms: number;
      readonly cpuPercent: number;
    };
    /** KB of objects and buffers of each stream that is open. */
    readonly heldKb: number;
  }
>('streams');
