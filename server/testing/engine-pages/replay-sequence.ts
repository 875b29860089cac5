/** Sends a sequence the whole way that an engine's page goes: printed, read, made into snapshots, analysed. */
import { analyse, type Analysis } from '../../domain/analysis/analyse.ts';
import { readScrape, type Scrape } from '../../domain/engines/scrape.ts';
import type { Snapshot } from '../../domain/engines/snapshot.ts';
import { snapshotFrom } from '../../domain/engines/snapshot-from.ts';
import { dressed } from './dress.ts';
import { statesOf, type EngineState } from './engine-state.ts';
import { engineOfLayout, familiesOf, numberOf } from './layouts.ts';
import type { Sequence } from './sequence.ts';

const fromMs = Date.UTC(2026, 0, 1, 12);

/** The engine's state at each page: at the first, and after each step. */
export function courseOf({ series = [{}], steps, isNew }: Sequence): EngineState[] {
  return [...statesOf({ series, steps, fromMs, isNew: isNew === true })];
}

/** The text of the page that shows this state. */
export function pageOf({ layout, dress = 'plain' }: Sequence, state: EngineState): string {
  const { atMs, startedMs } = state;
  return dressed(dress, { families: familiesOf(layout, state), number: numberOf(layout), startedMs, atMs });
}

export interface Replayed {
  readonly snapshots: readonly Snapshot[];
  readonly analysis: Analysis;
}

/** As the collector does it: each page compared with the one before, all of them judged at the last one. */
export function replay(sequence: Sequence): Replayed {
  const engine = engineOfLayout(sequence.layout);
  const snapshots: Snapshot[] = [];
  let previous: Scrape | undefined;
  let nowMs = fromMs;
  for (const state of courseOf(sequence)) {
    nowMs = state.atMs;
    const current = readScrape(pageOf(sequence, state), nowMs);
    snapshots.push(snapshotFrom({ engine, previous, current }));
    previous = current;
  }
  const { slos } = sequence;
  return { snapshots, analysis: analyse({ engine, snapshots, nowMs, ...(slos === undefined ? {} : { slos }) }) };
}
