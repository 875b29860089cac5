/**
 * A tick at start + n × interval. A late tick moves none of the later ones; ticks that were missed while the event
 * loop was blocked are left out, since a sampler reads differences and loses nothing by it.
 */
import { quietly } from './observing.ts';

/** How to be called back later; the callback is cancelled by calling what is returned. */
export type Timers = { after(delayMs: number, callback: () => void): () => void };

/** Timers that keep no process alive: measuring must never be the reason why a run does not end. */
export const backgroundTimers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

export type TickerParts = {
  readonly everyMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly timers: Timers;
  readonly onTick: () => void;
};

/** Starts ticking, first after one interval. Stops when the returned function is called. */
export function startTicker({ everyMs, now, timers, onTick }: TickerParts): () => void {
  const startMs = now();
  let count = 0;
  let cancel = (): void => undefined;
  const arm = (): void => {
    const passed = Math.floor((now() - startMs) / everyMs);
    count = Math.max(count + 1, passed + 1);
    cancel = timers.after(startMs + count * everyMs - now(), tick);
  };
  const tick = (): void => {
    arm();
    quietly('a watch', onTick);
  };
  arm();
  return () => cancel();
}
