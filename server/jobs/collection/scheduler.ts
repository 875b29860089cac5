/**
 * Scrapes every registered instance again and again. Each has its own place within the interval, so that a hundred
 * instances are not asked in the same millisecond. With several agents on one database each scrapes for itself: an
 * agent's intervals are between its own pages.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Instance } from '../../domain/instance.ts';
import type { InstanceStore } from '../../store/instances.ts';
import type { Collector } from './collector.ts';

interface SchedulerParts {
  readonly instances: InstanceStore;
  readonly collector: Collector;
  readonly log: Logger;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

const pageOfInstances = 200;

export class ScrapeScheduler {
  readonly #parts: SchedulerParts;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    setMaxListeners(0, this.#stop.signal); // one for each instance: beyond ten, Node would warn of a leak
  }

  start(): void {
    this.#timer = setInterval(() => void this.#scrapeAll(), this.#parts.intervalMs); // never rejects
  }

  /** Does not wait for engines: what still comes from them is lost with the agent anyway. */
  stop(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  async #scrapeAll(): Promise<void> {
    const { instances, collector } = this.#parts;
    try {
      const planned: Promise<void>[] = [];
      const gone = new Map(collector.remembered);
      for (let after = ''; ;) {
        const page = await instances.list(after, pageOfInstances);
        for (const instance of page) {
          gone.delete(instance.id);
          planned.push(this.#scrapeInItsPlace(instance));
        }
        const last = page.at(-1);
        if (last === undefined || page.length < pageOfInstances) break;
        after = last.id;
      }
      for (const [id, page] of gone) collector.forget(id, page); // removed by another agent, or while its page was on the way
      await Promise.all(planned);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'listing the instances to scrape failed');
    }
  }

  /** Never rejects: an engine that can't be read is the engine's matter. The metrics count those that were asked. */
  async #scrapeInItsPlace(instance: Instance): Promise<void> {
    const { collector, intervalMs, timeoutMs, log } = this.#parts;
    if (!(await this.#sleep(place(instance.id) * intervalMs))) return;
    await collector.collect(instance, timeoutMs).catch((error: unknown) => {
      log.debug({ err: error, instance: instance.id }, 'a scrape failed');
    });
  }

  /** @returns false when the scheduler was stopped meanwhile. */
  #sleep(ms: number): Promise<boolean> {
    const { signal } = this.#stop;
    return sleep(ms, true, { signal }).catch(() => false);
  }
}

/** A number from 0 to 1 that is the same for the same id (FNV-1a, 32 bit). */
function place(id: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash / 2 ** 32;
}
