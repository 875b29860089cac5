/**
 * Rows that stand below whatever others write to the terminal, and are drawn anew in place. Playwright's `list` and
 * `line` move the cursor from where they left it, and `dot` goes on in the middle of a line; so the cursor always stands
 * where they left it, and our rows are gone while they write.
 *
 * Sequences of ECMA-48 and DEC that every terminal knows: IND (`ESC D`) makes room below and keeps the column, where a line
 * feed would not; DECSC and DECRC (`ESC 7`, `ESC 8`) come back to the place, which cannot scroll away once there is room.
 */
type Write = NodeJS.WriteStream['write'];

export interface RowsBelowParts {
  readonly stdout: NodeJS.WriteStream;
  /** Others that end on the same terminal. */
  readonly others: readonly NodeJS.WriteStream[];
}

/** Others write a row in several pieces, which take no time; ours come back after that. */
const backAfterMs = 20;

/** Of a terminal that does not know its size. */
const usualRows = 24;

const escape = '\u001B';
const clearBelow = `${escape}7${escape}[B\r${escape}[J${escape}8`;
const upwards = /^\u001B\[(\d+)A$/;

export class RowsBelow {
  readonly #stdout: NodeJS.WriteStream;
  readonly #write: Write;
  readonly #giveBack: (() => void)[] = [];
  readonly #atExit = () => {
    this.#clear();
  };
  #rows: readonly string[] = [];
  /** Rows that are on the screen now. */
  #drawn = 0;
  /** Rows below the cursor that the screen was scrolled for. */
  #room = 0;
  #due: NodeJS.Timeout | undefined;

  constructor({ stdout, others }: RowsBelowParts) {
    this.#stdout = stdout;
    this.#write = stdout.write.bind(stdout);
    for (const stream of [stdout, ...others]) this.#listenTo(stream);
    process.once('exit', this.#atExit);
  }

  /** Instead of those before. */
  show(rows: readonly string[]): void {
    this.#rows = rows;
    this.#draw();
  }

  close(): void {
    clearTimeout(this.#due);
    this.#clear();
    this.#rows = [];
    for (const giveBack of this.#giveBack.splice(0)) giveBack();
    process.off('exit', this.#atExit);
  }

  #listenTo(stream: NodeJS.WriteStream): void {
    const own = Object.getOwnPropertyDescriptor(stream, 'write');
    const write = stream.write.bind(stream);
    const through = ((chunk: string | Uint8Array, ...rest: []) => {
      this.#makeWay(chunk);
      return write(chunk, ...rest);
    }) as Write;
    stream.write = through;
    this.#giveBack.push(() => {
      if (stream.write !== through) return; // another has wrapped it since, and calls us: with nothing to draw we only pass on
      if (own === undefined) Reflect.deleteProperty(stream, 'write');
      else Object.defineProperty(stream, 'write', own);
    });
  }

  #makeWay(chunk: string | Uint8Array): void {
    this.#clear();
    if (this.#room > 0) this.#giveRoomBack(String(chunk));
    if (this.#rows.length === 0) return;
    clearTimeout(this.#due);
    this.#due = setTimeout(() => {
      this.#draw();
    }, backAfterMs).unref();
  }

  /** Who counts rows back from the bottom of the screen finds them there only if the screen goes back with them. */
  #giveRoomBack(text: string): void {
    const up = Number(upwards.exec(text)?.[1] ?? 0);
    if (up >= (this.#stdout.rows || usualRows) - this.#room) {
      this.#write(`${escape}[${this.#room}T${escape}[${this.#room}B`);
      this.#room = 0;
    } else {
      this.#room = Math.max(0, this.#room - (text.split('\n').length - 1));
    }
  }

  #draw(): void {
    if (this.#rows.length === 0) {
      this.#clear();
      return;
    }
    const many = Math.max(this.#rows.length, this.#drawn);
    const rows = Array.from({ length: many }, (_, at) => `\r\n${escape}[2K${this.#rows[at] ?? ''}`);
    this.#write(`${`${escape}D`.repeat(many)}${escape}[${many}A${escape}7${rows.join('')}${escape}8`);
    this.#drawn = this.#rows.length;
    this.#room = Math.max(this.#room, many);
  }

  #clear(): void {
    if (this.#drawn === 0) return;
    this.#write(clearBelow);
    this.#drawn = 0;
  }
}
