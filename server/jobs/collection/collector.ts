/**
 * Gets the numbers of an instance: bounded in how many pages are fetched at a time, and one page for all who ask for the
 * same instance at the same moment, so that a crowd of clients is not a crowd for the engine.
 */
import { setImmediate as others } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.ts';
import { readingScrape, type Scrape } from '../../domain/engines/scrape.ts';
import { assertEngine } from '../../domain/engines/scrape.ts';
import type { Snapshot } from '../../domain/engines/snapshot.ts';
import { takingSnapshot } from '../../domain/engines/snapshot-from.ts';
import type { Steps } from '../../domain/engines/steps.ts';
import type { Instance } from '../../domain/instance.ts';
import type { SnapshotStore } from '../../store/snapshots.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { fetchPage } from './fetch-page.ts';
import type { WorkPool } from './work-pool.ts';

/** Two pages closer together than this say too little about rates: the earlier one stays what is compared with. */
const shortestIntervalMs = 1_000;

interface CollectorParts {
  readonly allowed: AllowedHosts;
  readonly pool: WorkPool;
  readonly clock: Clock;
  readonly snapshots: SnapshotStore;
  /** Told how each fetch ended and how long it took. */
  readonly onScrape: (engine: string, outcome: string, tookMs: number) => void;
}

interface Baseline {
  readonly of: string;
  readonly scrape: Scrape;
}

/** Registered anew, the same instance may be another engine elsewhere, whose page has nothing to do with the one before. */
const registrationOf = ({ id, engine, metricsUrl }: Instance): string => `${id} ${engine} ${metricsUrl}`;

export class Collector {
  readonly #parts: CollectorParts;
  readonly #baselines = new Map<string, Baseline>();
  readonly #underWay = new Map<string, Promise<Snapshot>>();

  constructor(parts: CollectorParts) {
    this.#parts = parts;
  }

  /**
   * A new snapshot, compared with the last page, and stored when it closes an interval of the history. Who asks while one
   * is being made gets the same one; its timeout is then the first asker's.
   *
   * @throws `FetchError`, `PrometheusFormatError`, `WrongEngineError`, and `ProblemError` `busy`
   */
  collect(instance: Instance, timeoutMs: number): Promise<Snapshot> {
    const key = registrationOf(instance);
    const running = this.#underWay.get(key);
    if (running !== undefined) return running;
    const collected = this.#collect(instance, timeoutMs).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, collected);
    return collected;
  }

  /** One page, read and known to be of the right engine. @throws as {@link collect} */
  async scrape(instance: Instance, timeoutMs: number, signal?: AbortSignal): Promise<Scrape> {
    const { allowed, pool, clock, onScrape } = this.#parts;
    const read = async () => {
      const beganAt = performance.now();
      let outcome = 'ok';
      try {
        const takenAtMs = clock.nowMs();
        const page = await fetchPage({ url: new URL(instance.metricsUrl), allowed, timeoutMs, signal });
        const scrape = await patiently(readingScrape(page, takenAtMs));
        assertEngine(scrape, instance.engine);
        return scrape;
      } catch (error) {
        outcome = error instanceof Error ? error.name : 'unknown';
        throw error;
      } finally {
        onScrape(instance.engine, outcome, performance.now() - beganAt);
      }
    };
    return pool.run(read, { waitMs: timeoutMs, signal }); // who waits longer for a place than for an answer is told to come back
  }

  /** Of which instances a page is kept, and which. */
  get remembered(): ReadonlyMap<string, Baseline> {
    return this.#baselines;
  }

  /**
   * The instance is no longer registered, or elsewhere: what was read before says nothing any more.
   *
   * @param known Only this page; another one came since, of who was registered anew.
   */
  forget(instanceId: string, known?: Baseline): void {
    if (known === undefined || this.#baselines.get(instanceId) === known) this.#baselines.delete(instanceId);
  }

  async #collect(instance: Instance, timeoutMs: number): Promise<Snapshot> {
    const scrape = await this.scrape(instance, timeoutMs);
    const before = this.#baselines.get(instance.id);
    const registration = registrationOf(instance);
    const previous = before?.of === registration ? before.scrape : undefined;
    const snapshot = await patiently(takingSnapshot({ engine: instance.engine, previous, current: scrape }));
    const closesInterval = previous === undefined || scrape.takenAtMs - previous.takenAtMs >= shortestIntervalMs;
    if (closesInterval || snapshot.baseline !== null) {
      this.#baselines.set(instance.id, { of: registration, scrape });
      await this.#parts.snapshots.insert(instance.id, snapshot);
    }
    return snapshot;
  }
}

/** Lets others have the event loop between two steps. */
async function patiently<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await others();
  }
}
