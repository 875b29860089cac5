/**
 * Reads a TCP socket through one buffer that all sockets of this process share. Node otherwise takes 64 KiB of memory for
 * each read, gives most of it back, and sends the bytes through a stream.
 */
import type { OnReadOpts } from 'node:net';

/** As much as Node reads at once. */
const shared = Buffer.allocUnsafeSlow(65_536);

export class Inbox {
  /** For a socket that is about to be made, which then has no `data` events. TLS can't be put on top of it. */
  readonly onread: OnReadOpts = {
    buffer: shared,
    callback: (length) => {
      // Copied, since the next read of whichever socket writes over it.
      this.#take?.(Buffer.from(shared.subarray(0, length)));
      return true;
    },
  };
  #take: ((chunk: Buffer) => void) | undefined;

  /** To be called as the socket connects: it is read from after that. */
  listen(take: (chunk: Buffer) => void): void {
    this.#take = take;
  }
}
