/**
 * One open WebSocket: hands each message to the first round trip it answers, then to the first `next` that waits for it, and
 * keeps the others. Whatever waits ends with the socket, and the socket ends with its owner. What is asked of a socket that has
 * ended fails in a later turn of the event loop: a loop that catches it would stop every timer of the process otherwise.
 */
import { setImmediate as laterTurn } from 'node:timers/promises';
import { errors } from '@playwright/test';
import type { RawData, WebSocket } from 'ws';
import type { SampleFailure, SampleTags } from '../../measure/samples/kind.ts';
import { closeKind, type SocketUse } from '../../measure/socket-recorder.ts';
import { OptionsError, throwProblems } from '../../options-error.ts';
import { CallFailure, callerError, requestError, TargetClosedError } from '../errors.ts';
import { closeWords, codeOfViolation, pingFlood, violationWords } from './close-words.ts';
import type { Opened } from './dial.ts';
import {
  type LoadSocket,
  mostKeptBytes,
  type NextOptions,
  type RoundTripOptions,
  type SocketEnd,
  type SocketMessage,
} from './load-socket.ts';
import { MessageQueue } from './message-queue.ts';
import { matched, RoundTrip, type RoundTripOutcome } from './round-trip.ts';
import type { SocketHost } from './socket-host.ts';
import { closeProblems, dataProblems, nextProblems, roundTripProblems } from './socket-options.ts';

export interface ClientSocketParts extends Opened {
  readonly host: SocketHost;
  readonly use: SocketUse;
  /** Row of its round trips. */
  readonly name: string;
  readonly tags: SampleTags | undefined;
  readonly closeCodes: readonly number[];
  readonly maxQueued: number;
  readonly onClosed: (socket: ClientSocket) => void;
}

interface Waiter {
  readonly matches: ((message: SocketMessage) => boolean) | undefined;
  readonly promise: Promise<SocketMessage | undefined>;
  /** Undefined: none will come. */
  readonly resolve: (message: SocketMessage | undefined) => void;
  readonly reject: (error: unknown) => void;
  timer: NodeJS.Timeout | undefined;
}

/** How it ended, and what whoever still waits fails with. */
interface Ended extends SocketEnd {
  readonly failure: SampleFailure;
  readonly isAbnormal: boolean;
}

export class ClientSocket implements LoadSocket {
  readonly protocol: string;
  readonly #parts: ClientSocketParts;
  readonly #ws: WebSocket;
  readonly #trips = new Set<RoundTrip>();
  readonly #waiters = new Set<Waiter>();
  readonly #queue: MessageQueue;
  readonly #closed: Promise<void>;
  /** When the bytes came that are being read. */
  #arrivedAtMs = 0;
  #violation: { readonly code: number; readonly words: string } | undefined;
  /** Whether it is we who end it. */
  #isEnding = false;
  /** Why its owner has closed it, if it has. */
  #left: string | undefined;
  #ended: Ended | undefined;

