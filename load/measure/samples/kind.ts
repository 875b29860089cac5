/**
 * What a kind of sample tells the books. Recorder, rows, exemplars and summary know samples by this alone. A new kind is
 * a file in this room, a line in the union of `sample.ts`, and its phases in `phases.ts`; the compiler then asks for the
 * colour of each phase, and for how the page shows its exemplars.
 */
import type { EndpointNames } from './endpoint-name.ts';

/** What every sample says of itself. Moments are milliseconds of one monotonic clock with sub-millisecond resolution. */
export interface SampleBase {
  /** When the caller asked. */
  readonly calledAtMs: number;
  /** When the first byte went to a connected socket; absent if none did. */
  readonly sentAtMs: number | undefined;
  /** When the last byte had come, or the failure. */
  readonly endedAtMs: number;
  /** Bytes of the bodies as they went over the wire. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly failure: SampleFailure | undefined;
  /** What its caller files it under beside its row: `tenant=a`. */
  readonly tags?: SampleTags | undefined;
  /** Absent when it was sent once, as nearly all are. */
  readonly again?: Again | undefined;
  /** Counts its requests at the addresses that they were sent to, where these are known. */
  fileAtPeers?(): void;
}

/** Each is a row of the run's table of tags. */
export type SampleTags = Readonly<Record<string, string | number | boolean>>;

/** Why no complete answer came. */
export interface SampleFailure {
  readonly kind: FailureKind;
  /** As Node or a parser names it (`ECONNRESET`); absent where nobody does. */
  readonly code: string | undefined;
  readonly message: string;
}

/** What a call did beside sending its request once. */
export interface Again {
  staleConnections: number;
  /** Answers with `Retry-After` that it waited out. */
  waits: number;
  waitedMs: number;
}

/** How a sample failed below its protocol; `stalled` and `empty` are of streams. */
export type FailureKind =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'aborted'
  | 'malformed'
  | 'body-cut-off'
  | 'stalled'
  | 'empty'
  | 'other';

/** Of a sample that has begun: its phases are filed, and what is in none of them. */
export interface PhaseBounds {
  /** Intended start in an open model, the call in a closed one; and the last byte, or when it was given up. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a user's rules say of the samples of a run. */
export interface SampleRules {
  /** Whether a status counts as success. */
  readonly expectStatus: (status: number) => boolean;
}

/** `Phase` names what happens in a sample; `Details` is what an exemplar shows of it. */
export interface SampleKind<Of extends SampleBase, Phase extends string, Details extends object> {
  /** The row it belongs to. */
  readonly rowOf: (sample: Of, names: EndpointNames) => string;
  /** Whether a complete answer was a good one. */
  readonly isGood: (sample: Of, rules: SampleRules) => boolean;
  /** What it was answered with, as it is counted in its row: an HTTP status; absent without an answer. */
  readonly answerOf: (sample: Of) => number | string | undefined;
  /** Why an answer that was no good one is an error: its kind in the table of errors, and its text. */
  readonly errorOf: (sample: Of) => { readonly kind: string; readonly text: string };
  /** Head of the body of an answer that was no good one; absent where it has none, or none can be had. */
  readonly bodyOf?: (sample: Of) => string | undefined;
  /** What the server says of its own time (`Server-Timing`); absent where it says nothing. */
  readonly serverTimingOf?: (sample: Of) => string | undefined;
  /** Files the phases that took place; gives the milliseconds before the first byte was sent that are in no phase. */
  readonly filePhases: (
    sample: Of,
    bounds: PhaseBounds,
    into: Readonly<Record<Phase, { recordMs(ms: number): void }>>,
  ) => number;
  /** What a reader wants to see of a single one, secrets masked. */
  readonly detailsOf: (sample: Of, keepsBodies: boolean) => Details;
}
