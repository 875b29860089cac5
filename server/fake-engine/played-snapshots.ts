/** What the agent would have collected of a fake engine in trouble, for a history that nobody has to wait for. */
import { readScrape, type Scrape } from '../domain/engines/scrape.ts';
import { snapshotFrom } from '../domain/engines/snapshot-from.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import { FakeEngine } from './engine.ts';

/** Between two scrapes. A thousand of them lie within the longest window of an analysis. */
const everyMs = 3_000;

/** So many snapshots, the last one now; the same count plays the same. */
export function* playedSnapshots(count: number, nowMs: number): Generator<Snapshot> {
  let atMs = nowMs - count * everyMs;
  const engine = new FakeEngine({
    engine: 'vllm',
    scenario: 'kv_exhaustion',
    seed: 1,
    model: 'seeded',
    speed: 1,
    warmUpS: 60,
    nowMs: () => atMs,
  });
  let previous: Scrape = readScrape(engine.page(), atMs);
  for (let n = 0; n < count; n++) {
    atMs += everyMs;
    const current = readScrape(engine.page(), atMs);
    yield snapshotFrom({ engine: 'vllm', previous, current });
    previous = current;
  }
}
