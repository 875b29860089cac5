/**
 * How much counters grew between two scrapes. Prometheus guesses at what a counter did around a restart; here a restart
 * makes the later scrape a new baseline, since half an interval of a cold engine says little about either.
 */
import type { Names } from './engine.ts';
import { presentName, seriesOf, total, type Scrape } from './scrape.ts';

type Series = ReadonlyMap<string, number>;

/** The growth of each series; `reset` when one fell or vanished. A series that is new has grown from 0. */
export function increaseBySeries(previous: Series | undefined, current: Series): Series | 'reset' {
  const grown = new Map<string, number>();
  for (const [key, value] of current) {
    const growth = value - (previous?.get(key) ?? 0);
    if (growth < 0) return 'reset';
    grown.set(key, growth);
  }
  for (const key of previous?.keys() ?? []) if (!current.has(key)) return 'reset';
  return grown;
}

/** The growth of a metric over all its series. */
export function increase(previous: Series | undefined, current: Series): number | 'reset' {
  const grown = increaseBySeries(previous, current);
  return grown === 'reset' ? 'reset' : total(grown);
}

/** Client libraries export when the process started; some have no other sign that counters began anew. */
const startedNames: Names = ['process_start_time_seconds'];

/** Whether the process behind the page is another one, though its counters may already have passed the old ones. */
export function restarted(previous: Scrape, current: Scrape): boolean {
  const [before, after] = [previous, current].map((scrape) => startedAt(scrape));
  return before !== undefined && after !== undefined && before !== after;
}

function startedAt(scrape: Scrape): number | undefined {
  if (presentName(scrape, startedNames) === undefined) return undefined;
  const series = seriesOf(scrape, { names: startedNames });
  return series === undefined ? undefined : total(series);
}
