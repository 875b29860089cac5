/**
 * What a process used while it was under load: one row a second of memory and CPU, and the handful of figures that a
 * report shows of it. Data only; `load/resources` fills it.
 */
import { toDigits } from './units.ts';

/** Idle before the load, under load, idle again after it. */
export type ResourcePhase = 'baseline' | 'load' | 'after';

/** One reading. Its CPU figure covers the time since the previous reading, which lies in the same phase. */
export type ResourceSample = {
  /** On the run's axis: 0 is where the measured part begins, so a baseline has negative times. */
  readonly atMs: number;
  /** Resident set size in MiB, shared pages included. */
  readonly rssMb: number;
  /** Percent of one core: 150 is one and a half cores. Absent when there was no earlier reading to compare with. */
  readonly cpuPercent?: number;
  /** Open file descriptors, sockets included. Absent where the system does not tell. */
  readonly handles?: number;
  /** Idle, under load, or idle again. */
  readonly phase: ResourcePhase;
};

/** The readings of one process. */
export type ResourceSeries = {
  /** `server`. */
  readonly name: string;
  /** Its process id. */
  readonly pid: number;
  /** Cores of the machine, so that `cpuPercent` can be read as a share of it. */
  readonly cores: number;
  /** In the order in which they were taken. */
  readonly samples: readonly ResourceSample[];
  /** Why the series stops early. `restarted`: the pid now belongs to a process that was started later. */
  readonly ended?: 'exited' | 'restarted';
  /** Readings that failed although the process may live on, with the reason of the first. */
  readonly missed?: {
    /** How many. */
    readonly count: number;
    /** The first error's words. */
    readonly reason: string;
  };
};

/** The few figures that a report shows of a process. Each is absent when its phase was not sampled. */
export type ResourceSummary = {
  /** `server`. */
  readonly name: string;
  /** Its process id. */
  readonly pid: number;
  /** Resident set size, MiB. */
  readonly rssMb: {
    /** Median while idle. */
    readonly baseline?: number;
    /** Highest under load or after it. */
    readonly peak?: number;
    /** The last reading from then on. */
    readonly final?: number;
  };
  /** CPU in percent of one core. */
  readonly cpuPercent: {
    /** Median while idle. */
    readonly baseline?: number;
    /** Mean under load. */
    readonly mean?: number;
    /** Highest under load. */
    readonly peak?: number;
    /** Median of the last readings after it. */
    readonly final?: number;
  };
};

/** How many readings at the end are taken for the final CPU figure: one alone may have caught a garbage collection. */
const finalReadings = 5;

/** The few figures a report shows of a series. CPU under load is that of the measured part: a warm-up is in no number. */
export function summarizeResource(series: ResourceSeries): ResourceSummary {
  const inPhase = (phase: ResourcePhase): ResourceSample[] => series.samples.filter((sample) => sample.phase === phase);
  const [idle, tail] = [inPhase('baseline'), inPhase('after')];
  const busy = measuredWindows(series.samples);
  const rssFromLoad = [...inPhase('load'), ...tail].map((sample) => sample.rssMb);
  return {
    name: series.name,
    pid: series.pid,
    rssMb: present({
      baseline: middle(idle.map((sample) => sample.rssMb)),
      peak: highest(rssFromLoad),
      final: rssFromLoad.at(-1),
    }),
    cpuPercent: present({
      baseline: middle(cpuOf(idle)),
      mean: meanCpu(busy),
      peak: highest(busy.map(({ cpuPercent }) => cpuPercent)),
      final: middle(cpuOf(tail).slice(-finalReadings)),
    }),
  };
}

function cpuOf(samples: readonly ResourceSample[]): number[] {
  return samples.flatMap((sample) => sample.cpuPercent ?? []);
}

type CpuWindow = { readonly lengthMs: number; readonly cpuPercent: number };

/** The CPU windows under load that lie in the measured part, or mostly so. */
function measuredWindows(samples: readonly ResourceSample[]): CpuWindow[] {
  return samples.flatMap(({ phase, atMs, cpuPercent }, at) => {
    const fromMs = samples[at - 1]?.atMs;
    if (phase !== 'load' || cpuPercent === undefined || fromMs === undefined || fromMs + atMs <= 0) return [];
    return [{ lengthMs: atMs - fromMs, cpuPercent }];
  });
}

/** Mean, each window weighted by its length: the last one of a phase is shorter than the rest. */
function meanCpu(windows: readonly CpuWindow[]): number | undefined {
  const coveredMs = windows.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  const weighted = windows.reduce((sum, { lengthMs, cpuPercent }) => sum + lengthMs * cpuPercent, 0);
  return coveredMs > 0 ? toDigits(weighted / coveredMs, 1) : undefined;
}

function highest(values: readonly number[]): number | undefined {
  return values.length > 0 ? values.reduce((high, value) => Math.max(high, value)) : undefined;
}

function middle(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  return low === undefined || high === undefined ? undefined : toDigits((low + high) / 2, 2);
}

/** The same object without the keys that hold nothing: absent means not measured. */
function present<K extends string>(figures: Readonly<Record<K, number | undefined>>): Partial<Record<K, number>> {
  const kept: Partial<Record<K, number>> = {};
  for (const key in figures) {
    const value = figures[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}
