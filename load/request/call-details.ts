/** What an exemplar shows of a call: worked out of the few that are kept. */
import { headerRecord, type HeaderList, joinedHeader } from './header-list.ts';
import type { Hop } from './hop.ts';
import type { RequestDetails } from './sample.ts';

/** As much of a body as an exemplar shows, in bytes. */
const shownBytes = 4_096;

export interface CallSoFar {
  readonly parts: {
    readonly headers: Readonly<HeaderList>;
    readonly body: Buffer | undefined;
    readonly discardBody: boolean;
  };
  /** The last one. */
  readonly hop: Hop | undefined;
  /** The answer's body, decompressed; absent where it did not come to its end. */
  readonly body: Buffer | undefined;
  /** The one that was given to the call. */
  readonly traceparent: string | undefined;
  readonly startedAtEpochMs: number;
}

export function callDetails({ parts, hop, body, traceparent, startedAtEpochMs }: CallSoFar): RequestDetails {
  const { headers, body: sent, discardBody } = parts;
  return {
    requestHeaders: { ...headerRecord(headers), ...(traceparent !== undefined && { traceparent }) },
    requestBody: sent?.toString('utf8', 0, shownBytes),
    responseHeaders: headerRecord(hop?.received ?? []),
    responseBody: discardBody ? undefined : (body ?? hop?.receivedBody())?.toString('utf8', 0, shownBytes),
    traceparent: traceparent ?? joinedHeader(headers, 'traceparent'),
    startedAtEpochMs,
  };
}
