/**
 * The last few heads of responses over the connections to one origin. Most are the same to the byte within a second, and
 * one that is need not be read again.
 */
import type { Head } from './response-head.ts';

interface KnownHead {
  /** From the status line, or line breaks before it, to the empty line's end. */
  readonly bytes: Buffer;
  readonly head: Head;
}

/** Heads remembered at most; each costs a comparison where none fits. */
const remembered = 4;

const lineFeed = 10;

export class KnownHeads {
  readonly #known: KnownHead[] = [];
  #oldest = 0;

  /** The head that the chunk goes on with, if it is known: every byte of it is the same. */
  find(chunk: Buffer, at: number): KnownHead | undefined {
    for (const known of this.#known) {
      const end = at + known.bytes.length;
      if (chunk[end - 1] === lineFeed && known.bytes.compare(chunk, at, end) === 0) return known;
    }
    return undefined;
  }

  /** `bytes` are copied. The head must have been read from them alone, and must not change any more. */
  add(bytes: Buffer, head: Head): void {
    this.#known[this.#oldest] = { bytes: Buffer.from(bytes), head };
    this.#oldest = (this.#oldest + 1) % remembered;
  }
}
