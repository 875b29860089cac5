/** One reading of an engine's metrics page: what it said and when, and the questions snapshots ask of it. */
import { ProblemError } from '../problem.ts';
import type { Sample } from './prometheus-line.ts';
import { parsingPrometheus, type Family } from './prometheus-parse.ts';
import { definitions } from './definitions.ts';
import { engines, type Condition, type Engine, type Names, type Source } from './engine.ts';
import { finish, type Steps } from './steps.ts';

export interface Scrape {
  /** When the page was asked for, in milliseconds since 1970. */
  readonly takenAtMs: number;
  readonly families: ReadonlyMap<string, Family>;
  /** The same samples by their own name: `x_bucket` and `x_sum` apart. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Reads a page. Throws `PrometheusFormatError`. */
export function readScrape(text: string, takenAtMs: number): Scrape {
  return finish(readingScrape(text, takenAtMs));
}

/** The same in steps of some milliseconds, so that a page of 8 MiB does not keep others waiting for all of it. */
export function* readingScrape(text: string, takenAtMs: number): Steps<Scrape> {
  const families = yield* parsingPrometheus(text);
  const samples = new Map<string, Sample[]>();
  yield;
  for (const family of families.values()) {
    for (const sample of family.samples) {
      const named = samples.get(sample.name);
      if (named === undefined) samples.set(sample.name, [sample]);
      else named.push(sample);
    }
  }
  return { takenAtMs, families, samples };
}

/** The page is well-formed but not of the engine asked for. */
export class WrongEngineError extends ProblemError {
  override readonly name = 'WrongEngineError';
}

/** The engine whose prefix most of the page's families carry; absent if no engine's do. */
export function engineOf(scrape: Scrape): Engine | undefined {
  const counted = engines.map((engine) => ({ engine, count: countPrefixed(scrape, definitions[engine].prefix) }));
  const most = counted.reduce((best, next) => (next.count > best.count ? next : best));
  return most.count === 0 ? undefined : most.engine;
}

/** Throws `WrongEngineError` unless the page carries metrics of `engine`. The page's own words are not repeated. */
export function assertEngine(scrape: Scrape, engine: Engine): void {
  if (countPrefixed(scrape, definitions[engine].prefix) > 0) return;
  const expected = `the metrics of ${engine} (\`${definitions[engine].prefix}…\`)`;
  const came = `those of ${engineOf(scrape) ?? 'no engine that is known here'}`;
  throw new WrongEngineError('wrong-engine', `expected ${expected}, got ${came}`);
}

function countPrefixed({ families }: Scrape, prefix: string): number {
  let count = 0;
  for (const name of families.keys()) if (name.startsWith(prefix)) count += 1;
  return count;
}

/** The first of the names that the page has. */
export function presentName({ samples }: Scrape, names: Names, suffix = ''): string | undefined {
  return names.find(({ name }) => samples.has(`${name}${suffix}`))?.name;
}

/** One series of a metric. Of the series of one group, which are views of one thing, the highest counts. */
export interface Point {
  readonly group: string;
  readonly value: number;
}
export type Series = ReadonlyMap<string, Point>;

/** No engine gets there, and sums of all series of a page stay finite. */
const beyondCounting = 1e300;

/** Whether a value can be a count or a level: `NaN`, `+Inf` and what is below 0 tell nothing. */
export function isUsable(value: number): boolean {
  return value >= 0 && value < beyondCounting;
}

/**
 * Usable values of a metric by series; absent when the page has none. One series given twice counts once: the later wins.
 */
export function seriesOf(scrape: Scrape, source: Source): Series | undefined {
  const read = samplesOf(scrape, source);
  const series = new Map<string, Point>();
  for (const { labels, value } of read) {
    if (!isUsable(value)) continue;
    const key = seriesKey(labels);
    series.set(key, { group: source.views === undefined ? key : seriesKey(labels, source.views), value });
  }
  if (series.size > 0) return series;
  return read.length === 0 && isUnborn(scrape, source) ? series : undefined;
}

/** The series of a metric whose values are not usable: they have counted, and nobody knows how far. */
export function unusableSeries(scrape: Scrape, source: Source): ReadonlySet<string> {
  const unusable = samplesOf(scrape, source).filter(({ value }) => !isUsable(value));
  return new Set(unusable.map(({ labels }) => seriesKey(labels)));
}

function samplesOf(scrape: Scrape, source: Source): readonly Sample[] {
  const name = presentName(scrape, source.names);
  return name === undefined ? [] : readSamples(scrape.samples.get(name) ?? [], source);
}

/** Whether the page would have the metric if there were anything to say in it. */
export function isUnborn({ samples }: Scrape, { bornBeside = [] }: Source): boolean {
  return bornBeside.some((name) => samples.has(name));
}

/** The samples that a source reads: those of its conditions, and a total without its parts. */
export function readSamples(samples: readonly Sample[], { where = [], totalUnder }: Source): readonly Sample[] {
  const taken = where.length === 0 ? samples : samples.filter(({ labels }) => where.every((one) => holds(one, labels)));
  if (totalUnder === undefined) return taken;
  const totals = taken.filter(({ labels }) => (labels[totalUnder] ?? '') === '');
  return totals.length === 0 ? taken : totals;
}

function holds(condition: Condition, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[condition.label] ?? '';
  return 'values' in condition ? condition.values.includes(value) : !condition.except.includes(value);
}

/** The same text for the same labels in any order; those of `without` do not matter, nor do empty ones. */
export function seriesKey(labels: Readonly<Record<string, string>>, without: readonly string[] = noLabels): string {
  let key = '';
  let last = '';
  for (const label in labels) {
    if (label < last) return seriesKey(sorted(labels), without);
    last = label;
    const value = labels[label] ?? '';
    // With its length, a value can't look like the labels after it.
    if (value !== '' && !without.includes(label)) key += `${label}=${value.length}:${value},`;
  }
  return key;
}

const noLabels: readonly string[] = [];

function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Adds up the series of a metric, views of one thing once. */
export function total(series: Series): number {
  const groups = new Map<string, number>();
  for (const { group, value } of series.values()) groups.set(group, Math.max(value, groups.get(group) ?? -Infinity));
  let sum = 0;
  for (const value of groups.values()) sum += value;
  return sum;
}
