/**
 * For tests: what a terminal shows after the bytes that were written to it, for those sequences that Playwright's
 * reporters and ours use. One that is unknown throws, since nothing could be said of the screen then.
 */
import { columnsOf } from '../reporters/words/plain-text.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const token = /\u001B\[([?\d;]*)([A-Za-z])|\u001B([78DEM])|([\r\n\b\u0007])|([^\u001B\r\n\b\u0007]+)/gy;

export class Screen {
  readonly #columns: number;
  readonly #rows: number;
  /** Rows that have scrolled away at the top. */
  readonly #gone: string[] = [];
  #cells: string[][];
  #row = 0;
  #column = 0;
  #saved = { row: 0, column: 0 };
  #open = '';

  constructor({ columns, rows }: { readonly columns: number; readonly rows: number }) {
    [this.#columns, this.#rows] = [columns, rows];
    this.#cells = Array.from({ length: rows }, () => []);
  }

  /** What is on it, without empty rows at the end. */
  get shown(): string[] {
    return trimmed(this.#cells.map(textOf));
  }

  /** The same, with all that has scrolled away above it. */
  get history(): string[] {
    return trimmed([...this.#gone, ...this.#cells.map(textOf)]);
  }

  write(text: string): void {
    const all = this.#open + text;
    token.lastIndex = 0;
    let end = 0;
    for (let found = token.exec(all); found !== null; found = token.exec(all)) {
      end = token.lastIndex;
      const [, numbers = '', final, single, control, plain] = found;
      if (final !== undefined) this.#sequence(final, numbers);
      else if (single !== undefined) this.#single(single);
      else if (control !== undefined) this.#control(control);
      else this.#print(plain ?? '');
    }
    this.#open = all.slice(end);
    if (this.#open.length > 16) throw new Error(`a sequence that is unknown: ${JSON.stringify(this.#open)}`);
  }

  #sequence(final: string, numbers: string): void {
    const count = Math.max(1, Number(numbers.split(';')[0]) || 1);
    if (final === 'm' || final === 'h' || final === 'l') return; // colours, and modes that move nothing
    if (final === 'A') this.#row = Math.max(0, this.#row - count);
    else if (final === 'B') this.#row = Math.min(this.#rows - 1, this.#row + count);
    else if (final === 'E') [this.#row, this.#column] = [Math.min(this.#rows - 1, this.#row + count), 0];
    else if (final === 'G') this.#column = count - 1;
    else if (final === 'T') for (let n = 0; n < count; n++) this.#cells = [[], ...this.#cells.slice(0, -1)];
    else if (final === 'K') this.#eraseLine(numbers);
    else if (final === 'J' && numbers === '') this.#eraseBelow();
    else throw new Error(`a sequence that is unknown: CSI ${numbers}${final}`);
  }

  #single(which: string): void {
    if (which === '7') this.#saved = { row: this.#row, column: this.#column };
    else if (which === '8') [this.#row, this.#column] = [this.#saved.row, this.#saved.column];
    else if (which === 'D') this.#index();
    else throw new Error(`a sequence that is unknown: ESC ${which}`);
  }

  #control(which: string): void {
    if (which === '\r') this.#column = 0;
    else if (which === '\n')
      this.#index(); // the line discipline of the pty has put a return before it
    else if (which === '\b') this.#column = Math.max(0, this.#column - 1);
  }

  #index(): void {
    if (this.#row < this.#rows - 1) this.#row++;
    else {
      const [first = [], ...rest] = this.#cells;
      this.#gone.push(textOf(first));
      this.#cells = [...rest, []];
    }
  }

  #eraseLine(which: string): void {
    const line = this.#line();
    if (which === '2') line.length = 0;
    else if (which === '') line.length = Math.min(line.length, this.#column);
    else throw new Error(`a sequence that is unknown: CSI ${which}K`);
  }

  #eraseBelow(): void {
    this.#eraseLine('');
    for (let row = this.#row + 1; row < this.#rows; row++) this.#cells[row] = [];
  }

  #line(): string[] {
    return (this.#cells[this.#row] ??= []);
  }

  #print(text: string): void {
    for (const { segment } of graphemes.segment(text)) {
      const width = columnsOf(segment);
      if (this.#column + width > this.#columns) {
        this.#column = 0;
        this.#index();
      }
      const line = this.#line();
      while (line.length < this.#column) line.push(' ');
      line[this.#column] = segment;
      for (let more = 1; more < width; more++) line[this.#column + more] = '';
      this.#column += width;
    }
  }
}

function textOf(cells: readonly string[]): string {
  return cells.join('').trimEnd();
}

function trimmed(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, last + 1);
}
