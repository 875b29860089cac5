/** Runs for tests, recorded as a real one is: by the recorder, on a clock that the sample moves by hand. */
import { Recorder } from '../load/measure/recorder.ts';
import type { HttpSample } from '../load/measure/samples/http.ts';
import type { RunData, RunPlan, SegmentData } from '../load/measure/run-data.ts';
import { runIdOf } from '../load/measure/run-id.ts';
import type { Threshold } from '../load/measure/threshold.ts';
import { figuresOf, type RunSummary, type Summary, summarySchema } from '../load/measure/summary.ts';
import { runEvents } from '../load/verdict/events.ts';
import { judgeRun } from '../load/verdict/judge.ts';
import { worstVerdict } from '../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reporters/reported-run.ts';

export interface SampleRequest {
  readonly path: string;
  readonly method?: string;
  /** As given with the request. */
  readonly name?: string;
  /** Service time. */
  readonly ms: number;
  /** When it was due and sent, from the start of the measured part. */
  readonly atMs?: number;
  /** Undefined for a connection that was reset. */
  readonly status?: number | undefined;
}

export interface SampleParts {
  readonly plan?: Partial<RunPlan>;
  readonly segment?: Partial<SegmentData>;
  readonly thresholds?: readonly Threshold[];
  readonly requests?: readonly SampleRequest[];
  readonly checks?: readonly (readonly [name: string, passed: boolean])[];
}

/** By default 100 requests of 1 to 100 ms, ten a second, to one endpoint. */
export function recordRun({
  plan,
  segment,
  thresholds = [],
  requests = hundred(),
  checks = [],
}: SampleParts = {}): RunData {
  const recorder = new Recorder({
    plan: {
      index: 0,
      profile: '100 iterations by 20 users',
      model: 'closed',
      warmUpMs: 0,
      whenSaturated: 'invalid',
      ...plan,
    },
  });
  recorder.begin(0);
  for (const request of requests) record(recorder, request);
  for (const [name, passed] of checks) recorder.check(name, passed, false);
  recorder.finish();
  const { data } = recorder;
  data.thresholds.push(...thresholds);
  data.segments.push({
    runId: 'sample',
    index: 0,
    of: 1,
    startedAtEpochMs: Date.UTC(2026, 0, 1),
    durationMs: 10_000,
    generator: [],
    pid: 1,
    ...segment,
  });
  return data;
}

function hundred(): SampleRequest[] {
  return Array.from({ length: 100 }, (_, n) => ({ path: '/api/v1/health', ms: n + 1, atMs: n * 100 }));
}

function record(recorder: Recorder, { path, method = 'GET', name, ms, atMs = 0, ...answer }: SampleRequest): void {
  const iteration = { warmUp: false, dueMs: atMs, requested: false };
  const status = 'status' in answer ? answer.status : 200;
  const request: HttpSample = {
    kind: 'http',
    method,
    url: `http://127.0.0.1:8002${path}`,
    name,
    calledAtMs: atMs,
    sentAtMs: atMs,
    endedAtMs: atMs + ms,
    status,
    bytesSent: 0,
    bytesReceived: 2,
    failure: status === undefined ? { kind: 'reset', code: 'ECONNRESET', message: 'socket hang up' } : undefined,
    dnsMs: undefined,
    connectMs: undefined,
    tlsMs: undefined,
    waitingMs: ms,
    receivingMs: undefined,
    details: () => ({ requestHeaders: {}, requestBody: undefined, responseHeaders: {}, responseBody: undefined }),
  };
  if (recorder.data.plan.model === 'open') recorder.arrivalDue(atMs, false);
  recorder.iterationStarted(iteration, atMs);
  recorder.requestStarted(iteration, atMs);
  recorder.requestEnded(request, iteration);
  recorder.iterationEnded(iteration, 'ok');
}

/** A limit that a sample is held against: `atMost('p95', 50)` is `p95: '< 50ms'`. */
export function atMost(metric: string, ms: number, acceptableMs?: number): Threshold {
  const limit = (value: number) => ({ comparison: '<' as const, value, text: `< ${value}ms` });
  return {
    scope: { kind: 'run' },
    metric,
    target: limit(ms),
    ...(acceptableMs !== undefined && { acceptable: limit(acceptableMs) }),
  };
}

/** The run as reporters get it; `changes` stand in for what its test would say of it. */
export function reportedRun(data: RunData, changes: Partial<RunSummary> = {}): ReportedRun {
  const judgement = judgeRun(data);
  const { verdict, reason, generator } = judgement;
  const thresholds = judgement.thresholds.map(({ metric, scope, expected, actual, verdict: each, culprit }) => ({
    metric,
    scope,
    expected,
    ...(actual !== undefined && { actual }),
    verdict: each,
    ...(culprit !== undefined && { culprit }),
  }));
  const title = ['load.spec.ts', 'health answers 100 requests, 20 at a time'];
  const events = runEvents(data, judgement);
  const summary: RunSummary = {
    id: runIdOf({ project: 'load', title: changes.title ?? title }),
    title,
    file: 'specs/load.spec.ts',
    line: 12,
    project: 'load',
    tags: [],
    ...figuresOf(data),
    verdict,
    reason,
    generator,
    thresholds,
    ...(events.length > 0 && { events }),
    ...changes,
  };
  return { data, judgement: { ...judgement, verdict: summary.verdict, reason: summary.reason }, summary };
}

export function summaryOfRuns(runs: readonly ReportedRun[]): Summary {
  return {
    schema: summarySchema,
    verdict: worstVerdict(runs.map(({ summary }) => summary.verdict)),
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 61_234,
    segments: { expected: 1, present: [1] },
    environment: { node: 'v20.20.0', os: 'Linux', cpu: 'any', cores: 2 },
    runs: runs.map(({ summary }) => summary),
  };
}
