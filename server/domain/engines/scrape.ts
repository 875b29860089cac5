/** One reading of an engine's metrics page: what it said and when, and the questions snapshots ask of it. */
import { ProblemError } from '../problem.ts';
import { excerpt } from './prometheus-format-error.ts';
import type { Sample } from './prometheus-line.ts';
import { defaultParseLimits, parsePrometheus, type Family, type ParseLimits } from './prometheus-parse.ts';
import { definitions } from './definitions.ts';
import { engines, type CounterSource, type Engine, type Names } from './engine.ts';

export interface Scrape {
  /** When the page was asked for, in milliseconds since 1970. */
  readonly takenAtMs: number;
  readonly families: ReadonlyMap<string, Family>;
  /** The same samples by their own name: `x_bucket` and `x_sum` apart. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Reads a page. Throws `PrometheusFormatError`. */
export function readScrape(text: string, takenAtMs: number, limits: ParseLimits = defaultParseLimits): Scrape {
  const families = parsePrometheus(text, limits);
  const samples = new Map<string, Sample[]>();
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

/** Throws `WrongEngineError` unless the page carries metrics of `engine`. */
export function assertEngine(scrape: Scrape, engine: Engine): void {
  if (countPrefixed(scrape, definitions[engine].prefix) > 0) return;
  const found = engineOf(scrape);
  const prefix = found === undefined ? '' : definitions[found].prefix;
  const example = excerpt([...scrape.families.keys()].find((name) => name.startsWith(prefix)) ?? '');
  const expected = `the metrics of ${engine} (\`${definitions[engine].prefix}…\`)`;
  const came = `those of ${found ?? 'no engine that is known here'}, such as ${example}`;
  throw new WrongEngineError('wrong-engine', `expected ${expected}, got ${came}`);
}

function countPrefixed({ families }: Scrape, prefix: string): number {
  let count = 0;
  for (const name of families.keys()) if (name.startsWith(prefix)) count += 1;
  return count;
}

/** The first of the names that the page has. */
export function presentName({ samples }: Scrape, names: Names): string | undefined {
  return names.find((name) => samples.has(name));
}

/**
 * Finite values of a metric by series; absent when the page has none. One series given twice counts once: the later wins.
 */
export function seriesOf(scrape: Scrape, source: CounterSource): ReadonlyMap<string, number> | undefined {
  const { names, where, bornBeside } = source;
  const series = new Map<string, number>();
  for (const { labels, value } of scrape.samples.get(presentName(scrape, names) ?? '') ?? []) {
    if (where !== undefined && !where.values.includes(labels[where.label] ?? '')) continue;
    if (Number.isFinite(value)) series.set(seriesKey(labels), value);
  }
  if (series.size > 0) return series;
  const unborn = bornBeside !== undefined && presentName(scrape, bornBeside) !== undefined;
  return unborn ? series : undefined;
}

/** The same text for the same labels in any order. */
export function seriesKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Adds up the series of a metric. */
export function total(series: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const value of series.values()) sum += value;
  return sum;
}
