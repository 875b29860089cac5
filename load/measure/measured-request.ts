/**
 * What measuring needs to know of one finished request. The request contexts hand over objects of this shape, one per
 * call, redirects folded into it.
 */

/** How a request failed below HTTP. */
export type FailureKind =
  'refused' | 'reset' | 'timeout' | 'dns' | 'tls' | 'aborted' | 'malformed' | 'body-cut-off' | 'other';

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

/** Moments are milliseconds of one monotonic clock with sub-millisecond resolution. */
export interface MeasuredRequest extends PhaseTimes {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** The name given with the call; it wins over the route template. */
  readonly name: string | undefined;
  /** When the caller asked. */
  readonly calledAtMs: number;
  /** When the first byte went to a connected socket; absent if none did. */
  readonly sentAtMs: number | undefined;
  /** When the last byte had come, or the failure. */
  readonly endedAtMs: number;
  readonly status: number | undefined;
  /** Bytes of the bodies as they went over the wire. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly failure:
    { readonly kind: FailureKind; readonly code: string | undefined; readonly message: string } | undefined;
  /** Headers and the head of the bodies, worked out only when the request is kept as an exemplar. */
  details(): RequestDetails;
}

/** As much of a request and its response as is worth keeping; secrets are masked where it is recorded. */
export interface RequestDetails {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string | undefined;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string | undefined;
}

/** Phases that took place on the wire, in the order in which they happen. What comes before them is the wait for a start. */
export const phaseNames = ['dns', 'connect', 'tls', 'waiting', 'receiving'] as const;
export type PhaseName = (typeof phaseNames)[number];
