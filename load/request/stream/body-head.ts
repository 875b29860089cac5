/** As much of a stream's body, as it came, as an exemplar shows. */
const keptBytes = 4_096;

export class BodyHead {
  #parts: Buffer[] | undefined;
  #bytes = 0;

  add(bytes: Buffer): void {
    if (this.#bytes >= keptBytes) return;
    // Copied to its size: a piece of the socket's buffer would keep all of that.
    const part = Buffer.allocUnsafeSlow(Math.min(bytes.length, keptBytes - this.#bytes));
    bytes.copy(part);
    this.#bytes += part.length;
    (this.#parts ??= []).push(part);
  }

  /** Undefined where nothing has come. */
  get text(): string | undefined {
    return this.#parts === undefined ? undefined : Buffer.concat(this.#parts).toString('utf8');
  }
}
