/**
 * The WebSockets of one user: those of its iteration, which end with it, and those of its life, which serve all of its
 * iterations. Each is closed by whoever opened it, or with what it belongs to.
 */
import { setImmediate as laterTurn } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { HttpSample } from '../../measure/samples/http.ts';
import type { SocketRecorder } from '../../measure/socket-recorder.ts';
import { OptionsError, throwProblems } from '../../options-error.ts';
import { addressHeaders, baseHeaders, requestHeaders } from '../context-headers.ts';
import type { CookieJar } from '../cookie-jar.ts';
import { HttpCredentials } from '../credentials.ts';
import { callerError, CallFailure, TargetClosedError } from '../errors.ts';
import { getHeader } from '../header-list.ts';
import type { ConnectionPool } from '../pool.ts';
import { defaultRequestOptions, type RequestContextOptions } from '../request-options.ts';
import { Routes } from '../routes.ts';
import { type Target, Targets } from '../target.ts';
import { epochOf } from '../wall-clock.ts';
import { ClientSocket } from './client-socket.ts';
import { Dial, type Opened } from './dial.ts';
import { Handshake } from './handshake.ts';
import { type Connect, type ConnectOptions, defaultConnectOptions, type LoadSocket } from './load-socket.ts';
import type { SocketCallbacks, SocketHost } from './socket-host.ts';
import { connectProblems } from './socket-options.ts';

export interface UserSocketsParts {
  /** As those of the user's request context. */
  readonly options: RequestContextOptions;
  readonly pool: ConnectionPool;
  readonly cookies: CookieJar;
  readonly now: () => number;
  readonly books: Pick<SocketRecorder, 'nameOf' | 'opened'>;
  readonly callbacks: SocketCallbacks;
  /** Whether one of the user's iterations is under way, and counts. */
  readonly isAtWork: () => boolean;
}

/** The tag of what a life does outside of iterations, which is in no number. */
const uncounted = Symbol('uncounted');

/** Costs nothing until the first `connect`. */
export class UserSockets {
  readonly #parts: UserSocketsParts;
  #dialer: Dialer | undefined;
  #ofIteration: SocketScope | undefined;
  #ofLife: SocketScope | undefined;
  #isOver = false;

  constructor(parts: UserSocketsParts) {
    this.#parts = parts;
  }

  /** For an iteration. */
  readonly connect: Connect = async (url, options) => {
    if (this.#isOver) {
      await laterTurn();
      throw new TargetClosedError(`connect: ${overWords}`);
    }
    this.#ofIteration ??= this.#scope(this.#parts.callbacks);
    return this.#ofIteration.connect(url, options);
  };

  /** For the user's life. */
  readonly connectForLife: Connect = async (url, options) => {
    this.#ofLife ??= this.#scope(this.#callbacksOfLife());
    return this.#ofLife.connect(url, options);
  };

  /** Begins to close what the iteration has opened. */
  endIteration(): void {
    // Never rejects; the end of the load waits for what is still closing then.
    void this.#ofIteration?.closeAll('the iteration that opened this WebSocket is over');
  }

  /** The load is over: closes what iterations have opened, and gives up what is under way; a life is not over yet. */
  async endLoad(): Promise<void> {
    this.#isOver = true;
    this.#ofLife?.giveUp(overWords);
    await this.#ofIteration?.end(overWords);
  }

  /** The life of the user is over. */
  async close(): Promise<void> {
    this.#isOver = true;
    await Promise.all([this.#ofLife?.end(lifeWords), this.#ofIteration?.end(overWords)]);
  }

  #scope(callbacks: SocketCallbacks): SocketScope {
    const { now, books, options } = this.#parts;
    this.#dialer ??= new Dialer(this.#parts);
    const timeoutMs = options.timeout ?? defaultRequestOptions.timeoutMs;
    return new SocketScope(this.#dialer, { now, books, callbacks, timeoutMs });
  }

  #callbacksOfLife(): SocketCallbacks {
    const { callbacks, isAtWork } = this.#parts;
    return {
      ...callbacks,
      onCall: (calledAtMs, site) => (isAtWork() ? callbacks.onCall(calledAtMs, site) : uncounted),
      onPreparing: (site) => (isAtWork() ? callbacks.onPreparing(site) : () => undefined),
      onRequest: (sample) => {
        if (sample.tag !== uncounted) callbacks.onRequest(sample);
      },
      isForgotten: (tag) => tag !== uncounted && callbacks.isForgotten(tag),
      onRefused: (error) => {
        if (isAtWork()) callbacks.onRefused(error);
      },
    };
  }
}

const overWords = 'the load run is over';
const lifeWords = 'the life of its user is over';

/** Sockets that end together. */
class SocketScope {
  readonly #dialer: Dialer;
  readonly #host: SocketHost;
  readonly #dials = new Set<Dial>();
  readonly #open = new Set<ClientSocket>();
  #over: string | undefined;

  constructor(dialer: Dialer, host: SocketHost) {
    this.#dialer = dialer;
    this.#host = host;
  }

