/**
 * How late the event loop runs: the plainest sign that this process has more to do than time. Measured by Node's own
 * histogram, read over the last second or so.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The histogram samples at this interval; its values include it, so it is taken off again. */
const resolutionMs = 10;
const windowMs = 1_000;

interface LoopDelay {
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Nothing late: also what is reported before the first window is over. */
const noDelay: LoopDelay = { meanMs: 0, p99Ms: 0, maxMs: 0 };

/** Watches the event loop of this process until it is stopped. */
export class EventLoopMonitor {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #timer: NodeJS.Timeout;
  #last: LoopDelay = noDelay;

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => this.#roll(), windowMs).unref();
  }

  /** The delay over the last whole window. */
  read(): LoopDelay {
    return this.#last;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }

  #roll(): void {
    const histogram = this.#histogram;
    this.#last =
      histogram.count === 0
        ? noDelay
        : {
            meanMs: lateMs(histogram.mean),
            p99Ms: lateMs(histogram.percentile(99)),
            maxMs: lateMs(histogram.max),
          };
    histogram.reset();
  }
}

function lateMs(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1e4 - resolutionMs * 100) / 100);
}
