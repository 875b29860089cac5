/** The handshake of a WebSocket as a sample: an HTTP request like others, whose good answer is 101 (RFC 6455, 4.1). */
import type { HttpSample, RequestDetails } from '../../measure/samples/http.ts';
import type { SampleFailure, SampleTags } from '../../measure/samples/kind.ts';
import type { ConnectTimes } from '../connections/connect.ts';
import { getHeader, headerRecord, type HeaderList, joinedHeader } from '../header-list.ts';
import type { PeerUse } from '../network-watch.ts';
import type { Target } from '../target.ts';

export interface HandshakeParts {
  readonly target: Target;
  readonly name: string | undefined;
  readonly tags: SampleTags | undefined;
  readonly calledAtMs: number;
  readonly tag: unknown;
  /** From the clock of its times to milliseconds since 1970. */
  readonly epochMs: number;
}

export class Handshake implements HttpSample {
  readonly kind = 'http';
  readonly method = 'GET';
  readonly url: string;
  readonly name: string | undefined;
  readonly tags: SampleTags | undefined;
  readonly calledAtMs: number;
  /** What `onCall` answered when it began. */
  readonly tag: unknown;
  sentAtMs: number | undefined;
  headAtMs: number | undefined;
  endedAtMs = 0;
  status: number | undefined;
  failure: SampleFailure | undefined;
  readonly bytesSent = 0;
  readonly bytesReceived = 0;
  /** The birth of its connection; of the last, where a challenge was answered. */
  connect: ConnectTimes | undefined;
  /** Connections that it was sent over. */
  readonly uses: PeerUse[] = [];
  requestHeaders: Readonly<HeaderList> = [];
  responseHeaders: readonly string[] = [];
  readonly #epochMs: number;

  constructor({ target, name, tags, calledAtMs, tag, epochMs }: HandshakeParts) {
    this.url = target.href;
    this.name = name;
    this.tags = tags;
    this.calledAtMs = calledAtMs;
    this.tag = tag;
    this.#epochMs = epochMs;
  }

  get dnsMs(): number | undefined {
    return span(this.connect?.startedAtMs, this.connect?.lookedUpAtMs);
  }

  get connectMs(): number | undefined {
    const times = this.connect;
    return span(times?.lookedUpAtMs ?? times?.startedAtMs, times?.connectedAtMs);
  }

  get tlsMs(): number | undefined {
    return span(this.connect?.connectedAtMs, this.connect?.securedAtMs);
  }

  get waitingMs(): number | undefined {
    return span(this.sentAtMs, this.headAtMs);
  }

  /** The answer is its head. */
  get receivingMs(): undefined {
    return undefined;
  }

  fileAtPeers(): void {
    for (const use of this.uses) use.countRequest();
  }

  answerHeader(name: string): string | undefined {
    return getHeader(this.responseHeaders, name);
  }

  details(): RequestDetails {
    return {
      requestHeaders: headerRecord(this.requestHeaders),
      requestBody: undefined,
      responseHeaders: headerRecord(this.responseHeaders),
      responseBody: undefined,
      traceparent: joinedHeader(this.requestHeaders, 'traceparent'),
      startedAtEpochMs: (this.sentAtMs ?? this.calledAtMs) + this.#epochMs,
    };
  }
}

function span(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : toMs - fromMs;
}