  async connect(url: string, options: ConnectOptions = {}): Promise<LoadSocket> {
    const { callbacks, now } = this.#host;
    const site = callbacks.callSite();
    const asked = this.#asked(url, options);
    const begins = callbacks.onPreparing(site);
    try {
      await this.#dialer.ready(); // before the clock starts: the package is loaded but once
    } finally {
      begins();
    }
    if (this.#over !== undefined) throw new TargetClosedError(`connect: ${this.#over}`);
    const calledAtMs = now();
    const tag = callbacks.onCall(calledAtMs, site);
    const { name, tags } = options;
    const handshake = new Handshake({ target: asked.target, name, tags, calledAtMs, tag, epochMs: epochOf(now()) });
    const outcome = await new Promise<ClientSocket | CallFailure>((resolve) => {
      const dial = this.#dialer.dial(handshake, asked);
      this.#dials.add(dial);
      dial.run((ended) => {
        this.#dials.delete(dial);
        callbacks.onRequest(handshake);
        const isCut = ended instanceof CallFailure && ended.failure.kind === 'aborted';
        if (isCut && callbacks.isForgotten(tag)) return; // nobody waits for it, and nobody would catch it
        // In this very turn, so that no message comes before there is somebody to take it.
        resolve(ended instanceof CallFailure ? ended : this.#opened(handshake, ended, asked));
      });
    });
    if (outcome instanceof ClientSocket) return outcome;
    throw callerError('connect', outcome, `GET ${handshake.url}`);
  }

  /** Gives up whatever waits, handshakes too. */
  giveUp(why: string): void {
    for (const dial of this.#dials) dial.abort(why);
    for (const socket of this.#open) socket.giveUp(why);
  }

  /** Resolves when all are closed, within the limit of a close. Never rejects. */
  async closeAll(why: string): Promise<void> {
    for (const dial of this.#dials) dial.abort(why);
    await Promise.all([...this.#open].map(async (socket) => socket.leave(why)));
  }

  /** For good. */
  async end(why: string): Promise<void> {
    this.#over ??= why;
    await this.closeAll(why);
  }

  #asked(url: string, options: ConnectOptions): Asked {
    try {
      throwProblems(connectProblems(url, options));
      return this.#dialer.asked(url, options);
    } catch (error) {
      const refusal = error instanceof OptionsError ? error : callerError('connect', error, url);
      this.#host.callbacks.onRefused(refusal);
      throw refusal;
    }
  }

  #opened(handshake: HttpSample, opened: Opened, { target, options }: Asked): ClientSocket {
    const { books } = this.#host;
    const { closeCodes = defaultConnectOptions.closeCodes, maxQueued = defaultConnectOptions.maxQueued } = options;
    const socket = new ClientSocket({
      ...opened,
      host: this.#host,
      use: books.opened(handshake, handshake.endedAtMs),
      name: books.nameOf('WS', target.href),
      tags: options.tags,
      closeCodes,
      maxQueued,
      onClosed: () => this.#open.delete(socket),
    });
    this.#open.add(socket);
    return socket;
  }
}

interface Asked {
  readonly target: Target;
  readonly options: ConnectOptions;
}

/** Makes handshakes of what a user's requests have in common. */
class Dialer {
  readonly #parts: UserSocketsParts;
  readonly #targets: Targets;
  readonly #credentials: HttpCredentials;
  readonly #headers: ReturnType<typeof baseHeaders>;
  #routes: Routes | undefined;
  #client: typeof WebSocket | undefined;

  constructor(parts: UserSocketsParts) {
    this.#parts = parts;
    const { baseURL, httpCredentials } = parts.options;
    this.#targets = new Targets(baseURL === undefined ? undefined : asHttp(baseURL));
    this.#credentials = new HttpCredentials(httpCredentials);
    this.#headers = baseHeaders(parts.options);
  }

  /** Only a load that opens a socket pays for the package. */
  async ready(): Promise<void> {
    this.#client ??= (await import('ws')).WebSocket;
  }

  /** Throws for a URL that leads nowhere. */
  asked(url: string, options: ConnectOptions): Asked {
    return { target: this.#targets.resolve(asHttp(url), undefined), options };
  }

  dial(handshake: Handshake, { target, options }: Asked): Dial {
    const { cookies, now, pool } = this.#parts;
    if (this.#client === undefined) throw new Error('`ready` comes before `dial`');
    const { maxMessageBytes = defaultConnectOptions.maxMessageBytes, protocols = [], headers, timeout } = options;
    const { perMessageDeflate = defaultConnectOptions.perMessageDeflate } = options;
    return new Dial(handshake, {
      target,
      way: () => {
        const asked = requestHeaders(this.#headers, headers, target, this.#credentials);
        const addressed = addressHeaders(asked, target, cookies.headerFor(target));
        const traceparent = this.#parts.options.traceparents?.forCall(addressed);
        const all = traceparent === undefined ? addressed : [...addressed, 'traceparent', traceparent];
        this.#routes ??= new Routes(pool, this.#parts.options);
        const insecure = this.#parts.options.ignoreHTTPSErrors === true;
        return { headers: all, connector: this.#routes.connector(target, insecure, getHeader(all, 'host')) };
      },
      protocols: typeof protocols === 'string' ? [protocols] : protocols,
      maxMessageBytes,
      perMessageDeflate,
      timeoutMs: timeout ?? this.#parts.options.timeout ?? defaultRequestOptions.timeoutMs,
      now,
      WebSocket: this.#client,
      storeCookie: (cookie) => cookies.store(cookie, target),
      answerTo: (challenge) => this.#credentials.answer(target, challenge),
    });
  }
}

/** A WebSocket goes where a request to the same place goes (RFC 6455, 3). */
function asHttp(url: string): string {
  return url.replace(/^ws(s?):/i, 'http$1:');
}
