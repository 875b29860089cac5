/**
 * One handshake from connecting to 101, over a connection of our own making, so that its name lookup, connecting and TLS are
 * measured as those of any request. A challenge is answered once, as a request answers it.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientOptions, WebSocket } from 'ws';
import type { Connected, Connector } from '../connections/connect.ts';
import type { GiveUp } from '../connections/connect-gate.ts';
import { CallFailure } from '../errors.ts';
import { failureOf, type Progress } from '../failure.ts';
import { getHeader, headerValues, setHeader, type HeaderList } from '../header-list.ts';
import { plainLine } from '../../measure/plain-line.ts';
import type { SampleFailure } from '../../measure/samples/kind.ts';
import type { Target } from '../target.ts';
import { sendCounted } from '../uncounted.ts';
import type { Handshake } from './handshake.ts';
import { closeLimitMs } from './load-socket.ts';

/** How the handshake gets there, and with what. */
interface Way {
  readonly connector: Connector;
  readonly headers: Readonly<HeaderList>;
}

export interface DialParts {
  readonly target: Target;
  /** Throws for headers that can't be written, and where there is no way to the target. */
  readonly way: () => Way;
  readonly protocols: readonly string[];
  readonly maxMessageBytes: number;
  readonly perMessageDeflate: boolean;
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly WebSocket: typeof WebSocket;
  readonly storeCookie: (cookie: string) => void;
  /** The `authorization` that answers a challenge, if there is one. */
  readonly answerTo: (challenge: string | undefined) => string | undefined;
}

/** What a handshake ends in. */
export interface Opened {
  readonly ws: WebSocket;
  readonly socket: Socket;
}

export class Dial {
  readonly #parts: DialParts;
  readonly #handshake: Handshake;
  #headers: Readonly<HeaderList> = [];
  #giveUp: GiveUp | undefined;
  #ws: WebSocket | undefined;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #done: (outcome: Opened | CallFailure) => void = () => undefined;
  #isOver = false;

  constructor(handshake: Handshake, parts: DialParts) {
    this.#handshake = handshake;
    this.#parts = parts;
  }

  /** `done` is called once; the handshake then says when it ended and why, if it failed. */
  run(done: (outcome: Opened | CallFailure) => void): void {
    this.#done = done;
    const { timeoutMs } = this.#parts;
    this.#timer = setTimeout(() => {
      const message = `Timeout ${timeoutMs}ms exceeded.`;
      this.#fail({ kind: 'timeout', code: undefined, message }, 'timeout');
    }, timeoutMs);
    try {
      const { connector, headers } = this.#parts.way();
      this.#headers = headers;
      this.#connect(connector);
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)), 'connecting');
    }
  }

  /** Nobody waits for it any more. */
  abort(message: string): void {
    this.#fail({ kind: 'aborted', code: undefined, message }, 'closed');
  }

  #connect(connector: Connector): void {
    let isSettled = false; // an error of the socket may come after it was handed over
    this.#giveUp = connector.connect((error, connected) => {
      if (isSettled || this.#isOver) return;
      isSettled = true;
      if (connected !== undefined) this.#send(connector, connected);
      else this.#failed(error ?? new Error('no connection'), 'connecting');
    });
  }

  #send(connector: Connector, { socket, times }: Connected): void {
    const { now, target, protocols, WebSocket: Client } = this.#parts;
    const handshake = this.#handshake;
    this.#socket = socket;
    handshake.connect = times;
    handshake.uses.push(connector.use(socket.remoteAddress ?? ''));
    handshake.requestHeaders = this.#headers;
    handshake.sentAtMs ??= now();
    try {
      // It is sent by Node's client, which others watch for requests that no load counts.
      const ws = sendCounted(() => new Client(addressOf(target), [...protocols], this.#options(socket)));
      this.#ws = ws;
      ws.on('error', (error: Error) => this.#failed(error, 'sent'));
      ws.once('upgrade', (response: IncomingMessage) => {
        connector.answered(times);
        this.#headCame(response);
      });
      ws.once('unexpected-response', (_request: unknown, response: IncomingMessage) => {
        connector.answered(times);
        this.#headCame(response);
        this.#refused(connector, response);
      });
      ws.once('open', () => this.#opened({ ws, socket }));
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)), 'sent');
    }
  }

  #options(socket: Socket): ClientOptions & { closeTimeout: number } {
    const { maxMessageBytes, perMessageDeflate } = this.#parts;
    const headers: Record<string, string> = {};
    for (let at = 0; at < this.#headers.length; at += 2) headers[this.#headers[at] ?? ''] = this.#headers[at + 1] ?? '';
    return {
      createConnection: () => socket,
      headers,
      maxPayload: maxMessageBytes,
      perMessageDeflate,
      followRedirects: false,
      closeTimeout: closeLimitMs,
    };
  }

  #headCame({ statusCode, rawHeaders }: IncomingMessage): void {
    const handshake = this.#handshake;
    handshake.headAtMs = this.#parts.now();
    handshake.status = statusCode;
    handshake.responseHeaders = rawHeaders;
    for (const cookie of headerValues(rawHeaders, 'set-cookie')) this.#parts.storeCookie(cookie);
  }

  #refused(connector: Connector, response: IncomingMessage): void {
    const { statusCode = 0, statusMessage = '', rawHeaders } = response;
    const isAsked = getHeader(this.#headers, 'authorization') !== undefined;
    const authorization =
      statusCode !== 401 || isAsked ? undefined : this.#parts.answerTo(getHeader(rawHeaders, 'www-authenticate'));
    if (authorization !== undefined && !this.#isOver) {
      const headers = [...this.#headers];
      setHeader(headers, 'authorization', authorization);
      this.#headers = headers;
      this.#letGo();
      this.#connect(connector);
      return;
    }
    const message = `the server answered ${plainLine(`${statusCode} ${statusMessage}`)} instead of 101 Switching Protocols`;
    this.#fail({ kind: 'other', code: `HTTP ${statusCode}`, message });
  }

  #opened(opened: Opened): void {
    if (this.#isOver) return;
    opened.ws.removeAllListeners('error');
    opened.ws.on('error', () => undefined); // until its owner listens, in this same turn
    this.#finish();
    this.#done(opened);
  }

  /** What Node's parser or the connection says has a code; what `ws` finds wrong in an answer has none. */
  #failed(error: Error, progress: Progress): void {
    const failure = failureOf(error, progress);
    const isGarbled = failure.kind === 'other' && failure.code === undefined && progress === 'sent';
    this.#fail(isGarbled ? { ...failure, kind: 'malformed' } : failure);
  }

  #fail(failure: SampleFailure, shape: CallFailure['shape'] = 'plain'): void {
    if (this.#isOver) return;
    this.#handshake.failure = failure;
    this.#finish();
    this.#giveUp?.();
    this.#letGo();
    this.#done(new CallFailure(failure, shape));
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#handshake.endedAtMs = this.#parts.now();
  }

  /** Ends what was begun; errors that come of it are nobody's. */
  #letGo(): void {
    this.#ws?.removeAllListeners();
    this.#ws?.on('error', () => undefined);
    this.#ws?.terminate();
    this.#socket?.destroy();
    this.#ws = undefined;
    this.#socket = undefined;
  }
}

/** As `ws` takes it: without a fragment, and without credentials, which are in the headers. */
function addressOf({ secure, host, path }: Target): string {
  return `${secure ? 'wss' : 'ws'}://${host}${path}`;
}
