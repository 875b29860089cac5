/**
 * What a request context tells of each finished call: one sample per call of `get`, `post`, …, redirects, an answered
 * challenge and `maxRetries` folded into it. The shape is what measuring asks for, and how many bytes went over.
 */
import type { HttpSample, RequestDetails } from '../measure/samples/http.ts';
import type { FailureKind } from '../measure/samples/kind.ts';
import type { StreamFiling } from '../measure/stream-filing.ts';

export type { FailureKind, RequestDetails };

/** Why no complete response came. */
export interface RequestFailure {
  readonly kind: FailureKind;
  /** As Node or the HTTP parser names it (`ECONNRESET`, `HPE_INVALID_CONSTANT`); absent where Playwright gives none. */
  readonly code: string | undefined;
  /** First line of what the caller sees, without the method's name in front. */
  readonly message: string;
}

/**
 * Valid while the callback runs and for as long as it is held, but holding one holds the response's body too: take
 * numbers out, or `details()`, and let go.
 */
export interface RequestSample extends HttpSample {
  readonly failure: RequestFailure | undefined;
  /** What `onCall` answered when the call began. */
  readonly tag: unknown;
  /** Bytes of the request's body; headers are not counted. */
  readonly bytesSent: number;
  /** Bytes of the response's body as it came over the wire, before decompression; headers are not counted. */
  readonly bytesReceived: number;
}

/** Told once for each call when it begins; what it answers is the sample's `tag`. `site` is what `callSite` answered. */
export type OnCall = (calledAtMs: number, site: unknown) => unknown;

/**
 * Told of a call that cannot begin at once, since something has to be read for it first, with what `callSite` answered.
 * What it gives is called when the call begins, right before `onCall`, or is given up.
 */
export type OnPreparing = (site: unknown) => () => void;

/** Asked for each call while its caller is still on the stack; `onCall` comes later. */
export type AskCallSite = () => unknown;

/** Asked of a call that is cut off as its context closes: one that nobody waits for is not rejected, which nobody would catch. */
export type IsForgotten = (tag: unknown) => boolean;

/** Told of a call that was refused before it became a request: a wrong URL or option, a context that is closed. */
export type OnRefused = (error: unknown) => void;

/**
 * Told of a stream when its head has come; takes what comes after it. Undefined where the stream is in no number. Must not
 * throw.
 */
export type OnStream = (sample: RequestSample) => StreamFiling | undefined;

/** Told once for each call when it is over, answered or not. Must not throw. */
export type OnRequest = (sample: RequestSample) => void;
