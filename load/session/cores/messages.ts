/** What the processes of a load say to each other, and how it goes over a socket: a line of JSON for each message. */
import type { Socket } from 'node:net';
import type { RunPayload } from '../../measure/payload.ts';
import type { LiveSnapshot } from '../../measure/snapshot.ts';
import type { Agreement } from './agreement.ts';

/** From another core to the first. `index`: which load of the test, from 0. */
export type ToFirst =
  /** Who it is, before all else. */
  | { readonly kind: 'hello'; readonly token: string; readonly core: number }
  /** Everything is open, and nothing is sent yet. */
  | { readonly kind: 'ready'; readonly index: number; readonly agreement: Agreement }
  /** Its users are set up, where they have to be. */
  | { readonly kind: 'usersReady'; readonly index: number }
  /** How it goes, once a second. `sums` holds whatever limits may ask of, where somebody wants it. */
  | { readonly kind: 'beat'; readonly index: number; readonly snapshot?: LiveSnapshot; readonly sums?: RunPayload }
  /** Its part, and when that began on the machine's monotonic clock. */
  | { readonly kind: 'done'; readonly index: number; readonly payload: RunPayload; readonly beganAtMs: number };

/** From the first core to another. */
export type FromFirst =
  /** Every core is there and all are at one: set up the users. */
  | { readonly kind: 'setUp'; readonly index: number }
  /** When to begin, on the machine's monotonic clock. */
  | { readonly kind: 'start'; readonly index: number; readonly atMs: number; readonly wantsSums: boolean }
  | { readonly kind: 'stop'; readonly index: number; readonly reason: string }
  /** The whole load, so that the test goes on with the same numbers everywhere. */
  | { readonly kind: 'merged'; readonly index: number; readonly payload: RunPayload }
  /** The first core's `load` threw. */
  | { readonly kind: 'failed'; readonly index: number; readonly reason: string }
  /** The first core's test is over. */
  | { readonly kind: 'over' };

/** Characters of a message; a run of thousands of rows and hours has some millions. */
export const longestMessage = 128 * 2 ** 20;
/** Before it is known who speaks. */
const longestGreeting = 1_024;

/** Both ends of the line; whoever sends too much, or what is no JSON, is cut off. */
export class MessageLine<Heard, Said> {
  readonly #socket: Socket;
  #limit: number = longestGreeting;
  #parts: string[] = [];
  #length = 0;

  constructor(socket: Socket, { onHeard, onClosed }: { onHeard: (message: Heard) => void; onClosed: () => void }) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#take(text, onHeard));
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', onClosed);
  }

  /** Whoever is at the other end may send whole runs. */
  trust(): void {
    this.#limit = longestMessage;
  }

  say(message: Said): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Once all that was said is sent. */
  end(): void {
    this.#socket.end();
  }

  cut(): void {
    this.#socket.destroy();
  }

  #take(text: string, onHeard: (message: Heard) => void): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      this.#parts.push(text.slice(from, end));
      const line = this.#parts.join('');
      [this.#parts, this.#length, from] = [[], 0, end + 1];
      if (line.length > this.#limit) this.cut();
      else this.#hear(line, onHeard);
      if (this.#socket.destroyed) return;
    }
    const rest = text.slice(from);
    this.#length += rest.length;
    this.#parts.push(rest);
    if (this.#length > this.#limit) this.cut();
  }

  #hear(line: string, onHeard: (message: Heard) => void): void {
    let message: Heard;
    try {
      message = JSON.parse(line) as Heard;
    } catch {
      this.cut(); // not one of ours
      return;
    }
    onHeard(message);
  }
}
