/** WebSockets of a scenario, as it sees them: `connect`, what it gives, and the options of both. */
import type { SampleTags } from '../../measure/samples/kind.ts';

/** A message of a WebSocket. */
export interface SocketMessage {
  /** Its text; empty where the message is a binary one. */
  readonly data: string;
  /** Its bytes, where the message is a binary one (RFC 6455, 5.6). */
  readonly binary: Buffer | undefined;
}

/** What `connect` takes beside the URL. */
export interface ConnectOptions {
  /** Subprotocols to offer (RFC 6455, 1.9); a server that chooses none of them, or another, has failed the handshake. */
  readonly protocols?: string | readonly string[];
  /** Headers of the handshake beside those of the context. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The row of the handshake, in place of its method and route template: `GET /ws`. */
  readonly name?: string;
  /** Rows of the table of tags that handshake and round trips are counted in besides. */
  readonly tags?: SampleTags;
  /** Milliseconds that the handshake may take; `requestTimeout` of the load by default. */
  readonly timeout?: number;
  /**
   * Codes with which the server may close and nothing is wrong (RFC 6455, 7.4). By default 1000 (normal), 1001 (going away)
   * and 1005 (closed without a code). Any other close by the server, and a lost connection (1006), is an abnormal close.
   */
  readonly closeCodes?: readonly number[];
  /** Longest message in bytes that the server may send; a longer one closes the socket with 1009, which is abnormal. 1 MiB by default. */
  readonly maxMessageBytes?: number;
  /**
   * Messages that are kept while nobody takes them, 1,000 by default, and 16 MiB in all. Beyond that the oldest are dropped,
   * and the next `next`, or turn of a loop, says so and rejects.
   */
  readonly maxQueued?: number;
  /** Offer compressed messages (RFC 7692); `false` by default, since it costs the generator more than it tells of the server. */
  readonly perMessageDeflate?: boolean;
}

/** What `roundTrip` takes beside its message. */
export interface RoundTripOptions {
  /** Whether a message is the answer. Called with each message that came since, until one is; must say `true` or `false`. */
  readonly matches: (message: SocketMessage) => boolean;
  /** The row of the round trip: `WS` and the route template by default, `WS /ws`. */
  readonly name?: string;
  /** Milliseconds until it is given up as timed out; `requestTimeout` of the load by default. */
  readonly timeout?: number;
}

/** What `next` takes beside its matcher. */
export interface NextOptions {
  /** Milliseconds until it rejects; `requestTimeout` of the load by default. */
  readonly timeout?: number;
}

/** How a socket closed. */
export interface SocketEnd {
  /** As RFC 6455, 7.4, has it; 1005 for none, 1006 for a connection that ended without a close. */
  readonly code: number;
  /** What the other end gave as its reason; empty for none. */
  readonly reason: string;
}

/**
 * An open WebSocket of one user. Messages that no round trip and no `next` waits for are kept in a queue, which `next` and
 * a `for await` loop read. The loop ends when the socket is closed, and throws when it was closed abnormally.
 */
export interface LoadSocket extends AsyncIterable<SocketMessage> {
  /** The subprotocol that the server chose; empty for none. */
  readonly protocol: string;
  /** Sends a text, or bytes as a binary message. Throws when the socket is closed, or the server has not read for 16 MiB. */
  readonly send: (data: string | Uint8Array) => void;
  /**
   * Sends a message and waits for its answer: one sample, timed from `send` to when the bytes of the answer came. Several may be
   * under way; a message goes to the first of them that it matches. Rejects, and is a failed request, when the time is
   * over or the socket closes. The first of an iteration counts its response time from the intended start.
   */
  readonly roundTrip: (data: string | Uint8Array, options: RoundTripOptions) => Promise<SocketMessage>;
  /** The next message nobody took, or the next that matches; not measured. Rejects when the time is over or the socket closes. */
  readonly next: (matches?: (message: SocketMessage) => boolean, options?: NextOptions) => Promise<SocketMessage>;
  /** Closes and resolves with how the server answered; after 1 s without an answer the connection is ended, which is 1006. */
  readonly close: (code?: number, reason?: string) => Promise<SocketEnd>;
}

/**
 * Opens a WebSocket (RFC 6455) with the user's cookies, headers, credentials, certificates and proxy: `connect('/ws')`. The
 * handshake is a request of its own row. Rejects with an `OptionsError` for wrong options, and when the handshake fails.
 */
export type Connect = (url: string, options?: ConnectOptions) => Promise<LoadSocket>;

/** What a socket has whose options do not say otherwise. */
export const defaultConnectOptions = {
  closeCodes: [1000, 1001, 1005],
  maxMessageBytes: 1_048_576,
  maxQueued: 1_000,
  perMessageDeflate: false,
} as const satisfies ConnectOptions;

/** Bytes that a socket keeps for others: messages nobody takes, and what the server does not read. */
export const mostKeptBytes = 16 * 1_048_576;

/** How long a close may take, in milliseconds. */
export const closeLimitMs = 1_000;
