/**
 * How much counters grew between two scrapes. Prometheus guesses at what a counter did around a restart; here a restart
 * makes the later scrape a new baseline, since half an interval of a cold engine says little about either.
 */
import { named, type Names, type Source } from './engine.ts';
import { presentName, seriesOf, total, unusableSeries, type Point, type Scrape, type Series } from './scrape.ts';

/** The growth of each series; `reset` when one fell or vanished. A series that is new has grown from 0. */
export function increaseBySeries(previous: Series | undefined, current: Series): Series | 'reset' {
  const grown = new Map<string, Point>();
  for (const [key, { group, value }] of current) {
    const growth = value - (previous?.get(key)?.value ?? 0);
    if (growth < 0) return 'reset';
    grown.set(key, { group, value: growth });
  }
  for (const key of previous?.keys() ?? []) if (!current.has(key)) return 'reset';
  return grown;
}

/**
 * Whether a series was a number on one page alone: from `NaN` to 500 nothing tells the growth, and it is no restart either.
 */
export function isInDoubt({ previous, current }: Pages, source: Source, before: Series | undefined, after: Series) {
  for (const key of unusableSeries(previous, source)) if (after.has(key)) return true;
  if (before !== undefined) for (const key of unusableSeries(current, source)) if (before.has(key)) return true;
  return false;
}

/**
 * The growth of a metric over all its series; absent when the later page has none, or it is in doubt. Both pages are read under the name that
 * the later one has: under another name it would be another metric.
 */
export function increase(pages: Pages, source: Source): number | 'reset' | undefined {
  const { previous, current } = pages;
  const after = seriesOf(current, source);
  if (after === undefined) return undefined;
  const name = presentName(current, source.names);
  const read = { ...source, names: source.names.filter((one) => one.name === name) };
  const before = seriesOf(previous, read);
  if (isInDoubt(pages, read, before, after)) return undefined;
  const grown = increaseBySeries(before, after);
  return grown === 'reset' ? 'reset' : total(grown);
}

/** Two pages of one engine, one after the other. */
export interface Pages {
  readonly previous: Scrape;
  readonly current: Scrape;
}

/** Client libraries export when the process started; some have no other sign that counters began anew. */
const startedNames: Names = [named('process_start_time_seconds', '')];

/** Whether the process behind the page is another one, though its counters may already have passed the old ones. */
export function restarted(previous: Scrape, current: Scrape): boolean {
  const [before, after] = [previous, current].map((scrape) => startedAt(scrape));
  return before !== undefined && after !== undefined && before !== after;
}

function startedAt(scrape: Scrape): number | undefined {
  const series = seriesOf(scrape, { names: startedNames });
  return series === undefined ? undefined : total(series);
}
