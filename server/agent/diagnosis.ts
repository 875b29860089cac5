/** Looks at what is stored of an instance and says what is wrong, for the routes; the rules are in `analysis/`. */
import type { SnapshotStore } from '../store/snapshots.ts';
import { analyse, type Analysis } from './analysis/analyse.ts';
import type { Slo } from './analysis/slo.ts';
import type { Clock } from './clock.ts';
import type { Collector } from './collection/collector.ts';
import type { Instance } from './collection/instance.ts';
import type { Snapshot } from './engines/snapshot.ts';

export interface DiagnosisParts {
  readonly snapshots: SnapshotStore;
  readonly collector: Collector;
  readonly clock: Clock;
  readonly scrapeTimeoutMs: number;
}

export interface DiagnosisRequest {
  readonly instance: Instance;
  readonly windowS: number;
  readonly minRequests: number;
  /** Instead of what the instance promises. */
  readonly slos?: readonly Slo[] | undefined;
}

/** More are not read: at the usual interval these are four hours, and burn rates over longer windows rest on them. */
export const mostSnapshots = 1_000;
/** The longest window of a burn rate. */
const burnMs = 3 * 24 * 3_600_000;

export class Diagnosis {
  readonly #parts: DiagnosisParts;

  constructor(parts: DiagnosisParts) {
    this.#parts = parts;
  }

  /** By the stored snapshots; when there are none in the window, one page is read first. @throws as `Collector.collect` */
  async analyse(request: DiagnosisRequest): Promise<Analysis> {
    return (await this.analyseWithHistory(request)).analysis;
  }

  /** As {@link analyse}, with the snapshots that it rests on, oldest first. */
  async analyseWithHistory({ instance, windowS, minRequests, slos = instance.slos }: DiagnosisRequest) {
    const snapshots = await this.#read(instance, windowS, slos);
    const nowMs = this.#parts.clock.nowMs();
    const analysis = analyse({ engine: instance.engine, snapshots, slos, nowMs, windowS, minRequests });
    return { analysis, snapshots };
  }

  async #read(instance: Instance, windowS: number, slos: readonly Slo[]): Promise<Snapshot[]> {
    const { snapshots, collector, clock, scrapeTimeoutMs } = this.#parts;
    const toMs = clock.nowMs();
    const longestMs = slos.length > 0 ? burnMs : windowS * 1_000;
    const range = { instanceId: instance.id, fromMs: toMs - longestMs, toMs };
    const stored = (await snapshots.last(range, mostSnapshots)).map(({ snapshot }) => snapshot);
    const latest = stored.at(-1);
    if (latest !== undefined && Date.parse(latest.taken_at) > toMs - windowS * 1_000) return stored;
    return [...stored, await collector.collect(instance, scrapeTimeoutMs)];
  }
}
