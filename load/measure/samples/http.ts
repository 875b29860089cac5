/**
 * An HTTP request as a sample: one per call of `get`, `post`, …, redirects, an answered challenge and `maxRetries` folded
 * into it. The request contexts hand over objects of this shape.
 */
import { entryName } from '../entry-name.ts';
import { maskBody, maskHeaders, maskText } from '../mask.ts';
import { type TraceContext, traceContextOf } from '../trace-context.ts';
import type { SampleBase, SampleKind } from './kind.ts';
import type { PhasesOf } from './phases.ts';

/** Milliseconds of each phase that took place; a reused connection has no DNS, connect or TLS. */
export interface PhaseTimes {
  readonly dnsMs: number | undefined;
  readonly connectMs: number | undefined;
  readonly tlsMs: number | undefined;
  /** Request sent to first byte of the response. */
  readonly waitingMs: number | undefined;
  /** First byte to last. */
  readonly receivingMs: number | undefined;
}

export interface HttpSample extends SampleBase, PhaseTimes {
  readonly kind: 'http';
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** The name given with the call; it wins over the route template. */
  readonly name: string | undefined;
  /** The GraphQL operation in its body, if there is one; it stands behind the route. */
  readonly operation?: string | undefined;
  readonly status: number | undefined;
  /** Head of the answer's body, as it came: asked of a failed request only. */
  bodyHead?(): string | undefined;
  /** A header of the answer, its values as one list; absent where it has none. */
  answerHeader?(name: string): string | undefined;
  /** Headers and the head of the bodies, worked out only when the request is kept as an exemplar. */
  details(): RequestDetails;
}

/** As much of a request and its response as is worth keeping; secrets are masked where it is recorded. */
export interface RequestDetails {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string | undefined;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string | undefined;
  /** What came of a stream, in words. */
  readonly stream?: string | undefined;
  /** As it was sent; absent where none was. */
  readonly traceparent?: string | undefined;
  /** When its first byte was sent, or it was called where none was, in milliseconds since 1970. */
  readonly startedAtEpochMs?: number | undefined;
}

/** A request as an exemplar shows it. */
export interface HttpDetails {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  /** What came of a stream, in words: `11 events, the first after 203 ms`. */
  readonly stream?: string;
  /** When it was sent, by this machine's clock: ISO 8601, UTC. */
  readonly startedAt?: string;
  /** Where it stands in its trace; absent where it carried no `traceparent`. */
  readonly trace?: TraceContext;
  /** The `traceparent` that it carried, which is none: no server takes its ids. */
  readonly invalidTraceparent?: string;
}

type HttpPhase = PhasesOf<'http'>;

/** As much of a body as is kept. */
const bodyChars = 4_096;

export const http: SampleKind<HttpSample, HttpPhase, HttpDetails> = {
  rowOf: ({ method, url, name, operation }, names) => names.of(method, url, name, operation),
  // 101 is only ever asked for by the handshake of a WebSocket (RFC 6455, 4.1), which has no other good answer.
  isGood: ({ status }, { expectStatus }) => status !== undefined && (status === 101 || expectStatus(status)),
  answerOf: ({ status }) => status,
  errorOf: ({ method, url, status }) => ({
    kind: `HTTP ${status ?? '?'}`,
    text: `${method} ${url} answered ${status ?? 'without a status'}`,
  }),
  bodyOf: (sample) => sample.bodyHead?.(),
  serverTimingOf: (sample) => sample.answerHeader?.('server-timing'),
  filePhases(sample, { fromMs, toMs }, into) {
    const { receivingMs, sentAtMs } = sample;
    const setUpMs = sample.connectMs === undefined ? 0 : fileSetUp(sample, into);
    const unsentMs = (sentAtMs === undefined || sentAtMs > toMs ? toMs : sentAtMs) - fromMs - setUpMs;
    const blockedMs = unsentMs > 0 ? unsentMs : 0;
    if (receivingMs !== undefined) into.receiving.recordMs(receivingMs);
    if (sentAtMs === undefined) return blockedMs;
    // What is in no other phase is waiting: hops before a redirect, an answer that never came.
    const restMs = toMs - fromMs - blockedMs - setUpMs - (receivingMs ?? 0);
    into.waiting.recordMs(restMs > 0 ? restMs : 0);
    return blockedMs;
  },
  detailsOf(sample, keepsBodies) {
    const { requestBody, responseBody, requestHeaders, responseHeaders, stream, ...traced } = sample.details();
    return {
      method: sample.method,
      url: maskText(sample.url),
      ...(sample.status !== undefined && { status: sample.status }),
      phases: phasesOf(sample),
      requestHeaders: maskHeaders(requestHeaders),
      ...(keepsBodies && requestBody !== undefined && { requestBody: cut(requestBody) }),
      responseHeaders: maskHeaders(responseHeaders),
      ...(keepsBodies && responseBody !== undefined && { responseBody: cut(responseBody) }),
      ...(stream !== undefined && { stream }),
      ...tracedDetails(traced),
    };
  },
};

function tracedDetails({
  traceparent,
  startedAtEpochMs,
}: Pick<RequestDetails, 'traceparent' | 'startedAtEpochMs'>): Pick<
  HttpDetails,
  'startedAt' | 'trace' | 'invalidTraceparent'
> {
  const trace = traceparent === undefined ? undefined : traceContextOf(traceparent);
  return {
    ...(startedAtEpochMs !== undefined && { startedAt: new Date(startedAtEpochMs).toISOString() }),
    ...(trace !== undefined && { trace }),
    ...(trace === undefined && traceparent !== undefined && { invalidTraceparent: entryName(traceparent) }),
  };
}

/** What opening a connection took; a reused one has none of it. */
function fileSetUp(
  { dnsMs = 0, connectMs = 0, tlsMs = 0 }: HttpSample,
  into: Readonly<Record<HttpPhase, { recordMs(ms: number): void }>>,
): number {
  if (dnsMs > 0) into.dns.recordMs(dnsMs);
  into.connect.recordMs(connectMs);
  if (tlsMs > 0) into.tls.recordMs(tlsMs);
  return dnsMs + connectMs + tlsMs;
}

function phasesOf({ dnsMs, connectMs, tlsMs, waitingMs, receivingMs }: HttpSample): Record<string, number> {
  return Object.fromEntries(
    Object.entries({ dns: dnsMs, connect: connectMs, tls: tlsMs, waiting: waitingMs, receiving: receivingMs }).flatMap(
      ([name, ms]) => (ms === undefined ? [] : [[name, ms]]),
    ),
  );
}

/** Masked before it is cut: a secret across the end is one still. What is far behind the end is not even looked at. */
function cut(body: string): string {
  const head = maskBody(body.slice(0, 2 * bodyChars));
  if (body.length <= bodyChars) return head;
  return `${head.slice(0, bodyChars)}… (${body.length - bodyChars} more characters)`;
}
