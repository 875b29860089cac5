/**
 * Workflow ids are UUIDs of version 7 (RFC 9562, section 5.7): they begin with the millisecond of their making, so
 * "newest first" is simply the primary key backwards, and a page of a list needs no sort and no second index.
 */
import { randomFillSync } from 'node:crypto';

export const workflowIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Random bytes are fetched for this many ids at a time: one call each would cost more than the rest. */
const idsPerFill = 256;
const randomBytesPerId = 8;
/** `rand_a` counts up within a millisecond (method 1 of section 6.2), so ids made in a row also sort in a row. */
const counterLimit = 0x1000;

/** Makes ids that increase strictly within one maker, also when the clock goes back. */
export class WorkflowIds {
  readonly #random = Buffer.alloc(idsPerFill * randomBytesPerId);
  #used = this.#random.length;
  #lastMs = 0;
  #counter = 0;

  next(nowMs: number): string {
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      this.#counter = 0;
    } else if (++this.#counter === counterLimit) {
      this.#lastMs++;
      this.#counter = 0;
    }
    return format(this.#lastMs, this.#counter, this.#randomHex());
  }

  /** What is made from now on sorts above this id, which another maker has made. */
  follow(id: string): void {
    const atMs = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    const counter = Number.parseInt(id.slice(15, 18), 16);
    if (atMs < this.#lastMs || (atMs === this.#lastMs && counter <= this.#counter)) return;
    this.#lastMs = atMs;
    this.#counter = counter;
  }

  #randomHex(): string {
    if (this.#used === this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += randomBytesPerId;
    this.#random.writeUInt8((this.#random.readUInt8(at) & 0x3f) | 0x80, at); // the variant bits
    return this.#random.toString('hex', at, at + randomBytesPerId);
  }
}

function format(atMs: number, counter: number, random: string): string {
  const time = atMs.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${random.slice(0, 4)}-${random.slice(4)}`;
}

/** The smallest id of a millisecond: everything made before sorts below it. */
export function firstIdAt(atMs: number): string {
  return format(atMs, 0, '8000000000000000');
}
