/** That the sequences are what they say: pages that can be read, counts that only grow, and labels as declared. */
import { expect } from '@playwright/test';
import { engineOf, readScrape, type Scrape } from '../../domain/engines/scrape.ts';
import { test } from '../plain-test.ts';
import type { EngineState } from './engine-state.ts';
import type { Sequence } from './sequence.ts';
import { dresses } from './dress.ts';
import { engineOfLayout } from './layouts.ts';
import { courseOf, pageOf } from './replay-sequence.ts';
import { sglangLayouts } from './sglang-pages.ts';
import { sequences } from './sequences/all.ts';
import { tgiLayouts } from './tgi-pages.ts';
import { vllmLayouts } from './vllm-pages.ts';

const small = sequences.filter(({ large }) => large !== true);

const scrapeOf = (sequence: Sequence, state: EngineState) => readScrape(pageOf(sequence, state), state.atMs);

/** The first and the last; `npm run replay` reads them all. */
function someOf<One>(all: readonly One[]): One[] {
  return [0, all.length - 1].flatMap((at) => all[at] ?? []);
}

for (const sequence of small) {
  test(`${sequence.name}: its pages are read, and its counts only grow`, () => {
    const course = courseOf(sequence);
    expect(course).toHaveLength(sequence.steps.length + 1);
    const beginning = sequence.steps.findLastIndex(({ restarted }) => restarted === true) + 1;
    const scrapes = someOf(course.slice(beginning)).map((state) => scrapeOf(sequence, state));
    expect(scrapes.map(engineOf)).toEqual(scrapes.map(() => engineOfLayout(sequence.layout)));
    const fell = scrapes.slice(1).flatMap((scrape, at) => fallen(scrapes[at], scrape));
    expect(fell).toEqual([]);
  });
}

test('a restart that is declared is one: its counts fall, and the process is another', () => {
  const restarts = small.flatMap((sequence) => {
    const at = sequence.steps.findIndex(({ restarted }) => restarted === true);
    return at === -1 ? [] : [{ sequence, at }];
  });
  expect(restarts.length).toBeGreaterThan(0);
  for (const { sequence, at } of restarts) {
    const [before, after] = courseOf(sequence).slice(at, at + 2).map((state) => scrapeOf(sequence, state)); // prettier-ignore
    if (before === undefined || after === undefined) throw new Error(`${sequence.name} ends with its restart`);
    expect(fallen(before, after)).not.toEqual([]);
    const started = 'process_start_time_seconds';
    expect(after.samples.get(started)).not.toEqual(before.samples.get(started));
  }
});

/** Every count of a page that is smaller than on the page before, or gone. */
function fallen(before: Scrape | undefined, after: Scrape): string[] {
  const now = countsOf(after);
  return [...(before === undefined ? [] : countsOf(before))].flatMap(([series, value]) => {
    const later = now.get(series);
    return later !== undefined && later >= value - 1e-6 * Math.abs(value) ? [] : [`${series}: ${value} → ${later ?? 'gone'}`];
  }); // prettier-ignore
}

function countsOf({ samples }: Scrape): Map<string, number> {
  const counted = /_(?:total|bucket|count|sum|success|failure)$/;
  return new Map(
    [...samples]
      .filter(([name]) => counted.test(name))
      .flatMap(([name, all]) => all.map(({ labels, value }) => [`${name} ${JSON.stringify(labels)}`, value] as const)),
  );
}

for (const sequence of small.filter(({ series }) => series !== undefined)) {
  test(`${sequence.name}: each of its series is on every page`, () => {
    for (const state of someOf(courseOf(sequence))) {
      const scrape = scrapeOf(sequence, state);
      const running =
        scrape.samples.get('vllm:num_requests_running') ?? scrape.samples.get('sglang:num_running_reqs') ?? [];
      expect(running.map(({ labels }) => labels)).toEqual(
        sequence.series?.map((labels) => expect.objectContaining(labels)),
      );
    }
  });
}

test('a name is given once, a source is a public address or none, and what it tells is in words', () => {
  expect(new Set(sequences.map(({ name }) => name)).size).toBe(sequences.length);
  for (const { source, version } of sequences) {
    if (source.url !== null)
      expect(source.url).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/\d+$/);
    for (const words of [source.said, source.filledIn, version]) expect(words.length).toBeGreaterThan(4);
  }
});

test('a rule is wanted once: as an alarm, as a hint, or not at all', () => {
  for (const { name, expect: wanted } of sequences) {
    const all = [...wanted.alarms, ...(wanted.hints ?? [])].flatMap((rules) => rules);
    expect({ name, all: [...new Set(all)] }).toEqual({ name, all });
  }
});

test('there are at least 20 troubles and 8 that are well, in every layout and dress', () => {
  const well = sequences.filter(({ expect: { alarms, hints = [] } }) => alarms.length + hints.length === 0);
  const troubles = sequences.filter(({ expect: { alarms } }) => alarms.length > 0);
  expect(troubles.filter(({ source: { url } }) => url !== null).length).toBeGreaterThanOrEqual(20);
  expect(well.length).toBeGreaterThanOrEqual(8);
  const shown = new Set<string>(sequences.map(({ layout }) => layout));
  expect([...vllmLayouts, ...sglangLayouts, ...tgiLayouts].filter((layout) => !shown.has(layout))).toEqual([]);
  const worn = new Set<string>(sequences.map(({ dress = 'plain' }) => dress));
  expect(dresses.filter((dress) => !worn.has(dress))).toEqual([]);
});
