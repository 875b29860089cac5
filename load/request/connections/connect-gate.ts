/**
 * Lets connections to one host begin a few at a time. Thousands at once overrun the queue in which a server's kernel keeps
 * what it has not accepted (511 for Node and nginx): what is beyond is dropped and sent again after 1 s, 3 s, …, or is
 * taken for connected when it is not. What is full is told by nobody, so that only what was seen to be accepted, by an
 * answer or a TLS handshake, makes room at once.
 */

export const gateLimits = {
  /** Connections that have begun and were not seen to be accepted. */
  places: 128,
  /** A handshake that takes longer is lost, and sent again after as long (RFC 6298, 2.1): it no longer holds others back. */
  handshakeMs: 1_000,
  /** A server may take its time to answer: once connected a place is held for no longer, so that 2,560 a second get through. */
  answerMs: 50,
  /** How often places are looked at that nothing has freed, while somebody waits for one. */
  lookMs: 10,
} as const;

/** Takes back what has begun, or waits for its turn; also the name of what waits. */
export type GiveUp = () => void;

export interface ConnectGateParts {
  readonly now: () => number;
  /** Calls once after so many milliseconds, unless it is cancelled by what this returns. */
  readonly later?: (ms: number, then: () => void) => () => void;
}

/** One gate for each host, for all pools of a load. */
export class ConnectGates {
  readonly #parts: ConnectGateParts;
  readonly #gates = new Map<string, ConnectGate>();

  constructor(parts: ConnectGateParts) {
    this.#parts = parts;
  }

  of(host: string): ConnectGate {
    let gate = this.#gates.get(host);
    if (gate === undefined) this.#gates.set(host, (gate = new ConnectGate(this.#parts)));
    return gate;
  }
}

export class ConnectGate {
  readonly #now: () => number;
  readonly #later: NonNullable<ConnectGateParts['later']>;
  /** Until when each is held if nothing frees it. */
  readonly #places = new Map<object, number>();
  readonly #line = new Map<GiveUp, () => void>();
  #stopLooking: (() => void) | undefined;
  #isToServe = false;

  constructor({ now, later = timer }: ConnectGateParts) {
    this.#now = now;
    this.#later = later;
  }

  /** Whether a connection may begin at once, before nobody who waits. */
  get isOpen(): boolean {
    return this.#line.size === 0 && this.#hasRoom();
  }

  /** A connection begins. */
  enter(connection: object): void {
    this.#places.set(connection, this.#now() + gateLimits.handshakeMs);
  }

  /** It is there, as far as this end can tell. */
  connected(connection: object): void {
    if (this.#places.has(connection)) this.#places.set(connection, this.#now() + gateLimits.answerMs);
  }

  /** It was accepted, failed, or was given up; harmless where its place is free already. */
  leave(connection: object): void {
    if (this.#places.delete(connection) && this.#line.size > 0) this.#serveSoon();
  }

  /** `begin` is called in the order of arrival, and not before this has returned. */
  wait(giveUp: GiveUp, begin: () => void): void {
    this.#line.set(giveUp, begin);
    this.#look();
  }

  /** Leaves the line; false if it was not in it. */
  quit(giveUp: GiveUp): boolean {
    const waited = this.#line.delete(giveUp);
    if (this.#line.size === 0) this.#stop();
    return waited;
  }

  /** Whether it has not begun. */
  isInLine(giveUp: GiveUp): boolean {
    return this.#line.has(giveUp);
  }

  #hasRoom(): boolean {
    if (this.#places.size < gateLimits.places) return true;
    const nowMs = this.#now();
    for (const [connection, untilMs] of this.#places) if (untilMs <= nowMs) this.#places.delete(connection);
    return this.#places.size < gateLimits.places;
  }

  /**
   * Once the event loop has told what it has: those that are given up together all leave the line before one of them
   * takes the place of another, and a process that was busy for a second does not take all handshakes for lost.
   */
  #serveSoon(): void {
    if (this.#isToServe) return;
    this.#isToServe = true;
    setImmediate(() => {
      this.#isToServe = false;
      this.#serve();
    });
  }

  #serve(): void {
    let free = this.#hasRoom() ? gateLimits.places - this.#places.size : 0;
    for (const [giveUp, begin] of this.#line) {
      if (free-- === 0) break;
      this.#line.delete(giveUp);
      begin();
    }
    if (this.#line.size === 0) this.#stop();
    else this.#look();
  }

  #look(): void {
    this.#stopLooking ??= this.#later(gateLimits.lookMs, () => {
      this.#stopLooking = undefined;
      this.#serveSoon();
    });
  }

  #stop(): void {
    this.#stopLooking?.();
    this.#stopLooking = undefined;
  }
}

function timer(ms: number, then: () => void): () => void {
  const armed = setTimeout(then, ms);
  return () => clearTimeout(armed);
}
