/**
 * What a lane needs of a connection, whichever protocol it speaks, and what a connection tells of the one request it
 * carries.
 */
import type { PeerUse } from '../network-watch.ts';
import type { ConnectTimes } from './connect.ts';
import type { HeaderList } from '../header-list.ts';
import type { Unanswered } from '../resend.ts';
import type { HeaderBlock } from './request-head.ts';
import type { ResponseSink } from './response-parser.ts';
import type { SecurityDetails } from './security-details.ts';

export interface Connection {
  readonly peer: { readonly ipAddress: string; readonly port: number };
  readonly security: SecurityDetails | undefined;
  /** Counts what it carries. */
  readonly use: PeerUse;
  /** The birth of the connection, for the first request that takes it. */
  takeTimes(): ConnectTimes | undefined;
  send(exchange: Exchange): void;
  /** Gives a request up that is under way; it is told nothing more. */
  abandon(exchange: Exchange, error: Error): void;
  /** Reads nothing more of a response, but for what has come already, until `resume`. */
  pause(exchange: Exchange): void;
  resume(exchange: Exchange): void;
  destroy(error: Error): void;
  /** Takes no more, and closes once what is under way over it is over. */
  retire(): void;
}

/** A connection that carries several requests at a time. */
export interface SharedConnection extends Connection {
  /** `more`: another request now; `later`: once one is over; `none`: it closes after those under way. */
  readonly takes: 'more' | 'later' | 'none';
}

/**
 * A server closes a kept connection because it was idle: one that rested for less was closed for another reason. The
 * shortest time that servers wait is a second or so.
 */
export const leastRestMs = 10;

/** A request on its way over a connection: `onSent`, then `onHead`, `onData`…, and in the end one of the last two. */
export interface Exchange extends ResponseSink {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** `host:port` as the `host` header says it, unless `headers` has its own. */
  readonly host: string;
  readonly headers: Readonly<HeaderList>;
  /** The headers as they are written. */
  readonly block: HeaderBlock;
  /** Written beside `headers`, which are the same for many requests; absent where they have it, or nothing does. */
  readonly traceparent: string | undefined;
  readonly body: Buffer | undefined;
  /** Moments of one clock, once they have come: the first byte went out, all is over. */
  readonly sentAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  /** The first byte is about to go to a connected socket. */
  onSent(connection: Connection): void;
  onEnd(): void;
  onFailure(error: Error, unanswered?: Unanswered): void;
}

/** What a connection tells its lane. */
export interface ConnectionOwner {
  /** It can carry another request. */
  onIdle(connection: Connection): void;
  /** One that is shared may take more than before. */
  onRoom(): void;
  /** It carries no more. */
  onClosed(connection: Connection): void;
}
