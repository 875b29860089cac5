/**
 * The `traceparent` of each request (W3C Trace Context, https://www.w3.org/TR/trace-context/): ids of its own, and the
 * sampled flag for a share of them.
 */
import { randomFillSync } from 'node:crypto';
import { traceContextOf } from '../measure/trace-context.ts';
import { findHeader, type HeaderList, joinedHeader } from './header-list.ts';

/** Says the `traceparent` that is added to a call; undefined where its headers have one already. */
export interface TraceparentSource {
  forCall(headers: Readonly<HeaderList>): string | undefined;
}

export interface TraceparentsParts {
  /** Of 1: whose flag says that they are recorded. */
  readonly share: number;
  /** Told of each call whose own `traceparent` is none. */
  readonly onInvalid: (traceparent: string) => void;
  /** Random bytes that nobody can foretell, so that ids of different generators are different. */
  readonly fill?: (bytes: Buffer) => unknown;
}

const traceBytes = 16;
const spanBytes = 8;
const idBytes = traceBytes + spanBytes;
/** Made at a time, since the calls that draw and decode cost more than what they do. */
const drawn = 256;

/** `00-`, a trace id, `-`, a span id, `-01`: all of one length, so that one is a piece of a text of many. */
const form = Buffer.from(`00-${'0'.repeat(2 * traceBytes)}-${'0'.repeat(2 * spanBytes)}-00`);
const traceAt = 3;
const spanAt = traceAt + 2 * traceBytes + 1;
const [zero = 0, one = 0] = Buffer.from('01');
const digits = Buffer.from('0123456789abcdef');

/**
 * By the ids, not by another draw, as in OpenTelemetry's consistent probability sampling: the trace is sampled whose last 56 bits are at
 * least (1 - share) · 2^56 (https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/). Whoever knows
 * the id and the share comes to the same. The upper 48 of these bits are read, which a number holds.
 */
const randomAt = 9;
const randomBytes = 6;

export class Traceparents implements TraceparentSource {
  readonly #threshold: number;
  readonly #onInvalid: TraceparentsParts['onInvalid'];
  readonly #fill: (bytes: Buffer) => unknown;
  readonly #ids = Buffer.alloc(drawn * idBytes);
  readonly #letters = Buffer.alloc(drawn * form.length);
  #text = '';
  #next = 0;

  constructor({ share, onInvalid, fill = (bytes) => randomFillSync(bytes) }: TraceparentsParts) {
    this.#threshold = Math.round((1 - share) * 2 ** (8 * randomBytes));
    this.#onInvalid = onInvalid;
    this.#fill = fill;
  }

  /** The spec's own goes before ours, and as it is: an invalid one may be what is tested. */
  forCall(headers: Readonly<HeaderList>): string | undefined {
    if (findHeader(headers, 'traceparent') === -1) return this.#made();
    const own = joinedHeader(headers, 'traceparent') ?? ''; // several are one to servers, and none that they take
    if (traceContextOf(own) === undefined) this.#onInvalid(own);
    return undefined;
  }

  /** A piece of the text costs a request nothing to speak of; put together of its parts it cost four times as much. */
  #made(): string {
    while (this.#next === this.#text.length) this.#draw();
    const at = this.#next;
    this.#next += form.length;
    return this.#text.slice(at, this.#next);
  }

  #draw(): void {
    this.#fill(this.#ids);
    let end = 0;
    for (let at = 0; at < this.#ids.length; at += idBytes) if (this.#write(at, end)) end += form.length;
    this.#text = this.#letters.toString('latin1', 0, end);
    this.#next = 0;
  }

  /** False, and to be written over, where an id is all zero, which is invalid (3.2.2.3, 3.2.2.4). */
  #write(from: number, to: number): boolean {
    const [ids, letters] = [this.#ids, this.#letters];
    letters.set(form, to);
    const trace = writeHex(ids, from, letters, to + traceAt, traceBytes);
    const span = writeHex(ids, from + traceBytes, letters, to + spanAt, spanBytes);
    const isSampled = ids.readUIntBE(from + randomAt, randomBytes) >= this.#threshold;
    letters[to + form.length - 1] = isSampled ? one : zero;
    return trace && span;
  }
}

/** Whether any of the bytes is not zero. */
function writeHex(ids: Buffer, from: number, letters: Buffer, to: number, bytes: number): boolean {
  let any = 0;
  for (let n = 0; n < bytes; n++) {
    const byte = ids[from + n] ?? 0;
    any |= byte;
    letters[to + 2 * n] = digits[byte >> 4] ?? 0;
    letters[to + 2 * n + 1] = digits[byte & 15] ?? 0;
  }
  return any !== 0;
}
