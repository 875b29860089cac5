/** A cache bounded in bytes: what was not used for longest goes first. */
interface Weighed {
  readonly bytes: number;
}

/** Of an entry besides its key and its value, roughly: values that weigh nothing would else have no limit. @internal */
export const entryBytes = 512;

export class LeastRecent<Value extends Weighed> {
  readonly #mostBytes: number;
  /** In the order of their last use, each with what it weighed when it was put. */
  readonly #kept = new Map<string, { readonly value: Value; readonly bytes: number }>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.value;
  }

  /** Also when a value has grown. What alone is too large is not kept, and takes nobody's place. */
  put(key: string, value: Value): void {
    this.#drop(key);
    const bytes = value.bytes + key.length + entryBytes;
    if (bytes > this.#mostBytes) return;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
