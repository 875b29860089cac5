/**
 * Follows our own process once a second while it makes load: the evidence for "the generator was not the bottleneck".
 */
import type { GeneratorSecond, GeneratorSeries } from '../measure/generator-series.ts';
import { openGeneratorCounters, type GeneratorCounters } from './generator-counters.ts';
import { backgroundTimers, startTicker, type Timers } from './ticker.ts';

export type GeneratorSamplerOptions = {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly counters?: GeneratorCounters;
  readonly timers?: Timers;
};

export type GeneratorSampler = {
  /** Closes the last second and gives the series. Calling it again gives the same series. */
  stop(): GeneratorSeries;
};

const secondMs = 1_000;

/** A last piece shorter than this says nothing about a second. */
export const shortestWindowMs = 200;

/** Starts at the beginning of the measured part: its first second is second 0. */
export function startGeneratorSampler({ now, counters, timers }: GeneratorSamplerOptions): GeneratorSampler {
  return new Sampler({ now, counters: counters ?? openGeneratorCounters(), timers: timers ?? backgroundTimers });
}

type Look = {
  readonly atMs: number;
  readonly loop: ReturnType<GeneratorCounters['loop']>;
  readonly mainThread: ReturnType<GeneratorCounters['mainThread']>;
  readonly cpuMs: number | undefined;
  readonly rssBytes: number | undefined;
  readonly gcMs: number | undefined;
  readonly pressureMs: number | undefined;
  readonly throttledPeriods: number | undefined;
};

class Sampler implements GeneratorSampler {
  readonly #options: Required<GeneratorSamplerOptions>;
  readonly #seconds: GeneratorSecond[] = [];
  readonly #originMs: number;
  readonly #stopTicking: () => void;
  #last: Look;
  #stopped = false;

  constructor(options: Required<GeneratorSamplerOptions>) {
    this.#options = options;
    this.#last = this.#look();
    this.#originMs = this.#last.atMs;
    const { now, timers } = options;
    this.#stopTicking = startTicker({ everyMs: secondMs, now, timers, onTick: () => this.#close() });
  }

  stop(): GeneratorSeries {
    if (!this.#stopped) {
      this.#stopped = true;
      this.#stopTicking();
      this.#close();
      this.#options.counters.close();
    }
    return this.#seconds;
  }

  /** Every second that the window touches gets the window's rates: a loop blocked for three seconds was busy in each. */
  #close(): void {
    const look = this.#look();
    const windowMs = look.atMs - this.#last.atMs;
    if (windowMs < shortestWindowMs) return;
    const first = Math.round((this.#last.atMs - this.#originMs) / secondMs);
    const covered = Math.max(1, Math.round(windowMs / secondMs));
    const { gcMs, throttled, ...rates } = between(this.#last, look);
    for (let at = 0; at < covered; at += 1) {
      this.#seconds.push({
        second: first + at,
        ...rates,
        ...(gcMs !== undefined && { gcMs: round(gcMs / covered, 2) }),
        ...(throttled !== undefined && { throttled: at === 0 ? throttled : 0 }),
      });
    }
    this.#last = look;
  }

  #look(): Look {
    const { counters, now } = this.#options;
    return {
      atMs: now(),
      loop: counters.loop(),
      mainThread: counters.mainThread(),
      cpuMs: counters.cpuMs(),
      rssBytes: counters.rssBytes(),
      gcMs: counters.gcMs(),
      pressureMs: counters.pressureMs(),
      throttledPeriods: counters.throttledPeriods(),
    };
  }
}

/** The figures of the time between two looks; those that either look lacks are absent. */
function between(before: Look, after: Look): Omit<GeneratorSecond, 'second'> {
  const windowMs = after.atMs - before.atMs;
  const elu = utilisation(before.loop, after.loop);
  const cpuMs = grown(before.cpuMs, after.cpuMs);
  const waitedMs = grown(before.mainThread?.waitedMs, after.mainThread?.waitedMs);
  const pressureMs = grown(before.pressureMs, after.pressureMs);
  const throttled = grown(before.throttledPeriods, after.throttledPeriods);
  const gcMs = grown(before.gcMs, after.gcMs);
  return {
    ...(elu !== undefined && { elu: round(elu, 3) }),
    ...(cpuMs !== undefined && { cpuPercent: round((100 * cpuMs) / windowMs, 1) }),
    ...(after.rssBytes !== undefined && { rssMb: round(after.rssBytes / 2 ** 20, 2) }),
    ...(waitedMs !== undefined && { waitPercent: round((100 * waitedMs) / windowMs, 1) }),
    ...(pressureMs !== undefined && { psiPercent: round((100 * pressureMs) / windowMs, 1) }),
    ...(throttled !== undefined && { throttled }),
    ...(gcMs !== undefined && { gcMs }),
  };
}

function utilisation(before: Look['loop'], after: Look['loop']): number | undefined {
  const activeMs = grown(before?.activeMs, after?.activeMs);
  const idleMs = grown(before?.idleMs, after?.idleMs);
  if (activeMs === undefined || idleMs === undefined || activeMs + idleMs <= 0) return undefined;
  return activeMs / (activeMs + idleMs);
}

function grown(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
