/**
 * Measures an engine over a window of time: a page at its beginning, some on the way, one at its end. What the guard
 * compares is the difference of the first and the last, percentiles included; the analysis reads the slices. An engine
 * that restarts meanwhile makes the window begin again, since changing a setting commonly restarts it.
 */
import type { Scrape } from '../../domain/engines/scrape.ts';
import type { Snapshot } from '../../domain/engines/snapshot.ts';
import { snapshotFrom } from '../../domain/engines/snapshot-from.ts';
import type { Instance } from '../../domain/instance.ts';
import type { WindowFigures } from '../../domain/workflows/workflow.ts';
import type { Collector } from '../collection/collector.ts';
import type { Pace } from './pace.ts';

interface WindowParts {
  readonly collector: Pick<Collector, 'scrape'>;
  readonly pace: Pace;
  readonly timeoutMs: number;
}

export interface MeasuredWindow {
  readonly figures: WindowFigures;
  /** What happened between each two pages, oldest first. */
  readonly slices: readonly Snapshot[];
}

/** Levels, such as how full the cache is, are only seen at the pages. */
export const slicesPerWindow = 6;
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
    let first = await this.#scrape(instance, signal);
    for (let attempt = 0; ; attempt++) {
      const pages = await this.#pages(instance, { first, windowMs, signal });
      const last = pages.at(-1) ?? first;
      const whole = snapshotFrom({ engine: instance.engine, previous: first, current: last });
      if (whole.baseline === null || attempt === restarts) {
        const slices = pages.map((current, at) =>
          snapshotFrom({ engine: instance.engine, previous: pages[at - 1] ?? first, current }),
        );
        return { slices, figures: figuresOf({ whole, slices, fromMs: first.takenAtMs }) };
      }
      first = last;
    }
  }

  async #pages(
    instance: Instance,
    { first, windowMs, signal }: { first: Scrape; windowMs: number; signal: AbortSignal },
  ): Promise<Scrape[]> {
    const pages: Scrape[] = [];
    while (pages.length < slicesPerWindow) {
      await this.#parts.pace.wait(windowMs / slicesPerWindow, signal);
      const page = await this.#scrape(instance, signal);
      // Two pages of one millisecond, or a clock that was set back, have nothing between them.
      if (page.takenAtMs > (pages.at(-1) ?? first).takenAtMs) pages.push(page);
    }
    return pages;
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

interface Measured {
  readonly whole: Snapshot;
  readonly slices: readonly Snapshot[];
  readonly fromMs: number;
}

/** What a guard compares, out of all that was measured. */
function figuresOf({ whole, slices, fromMs }: Measured): WindowFigures {
  const { done, failed } = whole;
  const requests = done === null ? null : done + (failed ?? 0);
  const usages = slices.flatMap(({ kv_usage: usage }) => usage ?? []);
  return {
    from: new Date(fromMs).toISOString(),
    to: whole.taken_at,
    requests,
    error_rate: requests === null || failed === null || requests === 0 ? null : failed / requests,
    ttft_p95_s: whole.ttft_s?.p95 ?? null,
    itl_p95_s: whole.itl_s?.p95 ?? null,
    tokens_per_s: whole.generation_tokens_per_s,
    kv_usage: usages.length === 0 ? null : Math.max(...usages),
    preemptions_per_s: whole.preemptions_per_s,
  };
}
