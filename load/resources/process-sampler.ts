/**
 * Follows the memory, the CPU and the open handles of one process through idle baseline, load and the time after it. CPU is
 * the difference of the process' CPU time over the difference of our own clock, so no other reader can disturb it.
 */
import { availableParallelism } from 'node:os';
import type { ResourcePhase, ResourceSample, ResourceSeries } from '../measure/resource-series.ts';
import { throwProblems } from '../options-error.ts';
import { readProcess, type ProcessReading, type ReadProcess } from './process-reading.ts';
import { backgroundTimers, startTicker, type Timers } from './ticker.ts';

export type ProcessSamplerOptions = {
  /** How reports call the process, such as `server`. */
  readonly name: string;
  readonly pid: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly everyMs?: number;
  /** The phase that sampling begins in. */
  readonly phase?: ResourcePhase;
  readonly cores?: number;
  readonly read?: ReadProcess;
  readonly timers?: Timers;
};

export const defaultProcessSamplerOptions = {
  everyMs: 1_000,
  phase: 'load',
  read: readProcess,
  timers: backgroundTimers,
} as const satisfies Partial<ProcessSamplerOptions>;

/** Kernel ticks are 10 ms: over less than this a CPU figure would be off by more than 5 points, so there is none. */
export const shortestCpuWindowMs = 200;

/** `ps` gives a process' age in whole seconds; ages that disagree by less prove no restart. */
const ageGrainMs = 1_500;

export type ProcessSampler = {
  /**
   * Closes the present phase with a reading and begins the next. Load should wait for the promise, so that no CPU
   * window lies in two phases. The beginning of `load` is 0 of the series' axis.
   */
  begin(phase: ResourcePhase): Promise<void>;
  /** Closes the present phase with a reading. What the process does until the next one begins is in none. */
  rest(): Promise<void>;
  /** Puts 0 of the axis elsewhere, such as where a warm-up ends; `atMs` on the clock of `now`. */
  setOrigin(atMs: number): void;
  /** Takes a last reading and gives the series. Calling it again gives the same series. */
  stop(): Promise<ResourceSeries>;
};

/**
 * Begins with a reading at once, then one every `everyMs` from the start of each phase.
 * Throws `OptionsError` for a pid or an interval that cannot be.
 */
export function startProcessSampler(options: ProcessSamplerOptions): ProcessSampler {
  throwProblems(problemsOf(options));
  return new Sampler({ ...defaultProcessSamplerOptions, cores: availableParallelism(), ...options });
}

function problemsOf({ pid, everyMs }: ProcessSamplerOptions): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(pid) || pid < 1) problems.push(`\`pid\` must be a whole number above 0, got ${pid}`);
  if (everyMs !== undefined && !(everyMs >= shortestCpuWindowMs && everyMs < Infinity)) {
    problems.push(`\`everyMs\` must be at least ${shortestCpuWindowMs}, got ${everyMs}`);
  }
  return problems;
}

type Alive = Extract<ProcessReading, { kind: 'alive' }>;
type Anchor = Alive & { readonly askedAtMs: number; readonly atMs: number };

class Sampler implements ProcessSampler {
  readonly #options: Required<ProcessSamplerOptions>;
  readonly #samples: ResourceSample[] = [];
  /** Undefined between two. */
  #phase: ResourcePhase | undefined;
  #originMs: number;
  #last: Anchor | undefined;
  #ended: ResourceSeries['ended'];
  #missed: ResourceSeries['missed'];
  #waiting = 0;
  #readings: Promise<void> = Promise.resolve();
  #stopTicking: () => void;
  #series: Promise<ResourceSeries> | undefined;

  constructor(options: Required<ProcessSamplerOptions>) {
    this.#options = options;
    this.#phase = options.phase;
    this.#originMs = options.now();
    void this.#sample(); // never rejects; the next reading waits for it
    this.#stopTicking = this.#startTicking();
  }

  async begin(phase: ResourcePhase): Promise<void> {
    await this.#turnTo(phase);
    if (phase === 'load') this.#originMs = this.#options.now();
    if (this.#series === undefined) this.#stopTicking = this.#startTicking();
  }

  rest(): Promise<void> {
    return this.#turnTo(undefined);
  }

  setOrigin(atMs: number): void {
    this.#originMs = atMs;
  }

  stop(): Promise<ResourceSeries> {
    this.#series ??= this.#finish();
    return this.#series;
  }

  async #turnTo(phase: ResourcePhase | undefined): Promise<void> {
    this.#stopTicking();
    await this.#sample();
    this.#phase = phase;
  }

  async #finish(): Promise<ResourceSeries> {
    this.#stopTicking();
    await this.#sample();
    const { name, pid, cores } = this.#options;
    return {
      name,
      pid,
      cores,
      samples: this.#samples.map((sample) => ({ ...sample, atMs: Math.round(sample.atMs - this.#originMs) })),
      ...(this.#ended && { ended: this.#ended }),
      ...(this.#missed && { missed: this.#missed }),
    };
  }

  #startTicking(): () => void {
    const { everyMs, now, timers } = this.#options;
    const onTick = (): void => {
      if (this.#waiting === 0) void this.#sample(); // never rejects; a reading that takes long is not doubled
    };
    return startTicker({ everyMs, now, timers, onTick });
  }

  /** Readings queue up: two at once could be answered in the wrong order. */
  #sample(): Promise<void> {
    this.#waiting += 1;
    this.#readings = this.#readings.then(() => this.#readOnce()).finally(() => (this.#waiting -= 1));
    return this.#readings;
  }

  async #readOnce(): Promise<void> {
    if (this.#ended) return;
    const { now, pid, read } = this.#options;
    const askedAtMs = now();
    const reading = await answerOf(read, pid);
    if (reading.kind === 'alive') this.#keep({ ...reading, askedAtMs, atMs: now() });
    else if (reading.kind === 'gone') this.#ended = 'exited';
    else this.#missed = { reason: reading.reason, ...this.#missed, count: (this.#missed?.count ?? 0) + 1 };
  }

  #keep(anchor: Anchor): void {
    const last = this.#last;
    if (last && isAnotherProcess(last, anchor)) {
      this.#ended = 'restarted';
      return;
    }
    const windowMs = last ? anchor.atMs - last.atMs : 0;
    const cpuPercent =
      last && windowMs >= shortestCpuWindowMs ? (100 * (anchor.cpuMs - last.cpuMs)) / windowMs : undefined;
    this.#last = anchor;
    if (this.#phase === undefined) return;
    this.#samples.push({
      atMs: anchor.atMs,
      rssMb: Number((anchor.rssBytes / 2 ** 20).toFixed(2)),
      ...(cpuPercent !== undefined && { cpuPercent: Number(cpuPercent.toFixed(1)) }),
      ...(anchor.handles !== undefined && { handles: anchor.handles }),
      phase: this.#phase,
    });
  }
}

/** A reader that throws all the same, as a full table of file handles may make it, has not read. */
async function answerOf(read: ReadProcess, pid: number): Promise<ProcessReading> {
  try {
    return await read(pid);
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * A pid can be given to a new process between two readings. It is another process when its CPU time went back, or
 * when it aged less than the time that surely passed between the two readings.
 */
function isAnotherProcess(before: Anchor, after: Anchor): boolean {
  const surelyPassedMs = after.askedAtMs - before.atMs;
  const agedMs = after.ageMs - before.ageMs;
  return after.cpuMs < before.cpuMs || agedMs < surelyPassedMs - ageGrainMs;
}
