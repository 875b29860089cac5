/** Turns the `_bucket`, `_sum` and `_count` series of two scrapes into the distribution of what came in between. */
import { distributionOf, type Distribution } from './distribution.ts';
import type { Names } from './engine.ts';
import { increase, increaseBySeries } from './increase.ts';
import { parseValue, type Sample } from './prometheus-line.ts';
import { seriesKey, seriesOf, type Scrape } from './scrape.ts';

/** The first of the names under which the page has a histogram. */
export function presentHistogram({ samples }: Scrape, names: Names): string | undefined {
  return names.find((name) => samples.has(`${name}_bucket`));
}

/** Absent when the page has no such histogram, `reset` when its counts fell. */
export function distributionBetween(
  { previous, current }: { previous: Scrape; current: Scrape },
  names: Names,
): Distribution | 'reset' | undefined {
  const name = presentHistogram(current, names);
  if (name === undefined) return undefined;
  const [before, after] = [previous, current].map(({ samples }) => bucketSeries(samples.get(`${name}_bucket`)));
  const grown = increaseBySeries(before?.counts, after?.counts ?? new Map());
  if (grown === 'reset') return 'reset';
  const sum = grownSum({ previous, current }, `${name}_sum`);
  return sum === 'reset' ? 'reset' : distributionOf({ ...perBucket(grown, after?.bounds ?? new Map()), sum });
}

function grownSum({ previous, current }: { previous: Scrape; current: Scrape }, name: string): number | 'reset' | null {
  const after = seriesOf(current, { names: [name] });
  return after === undefined ? null : increase(seriesOf(previous, { names: [name] }), after);
}

/** Cumulative counts by series, and which bound (`le`) each series stands for. */
function bucketSeries(samples: readonly Sample[] = []): { counts: Map<string, number>; bounds: Map<string, number> } {
  const counts = new Map<string, number>();
  const bounds = new Map<string, number>();
  for (const { labels, value } of samples) {
    const bound = parseValue(labels['le'] ?? '');
    if (bound === undefined || Number.isNaN(bound) || !Number.isFinite(value)) continue;
    const key = seriesKey(labels);
    counts.set(key, value);
    bounds.set(key, bound);
  }
  return { counts, bounds };
}

/** Adds the series up by bound and takes each bucket's own share. Counts that fall from bound to bound count as level. */
function perBucket(
  grown: ReadonlyMap<string, number>,
  boundOf: ReadonlyMap<string, number>,
): { bounds: number[]; counts: number[] } {
  const cumulative = new Map<number, number>();
  for (const [key, growth] of grown) {
    const bound = boundOf.get(key) ?? Infinity;
    cumulative.set(bound, (cumulative.get(bound) ?? 0) + growth);
  }
  const ascending = [...cumulative].sort(([a], [b]) => a - b);
  const counts: number[] = [];
  let below = 0;
  for (const [, upTo] of ascending) {
    counts.push(Math.max(0, upTo - below));
    below = Math.max(below, upTo);
  }
  const bounds = ascending.map(([bound]) => bound).filter((bound) => bound !== Infinity);
  if (counts.length === bounds.length) counts.push(0);
  return { bounds, counts };
}
