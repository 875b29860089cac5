/** What the agent would have collected of a fake engine, for a history that nobody has to wait for. */
import type { Engine } from '../domain/engines/engine.ts';
import { readScrape, type Scrape } from '../domain/engines/scrape.ts';
import { snapshotFrom } from '../domain/engines/snapshot-from.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import { FakeEngine } from './engine.ts';
import type { ScenarioName } from './scenarios.ts';

interface Played {
  readonly engine: Engine;
  readonly scenario: ScenarioName;
  readonly count: number;
  /** Between two scrapes. */
  readonly everyMs: number;
  /** When the last one is taken. */
  readonly nowMs: number;
}

/** A baseline and so many snapshots after it; the same is played for the same. */
export function* playedSnapshots({ engine, scenario, count, everyMs, nowMs }: Played): Generator<Snapshot> {
  let atMs = nowMs - count * everyMs;
  const fake = new FakeEngine({ engine, scenario, seed: 1, model: 'm', speed: 1, warmUpS: 60, nowMs: () => atMs });
  let previous: Scrape | undefined;
  for (; atMs <= nowMs; atMs += everyMs) {
    const current = readScrape(fake.page(), atMs);
    yield snapshotFrom({ engine, previous, current });
    previous = current;
  }
}
