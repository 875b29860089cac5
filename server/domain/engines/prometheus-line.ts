/**
 * One line of the Prometheus text format: a sample with its labels, value and time, or a comment. A scanner rather than
 * a pattern, since a label's value may hold `}`, `,`, `=` and escaped quotes.
 */
/** A single number of the page. `timestampMs` is absent when the page names no time, as engines' pages do. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestampMs?: number;
}

export const metricTypes = [
  'counter',
  'gauge',
  'histogram',
  'summary',
  'untyped',
  'unknown',
  'info',
  'stateset',
  'gaugehistogram',
] as const;
export type MetricType = (typeof metricTypes)[number];

type Line =
  | { readonly kind: 'sample'; readonly sample: Sample }
  | { readonly kind: 'help'; readonly name: string; readonly help: string }
  | { readonly kind: 'type'; readonly name: string; readonly type: MetricType }
  | { readonly kind: 'end' } // OpenMetrics' `# EOF`
  | { readonly kind: 'nothing' }; // blank, or a comment of no meaning

/** What is wrong with one line, before the parser adds its number. It repeats nothing of the line. */
export class LineError extends Error {
  override readonly name = 'LineError';
  /** From 1. */
  readonly column: number;

  constructor(message: string, column = 1) {
    super(message);
    this.column = column;
  }
}

const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const blanks = /[ \t]*/y;
const word = /[^ \t]+/y;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const timestamp = /^-?\d+(?:\.\d+)?$/;
const namedNumbers: ReadonlyMap<string, number> = new Map([
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
  ['nan', NaN],
]);

/** Reads one line without its line feed. Throws `LineError`. */
export function parseLine(line: string): Line {
  const scanner = new Scanner(line);
  scanner.skip();
  if (scanner.done()) return { kind: 'nothing' };
  return scanner.peek() === '#' ? comment(scanner) : sampleLine(scanner);
}

/** A number as Go's `ParseFloat` and Prometheus read it: decimal, exponent, `+Inf`, `-Inf`, `NaN`. */
export function parseValue(text: string): number | undefined {
  return decimal.test(text) ? Number(text) : namedNumbers.get(text.toLowerCase());
}

function comment(scanner: Scanner): Line {
  const [keyword = '', name = '', rest = ''] = splitComment(scanner.rest);
  if (keyword === 'EOF' && name === '') return { kind: 'end' };
  if (keyword === 'HELP' && name !== '') return { kind: 'help', name, help: unescapeHelp(rest) };
  if (keyword !== 'TYPE') return { kind: 'nothing' };
  const type = metricTypes.find((known) => known === rest.trim());
  if (type === undefined) throw new LineError('expected a metric type that is known at the end of the line');
  return { kind: 'type', name, type };
}

/** Keyword, name and the rest. Each part ends where the next must begin, so that no line takes longer than its length. */
function splitComment(text: string): string[] {
  return /^#[ \t]*([^ \t]*)(?:[ \t]+([^ \t]*)(?:[ \t](.*))?)?$/s.exec(text)?.slice(1) ?? [];
}

function unescapeHelp(text: string): string {
  return text.replaceAll(/\\(n|\\)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : '\\'));
}

function sampleLine(scanner: Scanner): Line {
  const name = scanner.take(metricName);
  if (name === '') throw scanner.error('expected a metric name');
  scanner.skip();
  const labels = scanner.peek() === '{' ? labelSet(scanner) : {};
  scanner.skip();
  const column = scanner.column;
  const value = parseValue(scanner.take(word));
  if (value === undefined) throw new LineError('expected a number', column);
  scanner.skip();
  const timestampMs = time(scanner);
  return {
    kind: 'sample',
    sample: { name, labels, value, ...(timestampMs === undefined ? {} : { timestampMs }) },
  };
}

/** A time after the value, or an OpenMetrics exemplar (`# {…}`), which is of no use here and skipped. */
function time(scanner: Scanner): number | undefined {
  if (scanner.done() || scanner.peek() === '#') return undefined;
  const column = scanner.column;
  const text = scanner.take(word);
  if (!timestamp.test(text)) throw new LineError('expected a timestamp after the value, or nothing', column);
  scanner.skip();
  if (!scanner.done() && scanner.peek() !== '#') throw scanner.error('expected the end of the line');
  return Number(text);
}

function labelSet(scanner: Scanner): Record<string, string> {
  const labels = new Map<string, string>();
  scanner.expect('{');
  scanner.skip();
  while (scanner.peek() !== '}') {
    const column = scanner.column;
    const name = scanner.take(labelName);
    if (name === '') throw scanner.error('expected a label name or `}`');
    if (labels.has(name)) throw new LineError('a label is given twice', column);
    scanner.skip();
    scanner.expect('=');
    scanner.skip();
    labels.set(name, quoted(scanner));
    scanner.skip();
    if (scanner.peek() !== '}') scanner.expect(',');
    scanner.skip();
  }
  scanner.expect('}');
  return Object.fromEntries(labels);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['"', '"'],
  ['\\', '\\'],
]);

const quotedRun = /[^"\\]*/y;

function quoted(scanner: Scanner): string {
  scanner.expect('"');
  let text = scanner.take(quotedRun);
  while (scanner.peek() === '\\') {
    const column = scanner.column;
    scanner.next();
    const meant = escapes.get(scanner.next());
    if (meant === undefined) throw new LineError('unknown escape in a label value', column);
    text += meant + scanner.take(quotedRun);
  }
  if (scanner.done()) throw scanner.error('a label value has no closing quote');
  scanner.expect('"');
  return text;
}

/** A place in a line. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  done(): boolean {
    return this.#at >= this.#text.length;
  }

  get column(): number {
    return this.#at + 1;
  }

  error(message: string): LineError {
    return new LineError(this.done() ? `${message}, got the end of the line` : message, this.column);
  }

  /** The character here, or nothing at the end. */
  peek(): string {
    return this.#text.charAt(this.#at);
  }

  get rest(): string {
    return this.#text.slice(this.#at);
  }

  next(): string {
    const char = this.peek();
    this.#at += 1;
    return char;
  }

  skip(): void {
    this.take(blanks);
  }

  /** What a sticky pattern matches from here; empty when it does not. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  expect(char: string): void {
    if (this.peek() !== char) throw this.error(`expected \`${char}\``);
    this.#at += 1;
  }
}
