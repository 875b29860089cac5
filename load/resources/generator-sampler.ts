/**
 * Follows our own process once a second while it makes load: the evidence for "the generator was not the bottleneck".
 */
import type { GeneratorSecond, GeneratorSeries } from '../measure/generator-series.ts';
import { entry } from '../measure/run-data.ts';
import { quietly } from './observing.ts';
import { openGeneratorCounters, type GeneratorCounters } from './generator-counters.ts';
import { piecesOf } from './spread-over-seconds.ts';
import { backgroundTimers, startTicker, type Timers } from './ticker.ts';
import { toDigits } from '../measure/units.ts';

export type GeneratorSamplerOptions = {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Time in which the event loop turned though it had nothing to do, milliseconds since some moment. */
  readonly spunMs?: () => number;
  readonly counters?: GeneratorCounters;
  readonly timers?: Timers;
};

export type GeneratorSampler = {
  /** Its seconds so far from one on, without the one that goes on. */
  since(second: number): GeneratorSeries;
  /** Closes the last second and gives the series. Calling it again gives the same series. */
  stop(): GeneratorSeries;
};

const secondMs = 1_000;

/** A last piece shorter than this is no second of its own. */
export const shortestWindowMs = 200;

/** Starts at the beginning of the measured part: its first second is second 0. */
export function startGeneratorSampler({
  now,
  spunMs,
  counters = openGeneratorCounters(undefined, spunMs),
  timers = backgroundTimers,
}: GeneratorSamplerOptions): GeneratorSampler {
  return new Sampler({ now, counters, timers });
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

/** What was used in a second, so far. Sums are absent until a look has told them. */
type Tally = {
  lengthMs: number;
  rssBytes: number | undefined;
  readonly sums: Map<Sum, number>;
};
type Sum = 'activeMs' | 'idleMs' | 'cpuMs' | 'ranMs' | 'waitedMs' | 'pressureMs' | 'throttled' | 'gcMs';

type SamplerParts = Required<Omit<GeneratorSamplerOptions, 'spunMs'>>;

class Sampler implements GeneratorSampler {
  readonly #options: SamplerParts;
  readonly #tallies = new Map<number, Tally>();
  readonly #originMs: number;
  readonly #stopTicking: () => void;
  #last: Look;
  /** When the next look is due. */
  #dueMs: number;
  #series: GeneratorSeries | undefined;

  constructor(options: SamplerParts) {
    this.#options = options;
    this.#last = this.#look();
    this.#originMs = this.#last.atMs;
    this.#dueMs = this.#originMs + secondMs;
    const { now, timers } = options;
    this.#stopTicking = startTicker({ everyMs: secondMs, now, timers, onTick: () => this.#close() });
  }

  stop(): GeneratorSeries {
    if (this.#series === undefined) {
      this.#stopTicking();
      this.#close();
      quietly('the watch on the garbage collector', () => this.#options.counters.close());
      this.#series = seriesOf(this.#tallies);
    }
    return this.#series;
  }

  since(second: number): GeneratorSeries {
    return [...this.#tallies]
      .filter(([at, { lengthMs }]) => at >= second && lengthMs >= shortestWindowMs)
      .map(([at, tally]) => secondOf(at, tally));
  }

  /** Deals what was used since the last look out to its seconds. */
  #close(): void {
    const before = this.#last;
    const after = this.#look();
    this.#last = after;
    const originMs = this.#originMs;
    const grown = grownBetween(before, after);
    const pieces = piecesOf({
      fromMs: before.atMs - originMs,
      toMs: after.atMs - originMs,
      dueMs: this.#dueMs - originMs,
      activeMs: grown.get('activeMs'),
    });
    for (const { second, lengthMs, ofLength, ofActive, ofIdle } of pieces) {
      const tally = entry(this.#tallies, second, () => ({ lengthMs: 0, rssBytes: undefined, sums: new Map() }));
      tally.lengthMs += lengthMs;
      tally.rssBytes = after.rssBytes;
      for (const [sum, value] of grown) {
        const share = sum === 'idleMs' ? ofIdle : sum === 'pressureMs' ? ofLength : ofActive;
        tally.sums.set(sum, (tally.sums.get(sum) ?? 0) + value * share);
      }
    }
    const passed = Math.round((this.#dueMs - originMs) / secondMs);
    const reached = Math.floor((after.atMs - originMs) / secondMs);
    this.#dueMs = originMs + (Math.max(passed, reached) + 1) * secondMs;
  }

  /** A counter that fails leaves its figure out: this runs in a timer, where an error would end the process. */
  #look(): Look {
    const { counters, now } = this.#options;
    return {
      atMs: now(),
      loop: quietly('the watch on the event loop', () => counters.loop()),
      mainThread: quietly('the watch on the main thread', () => counters.mainThread()),
      cpuMs: quietly('the watch on CPU time', () => counters.cpuMs()),
      rssBytes: quietly('the watch on memory', () => counters.rssBytes()),
      gcMs: quietly('the watch on the garbage collector', () => counters.gcMs()),
      pressureMs: quietly("the watch on the machine's CPUs", () => counters.pressureMs()),
      throttledPeriods: quietly('the watch on the CPU quota', () => counters.throttledPeriods()),
    };
  }
}

/** What each counter rose by between two looks; those that either look lacks are absent. */
function grownBetween(before: Look, after: Look): Map<Sum, number> {
  const grown = new Map<Sum, number>();
  const put = (sum: Sum, from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined) grown.set(sum, Math.max(0, to - from));
  };
  put('activeMs', before.loop?.activeMs, after.loop?.activeMs);
  put('idleMs', before.loop?.idleMs, after.loop?.idleMs);
  put('cpuMs', before.cpuMs, after.cpuMs);
  put('ranMs', before.mainThread?.ranMs, after.mainThread?.ranMs);
  put('waitedMs', before.mainThread?.waitedMs, after.mainThread?.waitedMs);
  put('pressureMs', before.pressureMs, after.pressureMs);
  put('throttled', before.throttledPeriods, after.throttledPeriods);
  put('gcMs', before.gcMs, after.gcMs);
  return grown;
}

/** In order; a last piece too short to be a second belongs to the one before it. */
function seriesOf(tallies: ReadonlyMap<number, Tally>): GeneratorSeries {
  const seconds = [...tallies].sort(([a], [b]) => a - b);
  const [, last] = seconds.at(-1) ?? [];
  if (last !== undefined && last.lengthMs < shortestWindowMs) {
    seconds.pop();
    const [, before] = seconds.at(-1) ?? [];
    if (before !== undefined) addTally(before, last);
  }
  return seconds.map(([second, tally]) => secondOf(second, tally));
}

function addTally(into: Tally, from: Tally): void {
  into.lengthMs += from.lengthMs;
  into.rssBytes = from.rssBytes ?? into.rssBytes;
  for (const [sum, value] of from.sums) into.sums.set(sum, (into.sums.get(sum) ?? 0) + value);
}

function secondOf(second: number, { lengthMs, rssBytes, sums }: Tally): GeneratorSecond {
  const activeMs = sums.get('activeMs');
  const loopMs = (activeMs ?? 0) + (sums.get('idleMs') ?? 0);
  const percent = (sum: Sum): number | undefined => {
    const ms = sums.get(sum);
    return ms === undefined ? undefined : toDigits((100 * ms) / lengthMs, 1);
  };
  const [cpuPercent, ranPercent] = [percent('cpuMs'), percent('ranMs')];
  const [waitPercent, psiPercent] = [percent('waitedMs'), percent('pressureMs')];
  const [throttled, gcMs] = [sums.get('throttled'), sums.get('gcMs')];
  return {
    second,
    ...(activeMs !== undefined && loopMs > 0 && { elu: toDigits(activeMs / loopMs, 3) }),
    ...(cpuPercent !== undefined && { cpuPercent }),
    ...(rssBytes !== undefined && { rssMb: toDigits(rssBytes / 2 ** 20, 2) }),
    ...(ranPercent !== undefined && { ranPercent }),
    ...(waitPercent !== undefined && { waitPercent }),
    ...(psiPercent !== undefined && { psiPercent }),
    ...(throttled !== undefined && { throttled: toDigits(throttled, 2) }),
    ...(gcMs !== undefined && { gcMs: toDigits(gcMs, 2) }),
  };
}
