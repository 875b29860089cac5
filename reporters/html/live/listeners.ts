/** The open pages, as server-sent events (WHATWG HTML 9.2). */
import type { ServerResponse } from 'node:http';
import { replacedEvent } from '../page-data.ts';

/** Pages at once. A browser holds six connections to one server at most, and a new page needs one of them to load. */
export const maxListeners = 5;
/** A page that has not taken so much of what was sent to it is too slow to follow, and is dropped. */
const maxUnsentBytes = 8 * 1_024 * 1_024;
/** How long a page that makes room may take to hear of it. */
const farewellMs = 1_000;

export class Listeners {
  readonly #open = new Set<ServerResponse>();
  readonly #comeBackMs: number;

  /** How long a page that has lost its connection waits before it comes back. */
  constructor(comeBackMs: number) {
    this.#comeBackMs = comeBackMs;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Somebody looks at the newest page; if there are too many, another makes room for it. */
  add(response: ServerResponse): void {
    if (this.#open.size >= maxListeners) this.#makeRoom();
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: ${this.#comeBackMs}\n\n`);
  }

  /** JSON has no line break of its own, so it is one `data:` line. */
  send(json: string): void {
    for (const response of this.#open) {
      if (response.writableLength > maxUnsentBytes) this.#drop(response);
      else response.write(`data: ${json}\n\n`);
    }
  }

  close(): void {
    for (const response of this.#open) response.end();
    this.#open.clear();
  }

  /** A page that does not take what it is sent goes first, then the oldest: it is told, lest it come back at once. */
  #makeRoom(): void {
    const [oldest] = this.#open;
    const leaving = [...this.#open].find(({ writableLength }) => writableLength > 0) ?? oldest;
    if (leaving === undefined) return;
    this.#open.delete(leaving);
    leaving.end(`event: ${replacedEvent}\ndata:\n\n`);
    const patience = setTimeout(() => leaving.destroy(), farewellMs).unref();
    leaving.on('close', () => {
      clearTimeout(patience);
    });
  }

  #drop(response: ServerResponse): void {
    this.#open.delete(response);
    response.destroy();
  }
}
