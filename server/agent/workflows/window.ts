/**
 * Measures an engine over a window of time: one page at its beginning, one at its end, and everything in between is
 * their difference, percentiles included. An engine that restarts meanwhile makes the window begin again, since changing
 * a setting commonly restarts it.
 */
import type { Collector } from '../collection/collector.ts';
import type { Instance } from '../collection/instance.ts';
import type { Scrape } from '../engines/scrape.ts';
import { snapshotFrom } from '../engines/snapshot-from.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import type { Pace } from './pace.ts';
import type { WindowFigures } from './workflow.ts';

export interface WindowParts {
  readonly collector: Collector;
  readonly pace: Pace;
  readonly timeoutMs: number;
}

export interface MeasuredWindow {
  readonly figures: WindowFigures;
  readonly snapshot: Snapshot;
}

/** How often a page is asked for before the engine counts as unreachable, and how long between. */
const scrapeAttempts = 4;
const betweenAttemptsMs = 2_000;
/** How often a window may begin again. */
const restarts = 2;

export class WindowMeter {
  readonly #parts: WindowParts;

  constructor(parts: WindowParts) {
    this.#parts = parts;
  }

  /** Takes as long as the window. @throws as `Collector.scrape`, when the engine can't be read for longer. */
  async measure(instance: Instance, windowMs: number, signal: AbortSignal): Promise<MeasuredWindow> {
    let begin = await this.#scrape(instance, signal);
    for (let attempt = 0; ; attempt++) {
      await this.#parts.pace.wait(windowMs, signal);
      const end = await this.#scrape(instance, signal);
      const snapshot = snapshotFrom({ engine: instance.engine, previous: begin, current: end });
      if (snapshot.baseline === null || attempt === restarts) return { snapshot, figures: figuresOf(snapshot, begin) };
      begin = end;
    }
  }

  async #scrape(instance: Instance, signal: AbortSignal): Promise<Scrape> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#parts.collector.scrape(instance, this.#parts.timeoutMs, signal);
      } catch (error) {
        if (attempt === scrapeAttempts || signal.aborted) throw error;
        await this.#parts.pace.wait(betweenAttemptsMs, signal);
      }
    }
  }
}

/** What a guard compares, out of all that a snapshot says. */
export function figuresOf(snapshot: Snapshot, begin: Scrape): WindowFigures {
  const { done, failed } = snapshot;
  const requests = done === null ? null : done + (failed ?? 0);
  return {
    from: new Date(begin.takenAtMs).toISOString(),
    to: snapshot.taken_at,
    requests,
    error_rate: requests === null || failed === null || requests === 0 ? null : failed / requests,
    ttft_p95_s: snapshot.ttft_s?.p95 ?? null,
    itl_p95_s: snapshot.itl_s?.p95 ?? null,
    tokens_per_s: snapshot.generation_tokens_per_s,
    kv_usage: snapshot.kv_usage,
    preemptions_per_s: snapshot.preemptions_per_s,
  };
}
