/**
 * One request and its response on one connection, as undici's dispatcher reports it. A call has one hop, or several when
 * it is redirected, challenged or retried.
 */
import type { Dispatcher } from 'undici';
import type { ConnectTimes } from './connect.ts';
import type { HeaderList } from './header-list.ts';
import type { Departure, Lane, Slot } from './lane.ts';
import type { Progress } from './failure.ts';
import type { SecurityDetails } from './security-details.ts';
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

export interface HopParts {
  readonly method: string;
  readonly target: Target;
  readonly headers: HeaderList;
  readonly body: Buffer | undefined;
}

export class Hop implements Departure {
  readonly target: Target;
  readonly parts: HopParts;
  readonly dispatchOptions: Dispatcher.DispatchOptions;
  readonly startedAtMs: number;
  slot: Slot | undefined;
  sentAtMs: number | undefined;
  headAtMs: number | undefined;
  endedAtMs: number | undefined;
  /** The birth of the connection, if it was opened for this hop. */
  connect: ConnectTimes | undefined;
  peer: { readonly ipAddress: string; readonly port: number } | undefined;
  security: SecurityDetails | undefined;
  status = 0;
  statusText = '';
  bytesReceived = 0;
  #rawHeaders: readonly Buffer[] = [];
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #owner: HopOwner | undefined;
  readonly #lane: Lane;
  readonly #now: () => number;
  #abort: ((error?: Error) => void) | undefined;
  #over = false;

  constructor(lane: Lane, now: () => number, owner: HopOwner, parts: HopParts) {
    const { method, target, headers, body } = parts;
    this.parts = parts;
    this.#lane = lane;
    this.#now = now;
    this.#owner = owner;
    this.target = target;
    this.dispatchOptions = { path: target.path, method, headers, body: body ?? null, reset: false };
    this.startedAtMs = now();
  }

  send(): void {
    this.#lane.send(this);
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
    if (this.#abort === undefined) {
      this.#lane.cancel(this, error);
      return;
    }
    this.#abort(error);
    this.#lane.release(this);
  }

  /** Headers as they came, name and value by turns. */
  get headers(): HeaderList {
    return this.#rawHeaders.map((bytes) => bytes.toString('latin1'));
  }

  /** The first value of a header, found without making strings of the others. `name` is in lower case. */
  header(name: string): string | undefined {
    const at = this.#find(name, 0);
    return at === -1 ? undefined : this.#rawHeaders[at + 1]?.toString('latin1');
  }

  headerValues(name: string): string[] {
    const values: string[] = [];
    for (let at = this.#find(name, 0); at !== -1; at = this.#find(name, at + 2)) {
      values.push(this.#rawHeaders[at + 1]?.toString('latin1') ?? '');
    }
    return values;
  }

  /** The body as it came over the wire. */
  body(): Buffer {
    if (this.#more !== undefined) {
      this.#first = Buffer.concat(this.#more, this.bytesReceived);
      this.#more = undefined;
    }
    return this.#first ?? noBytes;
  }

  #find(name: string, from: number): number {
    const raw = this.#rawHeaders;
    for (let at = from; at < raw.length; at += 2) {
      const bytes = raw[at];
      if (bytes?.length === name.length && bytes.toString('latin1').toLowerCase() === name) return at;
    }
    return -1;
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) {
      abort();
      return;
    }
    this.#abort = abort;
    this.sentAtMs = this.#now();
    const { slot } = this;
    if (slot === undefined) return;
    this.peer = slot.peer;
    this.security = slot.security;
    this.connect = slot.fresh;
    slot.fresh = undefined;
  }

  onHeaders(status: number, headers: Buffer[], _resume: () => void, statusText: string): boolean {
    if (status < 200 || this.#over) return true;
    this.headAtMs = this.#now();
    this.status = status;
    this.statusText = statusText;
    this.#rawHeaders = headers;
    this.#owner?.onHopHead(this);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.bytesReceived += chunk.length;
    if (this.#owner === undefined) {
      if (this.bytesReceived > drainedBytes)
        this.abandon(new Error('the body of a followed response is too long to read'));
    } else if (this.#first === undefined) {
      this.#first = chunk;
    } else if (this.#more === undefined) {
      this.#more = [this.#first, chunk];
    } else {
      this.#more.push(chunk);
    }
    return true;
  }

  onComplete(): void {
    if (this.#over) return;
    this.#over = true;
    this.endedAtMs = this.#now();
    this.#lane.release(this);
    this.#owner?.onHopEnd(this);
  }

  onError(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.endedAtMs = this.#now();
    this.#lane.release(this);
    this.#owner?.onHopFailure(this, error, this.#progress());
  }

  #progress(): Progress {
    if (this.headAtMs !== undefined) return 'head';
    return this.sentAtMs === undefined ? 'connecting' : 'sent';
  }
}
