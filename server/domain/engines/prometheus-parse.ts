/**
 * Reads the Prometheus text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats) and those parts
 * of OpenMetrics that engines' libraries emit. The npm parsers we found either miss escapes or pass over a broken line
 * in silence; a page that is not one must be an error here, or a proxy's login form would read as an idle engine.
 * Quoted UTF-8 metric names are not read: no engine uses them.
 */
import { PrometheusFormatError, type FormatProblem } from './prometheus-format-error.ts';
import { LineError, parseLine, parseValue, type MetricType, type Sample } from './prometheus-line.ts';
import type { Steps } from './steps.ts';

/** The samples under one `TYPE`: a histogram's family holds its `_bucket`, `_sum` and `_count`. */
export interface Family {
  readonly name: string;
  readonly type: MetricType;
  readonly help?: string;
  readonly samples: readonly Sample[];
}

export interface ParseLimits {
  /** Characters in the whole page. */
  readonly maxLength: number;
  /** Characters in one line. */
  readonly maxLineLength: number;
  readonly maxSamples: number;
}

/** A vLLM page of eight ranks has about 4,000 samples in 600 KB; these leave room for ten times that. */
export const defaultParseLimits: ParseLimits = {
  maxLength: 8 * 1024 * 1024,
  maxLineLength: 16_384,
  maxSamples: 50_000,
};

/** So many lines are read in one go: some milliseconds. */
const linesAtOnce = 1_000;

/**
 * Every family of the page by its name, in the page's order, read in steps: a page of 8 MiB takes its time. Throws
 * `PrometheusFormatError` and nothing else.
 */
export function* parsingPrometheus(
  text: string,
  limits: ParseLimits = defaultParseLimits,
): Steps<ReadonlyMap<string, Family>> {
  refuseForeign(text, limits);
  const page = new Page();
  let line = 0;
  for (let start = 0; start < text.length;) {
    line += 1;
    const end = text.indexOf('\n', start);
    if (end === -1) fail('cut_off', line, 'the page ends inside a line');
    if (end - start > limits.maxLineLength)
      fail('too_large', line, `expected at most ${limits.maxLineLength} characters in a line, got ${end - start}`);
    readInto(page, text.slice(start, text.charAt(end - 1) === '\r' ? end - 1 : end), line);
    if (page.sampleCount > limits.maxSamples)
      fail('too_large', line, `expected at most ${limits.maxSamples} samples in a page`);
    start = end + 1;
    if (line % linesAtOnce === 0) yield;
  }
  if (page.sampleCount === 0) fail('empty', line, 'the page holds no sample');
  const families = page.families();
  if (yield* lookForOpenHistogram(families))
    fail('cut_off', line, 'a histogram of the page has no `+Inf` bucket or no count');
  return families;
}

function refuseForeign(text: string, { maxLength }: ParseLimits): void {
  if (text.length > maxLength)
    fail('too_large', 1, `expected at most ${maxLength} characters in a page, got ${text.length}`);
  const head = text.slice(0, 1_000).trimStart();
  if (head === '' && text.trim() === '') fail('empty', 1, 'the page is empty');
  if (/^<(?:!doctype|html|head|body|\?xml)/i.test(head)) fail('html', 1, 'expected metrics, got a web page');
}

function readInto(page: Page, text: string, line: number): void {
  try {
    page.add(text);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    throw new PrometheusFormatError({ problem: 'syntax', line, column: error.column, detail: error.message });
  }
}

function fail(problem: FormatProblem, line: number, detail: string): never {
  throw new PrometheusFormatError({ problem, line, detail });
}

/**
 * Whether a series of buckets lacks its last one or its count, which every client library writes after them: the page was
 * cut there. That a name ends in `_bucket` and has `le` makes it one, since a page may declare no types.
 */
function* lookForOpenHistogram(families: ReadonlyMap<string, Family>): Steps<boolean> {
  const open = new Set<string>();
  const closed = new Set<string>();
  const counted = new Set<string>();
  for (const { samples } of families.values()) {
    if (samples.length > 100) yield;
    for (const { name, labels } of samples) {
      if (name.endsWith('_count') || name.endsWith('_gcount')) counted.add(seriesText(name, labels));
      else if (labels['le'] !== undefined && name.endsWith('_bucket')) {
        const isLast = parseValue(labels['le']) === Infinity;
        (isLast ? closed : open).add(seriesText(name.slice(0, -'_bucket'.length), labels));
      }
    }
  }
  yield;
  for (const series of open) if (!closed.has(series)) return true;
  const isCounted = (series: string) => {
    const at = series.indexOf('\0');
    return ['_count', '_gcount'].some((suffix) => counted.has(`${series.slice(0, at)}${suffix}${series.slice(at)}`));
  };
  for (const series of closed) if (!isCounted(series)) return true;
  return false;
}

/** The same for the same name and labels, `le` apart, as long as their order is: a client writes all of a family in one. */
function seriesText(name: string, labels: Readonly<Record<string, string>>): string {
  let text = `${name}\0`;
  for (const label in labels) if (label !== 'le') text += `${label}\0${labels[label] ?? ''}\0`;
  return text;
}

/** Which samples belong to a family, beside those of its own name. */
const suffixes: Partial<Record<MetricType, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  summary: ['_sum', '_count', '_created'],
  counter: ['_total', '_created'],
  info: ['_info'],
};

/** Families as they gather, line by line. */
class Page {
  readonly #types = new Map<string, MetricType>();
  readonly #helps = new Map<string, string>();
  readonly #samples = new Map<string, Sample[]>();
  #ended = false;
  sampleCount = 0;

  add(text: string): void {
    const line = parseLine(text);
    if (line.kind === 'nothing') return;
    if (this.#ended) throw new LineError('expected nothing after `# EOF`');
    if (line.kind === 'end') this.#ended = true;
    else if (line.kind === 'help') this.#helps.set(line.name, line.help);
    else if (line.kind === 'type') this.#setType(line.name, line.type);
    else this.#addSample(line.sample);
  }

  families(): ReadonlyMap<string, Family> {
    const families = new Map<string, Family>();
    for (const [name, samples] of this.#samples) {
      const help = this.#helps.get(name);
      const type = this.#types.get(name) ?? 'untyped';
      families.set(name, { name, type, ...(help === undefined ? {} : { help }), samples });
    }
    return families;
  }

  #setType(name: string, type: MetricType): void {
    const before = this.#types.get(name);
    if (before !== undefined && before !== type)
      throw new LineError(`a metric is declared ${type} and, before, ${before}`);
    this.#types.set(name, type);
  }

  #addSample(sample: Sample): void {
    this.sampleCount += 1;
    const family = this.#familyOf(sample.name);
    const samples = this.#samples.get(family);
    if (samples === undefined) this.#samples.set(family, [sample]);
    else samples.push(sample);
  }

  #familyOf(name: string): string {
    if (this.#types.has(name)) return name;
    const base = name.slice(0, Math.max(0, name.lastIndexOf('_')));
    const type = this.#types.get(base);
    if (type === undefined) return name;
    return suffixes[type]?.includes(name.slice(base.length)) === true ? base : name;
  }
}