  constructor(parts: ClientSocketParts) {
    const { ws, socket, host, maxQueued } = parts;
    this.#parts = parts;
    this.#ws = ws;
    this.#queue = new MessageQueue(maxQueued);
    this.protocol = ws.protocol;
    // Before `ws` parses them; it has begun to read already, so that this changes nothing of when they come.
    socket.prependListener('data', () => (this.#arrivedAtMs = host.now()));
    ws.on('message', (data: RawData, isBinary: boolean) => this.#onMessage(data as Buffer, isBinary));
    ws.on('error', (error: Error) => this.#onError(error));
    ws.on('ping', () => this.#onPing());
    this.#closed = new Promise((resolve) => {
      ws.once('close', (code: number, reason: Buffer) => {
        this.#onClose(code, reason.toString());
        resolve();
      });
    });
  }

  readonly send = (data: string | Uint8Array): void => {
    this.#refuse(dataProblems('send', data));
    const failure = this.#unsendable();
    if (failure !== undefined) throw callerError('send', new CallFailure(failure), this.#parts.name);
    this.#send(data, this.#parts.host.now());
  };

  readonly roundTrip = async (data: string | Uint8Array, options: RoundTripOptions): Promise<SocketMessage> => {
    const { host, name, tags } = this.#parts;
    const { callbacks, now } = host;
    this.#refuse(roundTripProblems(data, options));
    if (this.#left !== undefined) {
      await laterTurn();
      throw requestError(new TargetClosedError(`roundTrip: ${this.#left}`));
    }
    const row = options.name ?? name;
    const site = callbacks.callSite();
    const calledAtMs = now();
    const tag = callbacks.onCall(calledAtMs, site);
    const outcome = await new Promise<RoundTripOutcome>((resolve) => {
      const onEnd = (trip: RoundTrip, ended: RoundTripOutcome): void => {
        this.#trips.delete(trip);
        callbacks.onRequest(trip);
        // What its iteration did not wait for is not rejected, which nobody would catch.
        if (trip.failure?.kind !== 'aborted' || !callbacks.isForgotten(tag)) resolve(ended);
      };
      const bytesSent = Buffer.byteLength(data);
      const { matches } = options;
      const trip = new RoundTrip({ name: row, tags, tag, calledAtMs, bytesSent, matches, onEnd });
      const unsendable = this.#isClosing ? undefined : this.#unsendable();
      this.#trips.add(trip);
      if (unsendable !== undefined) {
        void laterTurn().then(() => trip.fail(unsendable, new CallFailure(unsendable), now()));
        return;
      }
      trip.timer = setTimeout(() => this.#expire(trip, options.timeout), options.timeout ?? host.timeoutMs);
      if (!this.#isClosing) this.#send(data, calledAtMs); // how it closes is about to be told
    });
    if ('message' in outcome) return outcome.message;
    if (outcome.error instanceof CallFailure) throw callerError('roundTrip', outcome.error, row);
    throw outcome.error instanceof Error ? requestError(outcome.error) : outcome.error;
  };

  readonly next = async (
    matches?: (message: SocketMessage) => boolean,
    options: NextOptions = {},
  ): Promise<SocketMessage> => {
    this.#refuse(nextProblems(matches, options));
    const message = await this.#take(matches, options.timeout ?? this.#parts.host.timeoutMs);
    if (message !== undefined) return message;
    await laterTurn();
    throw this.#endedError('next');
  };

  readonly close = async (code = 1000, reason = ''): Promise<SocketEnd> => {
    this.#refuse(closeProblems(code, reason));
    await this.leave('the scenario has closed this WebSocket', code, reason);
    const ended = this.#ended;
    return { code: ended?.code ?? 1006, reason: ended?.reason ?? '' };
  };

  [Symbol.asyncIterator](): AsyncIterator<SocketMessage> {
    return {
      next: async () => {
        const value = await this.#take(undefined, undefined);
        if (value !== undefined) return { value, done: false };
        if (this.#ended?.isAbnormal === true) throw this.#endedError('for await');
        return { value: undefined, done: true };
      },
      return: async () => ({ value: undefined, done: true }),
    };
  }

  /** Begins to close; what is under way is given up. Resolves when it is closed, within its limit. */
  async leave(why: string, code = 1000, reason = ''): Promise<void> {
    if (this.#ended === undefined && this.#left === undefined) {
      this.#left = why;
      this.#isEnding = true;
      this.giveUp(why);
      this.#ws.close(code, reason);
    }
    await this.#closed;
  }

  /** Gives up what waits for a message; the socket stays open. */
  giveUp(why: string): void {
    const nowMs = this.#parts.host.now();
    const failure: SampleFailure = { kind: 'aborted', code: undefined, message: why };
    for (const trip of this.#trips) trip.fail(failure, new CallFailure(failure, 'closed'), nowMs);
    for (const waiter of this.#waiters) {
      void waiter.promise.catch(() => undefined); // nobody may wait for it any more
      this.#settle(waiter).reject(new TargetClosedError(`next: ${why}`));
    }
  }

  /** Ends the connection at once. */
  terminate(): void {
    this.#ws.terminate();
  }

  #send(data: string | Uint8Array, nowMs: number): void {
    this.#ws.send(data, (error) => {
      if (error) this.#onError(error);
    });
    this.#parts.use.sent(Buffer.byteLength(data), nowMs);
  }

  get #isClosing(): boolean {
    return this.#ended === undefined && this.#ws.readyState !== this.#ws.OPEN;
  }

  /** Why nothing can be sent, if so. */
  #unsendable(): SampleFailure | undefined {
    if (this.#ended !== undefined) return this.#ended.failure;
    if (this.#isClosing) {
      const message = this.#left ?? this.#violation?.words ?? 'the WebSocket is being closed by the server';
      return { kind: 'reset', code: undefined, message };
    }
    if (this.#ws.bufferedAmount <= mostKeptBytes) return undefined;
    const message = `the server does not read: ${this.#ws.bufferedAmount} bytes wait to be sent`;
    return { kind: 'other', code: 'WebSocket full', message };
  }

  #expire(trip: RoundTrip, timeoutMs = this.#parts.host.timeoutMs): void {
    const failure: SampleFailure = { kind: 'timeout', code: undefined, message: `Timeout ${timeoutMs}ms exceeded.` };
    trip.fail(failure, new CallFailure(failure, 'timeout'), this.#parts.host.now());
  }

  #onMessage(bytes: Buffer, isBinary: boolean): void {
    const atMs = this.#arrivedAtMs;
    this.#parts.use.received(bytes.length, atMs);
    if (this.#left !== undefined) return; // nobody is left to take it
    const message: SocketMessage = isBinary
      ? { data: '', binary: bytes }
      : { data: bytes.toString(), binary: undefined };
    for (const trip of this.#trips) {
      if (!trip.isAnswer(message, atMs)) continue;
      trip.answer(message, bytes.length, atMs);
      return;
    }
    for (const waiter of this.#waiters) {
      if (!this.#isFor(waiter, message)) continue;
      this.#settle(waiter).resolve(message);
      return;
    }
    this.#queue.put(message, bytes.length);
  }

  #isFor(waiter: Waiter, message: SocketMessage): boolean {
    try {
      return waiter.matches === undefined || matched('next', waiter.matches, message);
    } catch (error) {
      this.#settle(waiter).reject(error);
      return false;
    }
  }

  /** Undefined once the socket is closed and all that came is taken. */
  async #take(
    matches: ((message: SocketMessage) => boolean) | undefined,
    timeoutMs: number | undefined,
  ): Promise<SocketMessage | undefined> {
    const dropped = this.#queue.takeDropped();
    if (dropped > 0) throw new Error(droppedWords(dropped, this.#parts.maxQueued));
    const queued = this.#queue.take(matches && ((message) => matched('next', matches, message)));
    if (queued !== undefined) return queued;
    if (this.#ended !== undefined) return undefined;
    if (this.#left !== undefined) {
      await this.#closed;
      return undefined;
    }
    const waiter = newWaiter(matches);
    this.#waiters.add(waiter);
    if (timeoutMs !== undefined)
      waiter.timer = setTimeout(() => {
        this.#settle(waiter).reject(new errors.TimeoutError(`next: Timeout ${timeoutMs}ms exceeded.`));
      }, timeoutMs);
    return waiter.promise;
  }

  #settle(waiter: Waiter): Waiter {
    this.#waiters.delete(waiter);
    clearTimeout(waiter.timer);
    return waiter;
  }

  /** `ws` tells of what the server must not send, and then waits for a close that may never come. */
  #onError(error: Error): void {
    const code = codeOfViolation(error);
    if (code !== undefined) this.#violation ??= { code, words: violationWords(error) };
    this.#isEnding = true;
    this.#ws.terminate();
  }

  /** `ws` answers pings, and ends the connection in silence where its pongs are not taken. */
  #onPing(): void {
    if (this.#ws.readyState !== this.#ws.OPEN && !this.#isEnding) this.#violation ??= pingFlood;
  }

  #onClose(code: number, reason: string): void {
    const { host, use, closeCodes, onClosed } = this.#parts;
    const violation = this.#violation;
    const end: SocketEnd = { code: violation?.code ?? code, reason };
    const isAbnormal = this.#left === undefined && (violation !== undefined || !closeCodes.includes(code));
    const message = this.#left ?? violation?.words ?? closeWords(end);
    const failure: SampleFailure = { kind: 'reset', code: closeKind(end.code), message };
    this.#ended = { ...end, isAbnormal, failure };
    const nowMs = host.now();
    use.closed({ code: end.code, problem: isAbnormal ? message : undefined }, nowMs);
    for (const trip of this.#trips) trip.fail(failure, new CallFailure(failure), nowMs);
    for (const waiter of this.#waiters) this.#settle(waiter).resolve(undefined);
    onClosed(this);
  }

  #endedError(api: string): Error {
    const failure = this.#ended?.failure ?? { kind: 'reset', code: undefined, message: this.#left ?? 'closed' };
    const error = new Error(`${api}: ${failure.message}`);
    return failure.code === undefined ? error : Object.assign(error, { code: failure.code });
  }

  #refuse(problems: readonly string[]): void {
    try {
      throwProblems(problems);
    } catch (error) {
      if (error instanceof OptionsError) this.#parts.host.callbacks.onRefused(error);
      throw error;
    }
  }
}

function newWaiter(matches: Waiter['matches']): Waiter {
  let resolve: Waiter['resolve'] = () => undefined;
  let reject: Waiter['reject'] = () => undefined;
  const promise = new Promise<SocketMessage | undefined>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { matches, promise, resolve, reject, timer: undefined };
}

function droppedWords(dropped: number, maxQueued: number): string {
  return `${dropped} messages that nobody took were dropped: take them as they come, or keep more than ${maxQueued} (\`maxQueued\`)`;
}
