/** Samples of requests that Playwright's own context sent, out of what it tells: a response's timing, or an error. */
import type { LoadResponse, ResponseTiming } from '../load-response.ts';
import { codeOf, failureOf, type Progress } from '../failure.ts';
import { operationIn } from '../operation.ts';
import type { RequestOptions } from '../request-options.ts';
import type { FailureKind, RequestDetails, RequestFailure, RequestSample } from '../sample.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly options: RequestOptions;
}

export interface Moments {
  readonly asked: Asked;
  /** Absolute, if that is known. */
  readonly url: string | undefined;
  readonly name: string | undefined;
  readonly tags: RequestOptions['tags'];
  readonly tag: unknown;
  readonly calledAtMs: number;
  /** From the monotonic clock to milliseconds since 1970. */
  readonly epochMs: number;
  readonly resolvedAtMs: number;
}

/** An older Playwright tells no moments of a call. */
type Answered = Omit<LoadResponse, 'timing'> & { readonly timing?: () => ResponseTiming };

/**
 * Playwright's timing is exact within itself, but begins at a wall-clock millisecond: it is laid between the call and
 * its answer, so that durations are right and moments are off by a millisecond at most.
 */
export function answered(response: Answered, moments: Moments): RequestSample {
  const { asked, url, name, tags, tag, calledAtMs } = moments;
  return {
    kind: 'http',
    method: asked.method,
    url: url ?? response.url(),
    name,
    tags,
    operation: operationIn(asked.method, asked.options.data),
    tag,
    calledAtMs,
    ...timesOf(response.timing?.(), moments),
    status: response.status(),
    failure: undefined,
    bytesSent: bytesOf(asked.options.data),
    bytesReceived: Number(response.headers()['content-length'] ?? 0),
    answerHeader: (header) => response.headers()[header],
    details: () => detailsOf(moments, response.headers()),
  };
}

type Times = Pick<
  RequestSample,
  'sentAtMs' | 'endedAtMs' | 'dnsMs' | 'connectMs' | 'tlsMs' | 'waitingMs' | 'receivingMs'
>;

/** Without Playwright's timing a call has no phases, and what Playwright itself takes is in its time. */
function timesOf(timing: ResponseTiming | undefined, { calledAtMs, epochMs, resolvedAtMs }: Moments): Times {
  if (timing === undefined) return { ...noPhases, sentAtMs: calledAtMs, endedAtMs: resolvedAtMs };
  const latestMs = resolvedAtMs - Math.max(timing.responseEnd, 0);
  const startedAtMs = Math.min(Math.max(timing.startTime - epochMs, calledAtMs), latestMs);
  const span = (from: number, to: number): number | undefined => (from < 0 || to < 0 ? undefined : to - from);
  const tcpEnd = timing.secureConnectionStart >= 0 ? timing.secureConnectionStart : timing.connectEnd;
  return {
    sentAtMs: startedAtMs + Math.max(timing.requestStart, 0),
    endedAtMs: startedAtMs + Math.max(timing.responseEnd, 0),
    dnsMs: span(timing.domainLookupStart, timing.domainLookupEnd),
    connectMs: span(timing.connectStart, tcpEnd),
    tlsMs: span(timing.secureConnectionStart, timing.connectEnd),
    waitingMs: span(timing.requestStart, timing.responseStart),
    receivingMs: span(timing.responseStart, timing.responseEnd),
  };
}

const noPhases = {
  dnsMs: undefined,
  connectMs: undefined,
  tlsMs: undefined,
  waitingMs: undefined,
  receivingMs: undefined,
} as const;

/** A call that was never sent, for a wrong option or URL, is no request and yields no sample. */
export function failed(error: unknown, moments: Moments): RequestSample | undefined {
  const { asked, url, name, tags, tag, calledAtMs, resolvedAtMs } = moments;
  if (!(error instanceof Error)) return undefined;
  const firstLine = (error.message.split('\n')[0] ?? '').replace(/^\w+\.\w+: /, '');
  const status = /^([45]\d\d) /.exec(firstLine)?.[1];
  const failure = status === undefined ? failureBy(error, firstLine) : undefined;
  if (status === undefined && failure === undefined) return undefined;
  return {
    kind: 'http',
    method: asked.method,
    url: url ?? asked.url,
    name,
    tags,
    operation: operationIn(asked.method, asked.options.data),
    tag,
    calledAtMs,
    sentAtMs: failure?.kind === 'timeout' ? calledAtMs : undefined, // Playwright does not tell when it was sent
    endedAtMs: resolvedAtMs,
    status: status === undefined ? undefined : Number(status),
    failure,
    ...noPhases,
    bytesSent: bytesOf(asked.options.data),
    bytesReceived: 0,
    details: () => detailsOf(moments, {}),
  };
}

const notSent = new Set(['ERR_INVALID_URL', 'ERR_INVALID_PROTOCOL', 'ERR_INVALID_HTTP_TOKEN', 'ERR_INVALID_CHAR']);

function failureBy(error: Error, message: string): RequestFailure | undefined {
  const code = codeOf(error);
  if (code !== undefined && notSent.has(code)) return undefined;
  if (error.name === 'TimeoutError') return { kind: 'timeout', code: undefined, message };
  if (error.name === 'AbortError' || error.constructor.name.startsWith('TargetClosedError')) {
    return { kind: 'aborted', code: undefined, message };
  }
  if (code !== undefined) return failureOf(Object.assign(new Error(message), { code }), progressOf(message));
  return { kind: kindByWords(message), code: undefined, message };
}

/** Of a compressed body cut off Playwright says `aborted`, as of any other, and adds a code. */
function progressOf(message: string): Progress {
  return message.startsWith('aborted') ? 'head' : 'sent';
}

/** Where Playwright passes no code on, its words are all there is. */
function kindByWords(message: string): FailureKind {
  const last = /^Failed after \d+ attempt\(s\): Error: (.*)$/.exec(message)?.[1] ?? message;
  if (last === 'aborted') return 'body-cut-off';
  if (last === 'socket hang up') return 'reset';
  if (last.startsWith('Parse Error') || last.startsWith('failed to decompress')) return 'malformed';
  const code = /\bE[A-Z_]{3,}\b/.exec(last)?.[0];
  return code === undefined ? 'other' : failureOf(Object.assign(new Error(last), { code }), 'sent').kind;
}

function bytesOf(data: unknown): number {
  if (data === undefined) return 0;
  if (Buffer.isBuffer(data)) return data.length;
  return Buffer.byteLength(typeof data === 'string' ? data : JSON.stringify(data));
}

function detailsOf(
  { asked: { options }, calledAtMs, epochMs }: Pick<Moments, 'asked' | 'calledAtMs' | 'epochMs'>,
  responseHeaders: Record<string, string>,
): RequestDetails {
  const data: unknown = options.data;
  return {
    requestHeaders: { ...options.headers },
    requestBody: data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data),
    responseHeaders,
    startedAtEpochMs: calledAtMs + epochMs,
    traceparent: Object.entries(options.headers ?? {}).find(([name]) => name.toLowerCase() === 'traceparent')?.[1],
    // Playwright hands bodies over asynchronously, and the caller may have disposed of it by then.
    responseBody: undefined,
  };
}
