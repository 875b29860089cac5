/** What can be asked of instances from outside. */
import type { Instance } from '../../domain/instance.ts';
import { ProblemError } from '../../domain/problem.ts';
import type { InstanceStore } from '../../store/instances.ts';
import type { Clock } from '../../domain/clock.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import type { Collector } from './collector.ts';

const unknown = (id: string) => new ProblemError('not-found', `there is no instance \`${id}\``);

interface InstancesParts {
  readonly store: InstanceStore;
  readonly collector: Collector;
  readonly allowed: AllowedHosts;
  readonly clock: Clock;
  /** Told that a workflow may have been waiting for this instance. */
  readonly nudge: () => void;
}

export class Instances {
  readonly #parts: InstancesParts;

  constructor(parts: InstancesParts) {
    this.#parts = parts;
  }

  /** Registers an instance or changes its registration. @throws `forbidden-host` */
  async put(given: Omit<Instance, 'createdAtMs' | 'updatedAtMs'>): Promise<{ instance: Instance; created: boolean }> {
    const { store, collector, allowed, clock, nudge } = this.#parts;
    allowed.assertUrl(new URL(given.metricsUrl));
    const before = await store.find(given.id);
    const nowMs = clock.nowMs();
    const instance: Instance = { ...given, createdAtMs: before?.createdAtMs ?? nowMs, updatedAtMs: nowMs };
    await store.put(instance);
    if (before !== undefined && before.engine !== instance.engine) collector.forget(instance.id);
    nudge();
    return { instance, created: before === undefined };
  }

  /** @throws `not-found` */
  async get(id: string): Promise<Instance> {
    const instance = await this.#parts.store.find(id);
    if (instance === undefined) throw unknown(id);
    return instance;
  }

  /** Up to `limit` instances after the id `after`, by id. */
  list(after: string, limit: number): Promise<Instance[]> {
    return this.#parts.store.list(after, limit);
  }

  /** Its history stays until it is too old. @throws `not-found` */
  async remove(id: string): Promise<void> {
    if (!(await this.#parts.store.remove(id))) throw unknown(id);
    this.#parts.collector.forget(id);
  }
}
