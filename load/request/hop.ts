/**
 * One request and its response on one connection. A call has one hop, or several when it is redirected, challenged or
 * retried.
 */
import type { ConnectTimes } from './connections/connect.ts';
import type { Connection, Exchange } from './connections/connection.ts';
import type { Progress } from './failure.ts';
import type { HeaderList } from './header-list.ts';
import type { Lane } from './connections/lane.ts';
import { headerBlock, type HeaderBlock } from './connections/request-head.ts';
import type { Unanswered } from './resend.ts';
import type { SecurityDetails } from './connections/security-details.ts';
import type { Target } from './target.ts';

/** Who is told how a hop goes; each hop ends in `onHopEnd` or `onHopFailure`, once. */
export interface HopOwner {
  onHopHead(hop: Hop): void;
  onHopEnd(hop: Hop): void;
  onHopFailure(hop: Hop, error: Error, progress: Progress): void;
}

/** A body that nobody waits for is read to its end to keep the connection, up to this many bytes. */
const drainedBytes = 65_536;

const noBytes = Buffer.alloc(0);

/** What a call asks for. */
export interface HopAsked {
  readonly method: string;
  readonly target: Target;
  /** Without what the address adds: cookies and the credentials of its URL. */
  readonly asked: Readonly<HeaderList>;
  readonly body: Buffer | undefined;
}

export interface HopParts extends HopAsked {
  /** All that are sent. */
  readonly headers: Readonly<HeaderList>;
  /** The response's body is counted and thrown away. */
  readonly discardBody: boolean;
  /** Takes each piece of a body that is not kept as it comes. */
  readonly sink?: BodySink | undefined;
}

/** Takes a body piece by piece. */
export interface BodySink {
  onBodyPart(hop: Hop, chunk: Buffer): void;
}

/** Where it goes, and who hears of it. */
export interface HopWay {
  readonly lane: Lane;
  readonly now: () => number;
  readonly owner: HopOwner;
  /** That of its call, where the headers have none. */
  readonly traceparent: string | undefined;
}

export class Hop implements Exchange {
  readonly method: string;
  readonly target: Target;
  readonly headers: Readonly<HeaderList>;
  readonly asked: Readonly<HeaderList>;
  readonly block: HeaderBlock;
  readonly traceparent: string | undefined;
  readonly body: Buffer | undefined;
  readonly discardBody: boolean;
  readonly sink: BodySink | undefined;
  readonly startedAtMs: number;
  sentAtMs: number | undefined;
  headAtMs: number | undefined;
  endedAtMs: number | undefined;
  /** The birth of the connection, if it was opened for this hop. */
  connect: ConnectTimes | undefined;
  status = 0;
  statusText = '';
  /** Headers of the response as they came. */
  received: Readonly<HeaderList> = [];
  bytesReceived = 0;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #owner: HopOwner | undefined;
  readonly #lane: Lane;
  readonly #now: () => number;
  #connection: Connection | undefined;
  #over = false;
  #isPaused = false;

  /** Throws when the headers can't be written. */
  constructor(
    { lane, now, owner, traceparent }: HopWay,
    { method, target, headers, asked, body, discardBody, sink }: HopParts,
  ) {
    this.#lane = lane;
    this.#now = now;
    this.#owner = owner;
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.asked = asked;
    this.block = headerBlock(headers);
    this.traceparent = traceparent;
    this.body = body;
    this.discardBody = discardBody;
    this.sink = sink;
    this.startedAtMs = now();
  }

  send(): void {
    this.#lane.send(this);
  }

  /** Sends on a connection of its own making. */
  sendFresh(): void {
    this.#lane.sendFresh(this);
  }

  /** Counts it at the address that it was sent to, if it was. */
  countAtPeer(): void {
    this.#connection?.use.countRequest();
  }

  /** What it waits for before it is sent, in words, if others keep it from that. */
  get waitsFor(): string | undefined {
    return this.#over ? undefined : this.#lane.waitOf(this);
  }

  get path(): string {
    return this.target.path;
  }

  get host(): string {
    return this.target.host;
  }

  get peer(): { readonly ipAddress: string; readonly port: number } | undefined {
    return this.#connection?.peer;
  }

  get security(): SecurityDetails | undefined {
    return this.#connection?.security;
  }

  /** From now on nobody is told; what is left of a short body is still read. */
  disown(): void {
    this.#owner = undefined;
    this.#first = undefined;
    this.#more = undefined;
  }

  /** Gives up; the owner is not told. A connection in the middle of a response can't be used again and is closed. */
  abandon(error: Error): void {
    if (this.#over) return;
    this.#owner = undefined;
    this.#over = true;
    if (this.#connection === undefined) this.#lane.cancel(this);
    else this.#connection.abandon(this, error);
  }

  /** Reads no more of its response until `resume`, so that the server is held up in the end. */
  pause(): void {
    if (this.#over || this.#isPaused) return;
    this.#isPaused = true;
    this.#connection?.pause(this);
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#connection?.resume(this);
  }

  /** The body as it came over the wire. */
  receivedBody(): Buffer {
    if (this.#more !== undefined) {
      this.#first = Buffer.concat(this.#more, this.bytesReceived);
      this.#more = undefined;
    }
    return this.#first ?? noBytes;
  }

  onSent(connection: Connection): void {
    this.#connection = connection;
    this.connect = connection.takeTimes();
    this.sentAtMs = this.#now();
  }

  onHead(status: number, statusText: string, headers: HeaderList): void {
    this.headAtMs = this.#now();
    if (this.connect !== undefined) this.#lane.answered(this.connect);
    this.status = status;
    this.statusText = statusText;
    this.received = headers;
    this.#owner?.onHopHead(this);
  }

  onData(chunk: Buffer): void {
    this.bytesReceived += chunk.length;
    if (this.#owner === undefined) {
      if (this.bytesReceived > drainedBytes) this.abandon(new Error('nobody waits for a body this long'));
    } else if (this.discardBody) {
      this.sink?.onBodyPart(this, chunk);
    } else if (this.#first === undefined) {
      this.#first = chunk;
    } else if (this.#more === undefined) {
      this.#more = [this.#first, chunk];
    } else {
      this.#more.push(chunk);
    }
  }

  onEnd(): void {
    if (this.#over) return;
    this.#over = true;
    this.endedAtMs = this.#now();
    this.resume(); // the connection may carry another request
    this.#owner?.onHopEnd(this);
  }

  onFailure(error: Error, unanswered?: Unanswered): void {
    if (this.#over) return;
    this.#over = true;
    this.endedAtMs = this.#now();
    this.#owner?.onHopFailure(this, error, unanswered ?? this.#progress());
  }

  #progress(): Progress {
    if (this.headAtMs !== undefined) return 'head';
    return this.sentAtMs === undefined ? 'connecting' : 'sent';
  }
}
