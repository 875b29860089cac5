/** What a test prints on the other cores, in the first one's own output, each line with the core that said it. */
import type { NestedWord } from './nested-words.ts';

type Said = Extract<NestedWord, { kind: 'said' }>;

export class OtherCoresOutput {
  readonly #write: (to: Said['to'], text: string) => void;
  /** A line that has not ended yet, by core and stream. */
  readonly #open = new Map<string, Said>();

  constructor(write: (to: Said['to'], text: string) => void = (to, text) => void process[to].write(text)) {
    this.#write = write;
  }

  pass(said: Said): void {
    const key = `${said.core} ${said.to}`;
    const lines = ((this.#open.get(key)?.text ?? '') + said.text).split('\n');
    const rest = lines.pop() ?? '';
    if (rest === '') this.#open.delete(key);
    else this.#open.set(key, { ...said, text: rest });
    this.#writeLines(said, lines);
  }

  /** Writes what no line end has followed. */
  end(): void {
    for (const said of this.#open.values()) this.#writeLines(said, [said.text]);
    this.#open.clear();
  }

  #writeLines({ core, to }: Said, lines: readonly string[]): void {
    const text = lines.map((line) => `core ${core} │ ${line}\n`).join('');
    if (text !== '') this.#write(to, text);
  }
}
