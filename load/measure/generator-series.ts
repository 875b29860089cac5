/**
 * How the load generator itself fared, second by second: whether it could keep up, or was the bottleneck. Data only;
 * `load/resources` fills it, `load/verdict` judges it.
 */

/** One second of the generator process. A figure the platform does not give is absent. */
export type GeneratorSecond = {
  /** 0 is the first second of the measured part. */
  readonly second: number;
  /** Event-loop utilisation, 0 to 1: the share of the time in which the loop was not waiting for events. */
  readonly elu?: number;
  /** CPU of the whole process, percent of one core; garbage collector and thread pool included. */
  readonly cpuPercent?: number;
  /** Resident set size in MiB at the end of the second. */
  readonly rssMb?: number;
  /** Share of the time in which the main thread ran (Linux schedstat), percent. */
  readonly ranPercent?: number;
  /** Share of the time in which the main thread could have run but had no CPU (Linux schedstat), percent. */
  readonly waitPercent?: number;
  /** Share of the time in which some task on the machine waited for a CPU (Linux PSI `cpu some`), percent. */
  readonly psiPercent?: number;
  /** Scheduler periods in which the cgroup's CPU quota was used up. */
  readonly throttled?: number;
  /** Time spent in garbage collection, ms. */
  readonly gcMs?: number;
};

export type GeneratorSeries = readonly GeneratorSecond[];

/** Each figure is absent when no second carried it. */
export type GeneratorSummary = {
  /** Mean utilisation, 0 to 1. */
  readonly eluMean?: number;
  /** Share of the seconds, 0 to 1, in which utilisation was at or above `busyElu`. */
  readonly busyShare?: number;
  readonly cpuPercent?: number;
  readonly ranPercent?: number;
  readonly waitPercent?: number;
  readonly psiPercent?: number;
  /** Sum over the run. */
  readonly throttled?: number;
  /** Sum over the run, ms. */
  readonly gcMs?: number;
  readonly rssPeakMb?: number;
};

/** From this utilisation on a second counts as busy: responses then wait in the socket for the loop to fetch them. */
export const busyElu = 0.9;

/** Means, sums and peak over the seconds of a run. */
export function summarizeGenerator(series: GeneratorSeries): GeneratorSummary {
  const elu = series.flatMap((second) => second.elu ?? []);
  const cpu = series.flatMap((second) => second.cpuPercent ?? []);
  const ran = series.flatMap((second) => second.ranPercent ?? []);
  const wait = series.flatMap((second) => second.waitPercent ?? []);
  const psi = series.flatMap((second) => second.psiPercent ?? []);
  const throttled = series.flatMap((second) => second.throttled ?? []);
  const gc = series.flatMap((second) => second.gcMs ?? []);
  const rss = series.flatMap((second) => second.rssMb ?? []);
  return {
    ...(elu.length > 0 && { eluMean: mean(elu), busyShare: mean(elu.map((value) => (value >= busyElu ? 1 : 0))) }),
    ...(cpu.length > 0 && { cpuPercent: mean(cpu) }),
    ...(ran.length > 0 && { ranPercent: mean(ran) }),
    ...(wait.length > 0 && { waitPercent: mean(wait) }),
    ...(psi.length > 0 && { psiPercent: mean(psi) }),
    ...(throttled.length > 0 && { throttled: sum(throttled) }),
    ...(gc.length > 0 && { gcMs: sum(gc) }),
    ...(rss.length > 0 && { rssPeakMb: rss.reduce((high, value) => Math.max(high, value)) }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
