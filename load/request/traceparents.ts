/**
 * The `traceparent` of each request (W3C Trace Context, https://www.w3.org/TR/trace-context/): ids of its own, and the
 * sampled flag for a share of them.
 */
import { randomFillSync } from 'node:crypto';
import { traceContextOf } from '../measure/trace-context.ts';
import { findHeader, type HeaderList } from './header-list.ts';

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
/** Ids drawn at a time: the call that draws costs more than they do. */
const drawn = 256;

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
  readonly #bytes = Buffer.alloc(drawn * idBytes);
  #hex = '';
  #next = drawn;

  constructor({ share, onInvalid, fill = (bytes) => randomFillSync(bytes) }: TraceparentsParts) {
    this.#threshold = Math.round((1 - share) * 2 ** (8 * randomBytes));
    this.#onInvalid = onInvalid;
    this.#fill = fill;
  }

  /** The spec's own goes before ours, and as it is: an invalid one may be what is tested. */
  forCall(headers: Readonly<HeaderList>): string | undefined {
    const at = findHeader(headers, 'traceparent');
    if (at === -1) return this.#made();
    const own = headers[at + 1] ?? '';
    if (traceContextOf(own) === undefined) this.#onInvalid(own);
    return undefined;
  }

  #made(): string {
    for (;;) {
      if (this.#next === drawn) this.#draw();
      const at = this.#next * idBytes;
      this.#next += 1;
      const traceId = this.#hex.slice(2 * at, 2 * (at + traceBytes));
      const spanId = this.#hex.slice(2 * (at + traceBytes), 2 * (at + idBytes));
      if (traceId === noTrace || spanId === noSpan) continue; // they are invalid (3.2.2.3, 3.2.2.4)
      const sampled = this.#bytes.readUIntBE(at + randomAt, randomBytes) >= this.#threshold;
      return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
    }
  }

  #draw(): void {
    this.#fill(this.#bytes);
    this.#hex = this.#bytes.toString('hex');
    this.#next = 0;
  }
}

const noTrace = '0'.repeat(2 * traceBytes);
const noSpan = '0'.repeat(2 * spanBytes);
