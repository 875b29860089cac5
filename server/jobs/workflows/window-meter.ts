/**
 * Measures an engine over a window of time: a page at its beginning, some on the way, one at its end. What the guard
 * compares is the difference of the first and the last, percentiles included; the analysis reads the slices. A window
 * ends early when the engine restarts in it: who asked for it decides what follows.
 */
import type { Scrape } from '../../domain/engines/scrape.ts';
import type { Snapshot } from '../../domain/engines/snapshot.ts';
import { snapshotFrom } from '../../domain/engines/snapshot-from.ts';
import type { Instance } from '../../domain/instance.ts';
import { isAnother, processOf, type EngineProcess } from '../../domain/workflows/engine-process.ts';
import type { WindowFigures } from '../../domain/workflows/workflow.ts';
import type { Collector } from '../collection/collector.ts';
import type { Pace } from './pace.ts';

interface WindowParts {
  readonly collector: Pick<Collector, 'scrape'>;
  readonly pace: Pace;
  readonly timeoutMs: number;
}

interface WindowRequest {
  readonly instance: Instance;
  readonly windowMs: number;
  /** The engine as it was last known: a window that begins with another process has no beginning. */
  readonly process?: EngineProcess | undefined;
  readonly signal: AbortSignal;
}

export interface MeasuredWindow {
  readonly figures: WindowFigures;
  /** What happened between each two pages, oldest first. */
  readonly slices: readonly Snapshot[];
  /** The engine restarted: the window is no longer than until then. */
  readonly restarted: boolean;
  /** The engine at the last page. */
  readonly process: EngineProcess;
}

/** Levels, such as how full the cache is, are only seen at the pages. */
export const slicesPerWindow = 6;
/** How often a page is asked for before the engine counts as unreachable, and how long between. */
const scrapeAttempts = 4;
export const betweenAttemptsMs = 2_000;

export class WindowMeter {
  readonly #parts: WindowParts;

  constructor(parts: WindowParts) {
    this.#parts = parts;
  }

  /** Takes as long as the window. @throws as `Collector.scrape`, when the engine can't be read for longer. */
  async measure({ instance, windowMs, process, signal }: WindowRequest): Promise<MeasuredWindow> {
    const dated = this.#dating();
    const first = await this.#scrape(instance, dated, signal);
    const { engine } = instance;
    const pages: Scrape[] = [];
    const slices: Snapshot[] = [];
    let last = first;
    let restarted = process !== undefined && isAnother(process, first);
    while (!restarted && pages.length < slicesPerWindow) {
      await this.#parts.pace.wait(windowMs / slicesPerWindow, signal);
      const page = await this.#scrape(instance, dated, signal);
      if (page.takenAtMs <= last.takenAtMs) continue; // two pages of one millisecond have nothing between them
      const slice = snapshotFrom({ engine, previous: last, current: page });
      restarted = isAnother(processOf(engine, last), page);
      pages.push(page);
      slices.push(slice);
      last = page;
    }
    const whole = snapshotFrom({ engine, previous: first, current: last });
    const figures = figuresOf({ whole, slices, fromMs: first.takenAtMs });
    return { figures, slices, restarted, process: processOf(engine, last) };
  }

  /** One page, without patience. @throws as `Collector.scrape` */
  look(instance: Instance, signal: AbortSignal): Promise<Scrape> {
    return this.#parts.collector.scrape(instance, this.#parts.timeoutMs, signal);
  }

  /** One page, asked for again as long as a moment's trouble lasts. @throws as `Collector.scrape` */
  find(instance: Instance, signal: AbortSignal): Promise<Scrape> {
    return this.#scrape(instance, (scrape) => scrape, signal);
  }

  /**
   * Dates the pages of one window by the clock as it was at the first one, and by how much time has passed since: a
   * clock that is set meanwhile would make the window hours long, or end it never.
   */
  #dating(): Dating {
    let began: { readonly atMs: number; readonly monotonicMs: number } | undefined;
    return (scrape, askedMs) => {
      began ??= { atMs: scrape.takenAtMs, monotonicMs: askedMs };
      return { ...scrape, takenAtMs: Math.round(began.atMs + askedMs - began.monotonicMs) };
    };
  }

  async #scrape(instance: Instance, dated: Dating, signal: AbortSignal): Promise<Scrape> {
    const { pace } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      const askedMs = pace.monotonicMs();
      try {
        return dated(await this.look(instance, signal), askedMs);
      } catch (error) {
        if (attempt === scrapeAttempts || signal.aborted) throw error;
        await pace.wait(betweenAttemptsMs, signal);
      }
    }
  }
}

type Dating = (scrape: Scrape, askedMs: number) => Scrape;

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
