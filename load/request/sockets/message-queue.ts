/** Messages that came and nobody has taken yet: so many, and so many bytes; beyond that the oldest make room. */
import { mostKeptBytes, type SocketMessage } from './load-socket.ts';

interface Queued {
  readonly message: SocketMessage;
  readonly bytes: number;
}

export class MessageQueue {
  readonly #most: number;
  #queued: Queued[] = [];
  #bytes = 0;
  #dropped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#queued.length;
  }

  put(message: SocketMessage, bytes: number): void {
    this.#queued.push({ message, bytes });
    this.#bytes += bytes;
    while (this.length > this.#most || (this.#bytes > mostKeptBytes && this.length > 1)) {
      this.#shift();
      this.#dropped += 1;
    }
  }

  /** The first that matches, which leaves the queue. Throws what the matcher throws. */
  take(matches?: (message: SocketMessage) => boolean): SocketMessage | undefined {
    if (matches === undefined) return this.#shift()?.message;
    const at = this.#queued.findIndex(({ message }) => matches(message));
    const [queued] = at === -1 ? [] : this.#queued.splice(at, 1);
    this.#bytes -= queued?.bytes ?? 0;
    return queued?.message;
  }

  /** How many were dropped since it was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  clear(): void {
    this.#queued = [];
    this.#bytes = 0;
  }

  #shift(): Queued | undefined {
    const queued = this.#queued.shift();
    this.#bytes -= queued?.bytes ?? 0;
    return queued;
  }
}
