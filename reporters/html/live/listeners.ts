/** The open pages, as server-sent events (WHATWG HTML 9.2). */
import type { ServerResponse } from 'node:http';

/** Pages at once. */
const maxListeners = 8;
/** A page that has not taken so much of what was sent to it is too slow to follow, and is dropped. */
const maxUnsentBytes = 8 * 1_024 * 1_024;

export class Listeners {
  readonly #open = new Set<ServerResponse>();

  get size(): number {
    return this.#open.size;
  }

  /** Whether there was room for one more. */
  add(response: ServerResponse): boolean {
    if (this.#open.size >= maxListeners) return false;
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.write('retry: 2000\n\n');
    return true;
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

  #drop(response: ServerResponse): void {
    this.#open.delete(response);
    response.destroy();
  }
}
