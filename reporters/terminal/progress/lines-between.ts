/** Whole lines between what others write to a log: `dot` leaves its last line open, and ours begins a new one then. */
type Write = NodeJS.WriteStream['write'];

export class LinesBetween {
  readonly #stdout: NodeJS.WriteStream;
  readonly #write: Write;
  readonly #own: PropertyDescriptor | undefined;
  readonly #through: Write;
  #isOpen = false;

  constructor(stdout: NodeJS.WriteStream) {
    this.#stdout = stdout;
    this.#own = Object.getOwnPropertyDescriptor(stdout, 'write');
    this.#write = stdout.write.bind(stdout);
    this.#through = (chunk: string | Uint8Array, ...rest: []) => {
      if (chunk.length > 0) this.#isOpen = String(chunk.slice(-1)) !== '\n' && chunk.at(-1) !== 10;
      return this.#write(chunk, ...rest);
    };
    stdout.write = this.#through;
  }

  write(line: string): void {
    this.#write(`${this.#isOpen ? '\n' : ''}${line}\n`);
    this.#isOpen = false;
  }

  close(): void {
    if (this.#stdout.write !== this.#through) return;
    if (this.#own === undefined) Reflect.deleteProperty(this.#stdout, 'write');
    else Object.defineProperty(this.#stdout, 'write', this.#own);
  }
}
