/**
 * The lines that analyses are made of, kept between them: parsing a thousand stored snapshots for each takes forty times
 * as long as the analysis itself. The store stays the truth: each time it is asked for what came after the last known snapshot,
 * whoever wrote it, and once a second whether all before is still as it was read, which finds what another agent wrote
 * late and what was deleted. Only what is new is parsed.
 */
import { setImmediate } from 'node:timers/promises';
import { Timeline } from '../domain/analysis/timeline.ts';
import type { Clock } from '../domain/clock.ts';
import type { Engine } from '../domain/engines/engine.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import type { Instance } from '../domain/instance.ts';
import type { SnapshotStore } from '../store/snapshots.ts';
import { LeastRecent } from './least-recent.ts';

interface HistoryLinesParts {
  readonly snapshots: Pick<SnapshotStore, 'tally' | 'lastTimes' | 'at'>;
  readonly clock: Clock;
  readonly limits?: Readonly<Record<keyof typeof historyLimits, number>>;
}

export const historyLimits = {
  /** More are not looked at: at the usual interval these are four hours, and burn rates over longer windows are not evaluated. */
  snapshots: 1_000,
  /** Of all lines together: some eighty that are full, thousands that nobody has asked for SLOs. */
  bytes: 32 * 1_024 * 1_024,
  /** Looking at a thousand stored moments takes a millisecond, longer than the analysis; what is new costs next to nothing. */
  lookedOverForMs: 1_000,
} as const;

/** So many are parsed before others get their turn: a few milliseconds. */
const parsedAtOnce = 100;

export class HistoryLines {
  readonly #parts: Required<HistoryLinesParts>;
  readonly #lines: LeastRecent<Line>;

  constructor(parts: HistoryLinesParts) {
    this.#parts = { limits: historyLimits, ...parts };
    this.#lines = new LeastRecent(this.#parts.limits.bytes);
  }

  get bytes(): number {
    return this.#lines.bytes;
  }

  /**
   * What the store has of an instance as the engine that it is, over the last `depthMs` at least and up to now. To be
   * used at once: it is changed by whoever asks next.
   */
  async upToDate({ id, engine }: Pick<Instance, 'id' | 'engine'>, depthMs: number): Promise<Timeline> {
    const key = `${engine} ${id}`;
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = new Line(this.#parts, { instanceId: id, engine });
      this.#lines.put(key, line);
    }
    await line.bringUpToDate(depthMs);
    this.#lines.put(key, line); // it may have grown
    return line.timeline;
  }
}

/** The next look at the store, for all who came before it began. */
interface Look {
  depthMs: number;
  readonly done: Promise<void>;
}

interface Watched {
  readonly instanceId: string;
  readonly engine: Engine;
}

class Line {
  readonly timeline = new Timeline();
  readonly #parts: Required<HistoryLinesParts>;
  readonly #of: Watched;
  #depthMs = 0;
  /** When all of the range was as it is here, and from when on that was. */
  #lookedOver = { atMs: -Infinity, depthMs: 0 };
  #looking: Promise<void> = Promise.resolve();
  #next: Look | undefined;

  constructor(parts: Required<HistoryLinesParts>, of: Watched) {
    this.#parts = parts;
    this.#of = of;
  }

  get bytes(): number {
    return this.timeline.bytes;
  }

  /** One look at a time; one that has begun may have missed what was written since, so who comes then shares the next. */
  bringUpToDate(depthMs: number): Promise<void> {
    if (this.#next !== undefined) {
      this.#next.depthMs = Math.max(this.#next.depthMs, depthMs);
      return this.#next.done;
    }
    const begin = async () => {
      this.#depthMs = Math.max(this.#depthMs, this.#next?.depthMs ?? 0);
      this.#next = undefined;
      await this.#look();
    };
    const done = this.#looking.then(begin, begin); // if that look fails, its own askers are told
    this.#next = { depthMs, done };
    this.#looking = done;
    return done;
  }

  async #look(): Promise<void> {
    const { snapshots, clock, limits } = this.#parts;
    const { timeline } = this;
    const toMs = clock.nowMs();
    const fromMs = toMs - this.#depthMs;
    timeline.keep((atMs) => atMs >= fromMs && atMs <= toMs); // the later ones, too: the clock may have gone back
    const before = this.#lookedOver;
    const fresh =
      before.depthMs === this.#depthMs && toMs >= before.atMs && toMs - before.atMs < limits.lookedOverForMs;
    if (fresh) {
      const { count } = await snapshots.tally({ ...this.#of, fromMs: (timeline.lastAtMs ?? fromMs) + 1, toMs });
      if (count === 0) return;
    } else if (await this.#isStored(fromMs, toMs)) return;
    const stored = await snapshots.lastTimes({ ...this.#of, fromMs, toMs }, limits.snapshots);
    const there = new Set(stored);
    timeline.keep((atMs) => there.has(atMs));
    await this.#add(stored.filter((atMs) => !timeline.has(atMs)));
    this.#lookedOver = { atMs: toMs, depthMs: this.#depthMs };
  }

  /** Whether the store has what is known, and nothing else. */
  async #isStored(fromMs: number, toMs: number): Promise<boolean> {
    const { snapshots, limits } = this.#parts;
    const readFromMs = this.timeline.length < limits.snapshots ? fromMs : (this.timeline.firstAtMs ?? fromMs);
    const { count, sum } = await snapshots.tally({ ...this.#of, fromMs: readFromMs, toMs });
    const known = this.timeline.times;
    const same = count === known.length && sum === known.reduce((all, atMs) => all + atMs - readFromMs, 0);
    if (same) this.#lookedOver = { atMs: toMs, depthMs: this.#depthMs };
    return same;
  }

  /** The newest first, in case that not all come. */
  async #add(times: readonly number[]): Promise<void> {
    for (let end = times.length; end > 0; end -= parsedAtOnce) {
      if (end < times.length) await setImmediate();
      const some = times.slice(Math.max(0, end - parsedAtOnce), end);
      for (const { takenAtMs, text } of await this.#parts.snapshots.at(this.#of.instanceId, some))
        if (!this.timeline.has(takenAtMs)) this.timeline.add(JSON.parse(text) as Snapshot);
    }
  }
}
