/** Turns the `_bucket`, `_sum` and `_count` series of two scrapes into the distribution of what came in between. */
import { distributionOf, type Distribution } from './distribution.ts';
import type { Source } from './engine.ts';
import { increase, increaseBySeries, isInDoubt, type Pages } from './increase.ts';
import { parseValue, type Sample } from './prometheus-line.ts';
import { isUsable, presentName, readSamples, seriesKey, type Point, type Scrape, type Series } from './scrape.ts';
import type { Steps } from './steps.ts';

/** Whether the page has such a histogram, in a series that the source reads. */
export function hasHistogram(scrape: Scrape, source: Source): boolean {
  return bucketSamples(scrape, source).some((sample) => boundOf(sample) !== undefined);
}

/** So many buckets are read in one go: some milliseconds. */
const bucketsAtOnce = 1_000;

/** Absent when the page has no such histogram or it is in doubt, `reset` when its counts fell. In steps: it may be all of a page. */
export function* distributionBetween(pages: Pages, source: Source): Steps<Distribution | 'reset' | undefined> {
  const { previous, current } = pages;
  const after = yield* bucketSeries(current, source);
  if (after.counts.size === 0) return undefined;
  const name = presentName(current, source.names, '_bucket');
  const read = { ...source, names: source.names.filter((one) => one.name === name) };
  const ending = (suffix: string) => ({
    ...read,
    names: read.names.map((one) => ({ ...one, name: `${one.name}${suffix}` })),
  });
  const before = (yield* bucketSeries(previous, read)).counts;
  yield;
  if (isInDoubt(pages, ending('_bucket'), before, after.counts)) return undefined;
  const grown = increaseBySeries(before, after.counts);
  if (grown === 'reset') return 'reset';
  yield;
  const sum = increase(pages, ending('_sum'));
  return sum === 'reset' ? 'reset' : distributionOf({ ...perBucket(grown, after.bounds), sum: sum ?? null });
}

/** Cumulative counts by series, and which bound (`le`) each series stands for. */
function* bucketSeries(scrape: Scrape, source: Source): Steps<{ counts: Series; bounds: ReadonlyMap<string, number> }> {
  const counts = new Map<string, Point>();
  const bounds = new Map<string, number>();
  for (const [at, sample] of bucketSamples(scrape, source).entries()) {
    if (at % bucketsAtOnce === bucketsAtOnce - 1) yield;
    const bound = boundOf(sample);
    if (bound === undefined) continue;
    const { labels, value } = sample;
    const key = seriesKey(labels);
    counts.set(key, { group: source.views === undefined ? key : seriesKey(labels, source.views), value });
    bounds.set(key, bound);
  }
  return { counts, bounds };
}

function bucketSamples(scrape: Scrape, source: Source): readonly Sample[] {
  const name = presentName(scrape, source.names, '_bucket');
  return name === undefined ? [] : readSamples(scrape.samples.get(`${name}_bucket`) ?? [], source);
}

/** Absent where the sample counts nothing, or up to no bound. */
function boundOf({ labels, value }: Sample): number | undefined {
  const bound = isUsable(value) ? parseValue(labels['le'] ?? '') : undefined;
  return Number.isNaN(bound) ? undefined : bound;
}

/** Adds the series up by bound and takes each bucket's own share. Counts that fall from bound to bound count as level. */
function perBucket(grown: Series, boundBySeries: ReadonlyMap<string, number>): { bounds: number[]; counts: number[] } {
  const groups = new Map<string, { bound: number; growth: number }>();
  for (const [key, { group, value }] of grown) {
    const growth = Math.max(value, groups.get(group)?.growth ?? 0); // views of one thing: the one that saw most of it
    groups.set(group, { bound: boundBySeries.get(key) ?? Infinity, growth });
  }
  const cumulative = new Map<number, number>();
  for (const { bound, growth } of groups.values()) cumulative.set(bound, (cumulative.get(bound) ?? 0) + growth);
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
