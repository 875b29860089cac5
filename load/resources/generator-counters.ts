/**
 * The counters of our own process and machine that tell whether the generator kept up. All of them only grow, so two
 * looks give the figure of the time between them. Linux alone has the last three, and not every container shows them.
 */
import { readFileSync } from 'node:fs';
import { performance, PerformanceObserver } from 'node:perf_hooks';

/** Each reader answers with a total since some fixed moment, or nothing where the platform does not tell. */
export type GeneratorCounters = {
  /** Time that the event loop was busy and idle, ms. */
  loop(): { readonly activeMs: number; readonly idleMs: number } | undefined;
  /** CPU time of all threads, user and system, ms. */
  cpuMs(): number | undefined;
  /** Resident set now, bytes. */
  rssBytes(): number | undefined;
  /** Time in garbage collection since the counters were opened, ms. */
  gcMs(): number | undefined;
  /** Time in which the main thread ran, and in which it could have run but had no CPU, ms. */
  mainThread(): { readonly ranMs: number; readonly waitedMs: number } | undefined;
  /** Time in which some task of the machine waited for a CPU, ms. */
  pressureMs(): number | undefined;
  /** Periods in which the CPU quota of our cgroup was used up. */
  throttledPeriods(): number | undefined;
  close(): void;
};

/** The text of a file, or nothing if it is not there or not ours to read. */
export type ReadText = (path: string) => string | undefined;

const readText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // another platform, or a container that hides it: the figure is absent
  }
};

/**
 * Opens the counters of this process. `close` ends the watch on the garbage collector. `spunMs` is the time in which the
 * loop turned only so as not to sleep: it was free for work, so it counts as idle.
 */
export function openGeneratorCounters(read: ReadText = readText, spunMs = (): number => 0): GeneratorCounters {
  let gcMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcMs += entry.duration;
  });
  observer.observe({ entryTypes: ['gc'] });
  const cpuStatPath = findCpuStat(read);
  return {
    loop() {
      const { active, idle } = performance.eventLoopUtilization();
      if (active + idle === 0) return undefined; // it has not turned yet
      const spun = Math.min(spunMs(), active);
      return { activeMs: active - spun, idleMs: idle + spun };
    },
    cpuMs() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
    rssBytes: () => process.memoryUsage.rss(),
    gcMs: () => gcMs,
    mainThread: () => parseSchedstat(read('/proc/self/schedstat')),
    pressureMs: () => parsePressure(read('/proc/pressure/cpu')),
    throttledPeriods: () => (cpuStatPath ? parseThrottled(read(cpuStatPath)) : undefined),
    close: () => observer.disconnect(),
  };
}

/**
 * `/proc/<pid>/schedstat` of the main thread: nanoseconds run, nanoseconds runnable but waiting, time slices
 * (kernel: Documentation/scheduler/sched-stats). Kernels that keep no such statistics answer with zeros.
 */
export function parseSchedstat(text: string | undefined): ReturnType<GeneratorCounters['mainThread']> {
  const [ranNs, waitedNs] = numbers(text);
  if (ranNs === undefined || waitedNs === undefined || ranNs === 0) return undefined;
  return { ranMs: ranNs / 1e6, waitedMs: waitedNs / 1e6 };
}

/** `/proc/pressure/cpu`, the microseconds in `some … total=` (kernel: Documentation/accounting/psi), as ms. */
export function parsePressure(text: string | undefined): number | undefined {
  const total = /^some .*\btotal=(\d+)/m.exec(text ?? '')?.[1];
  return total === undefined ? undefined : Number(total) / 1_000;
}

/** `nr_throttled` of a cgroup's `cpu.stat`; absent where no quota is set. */
export function parseThrottled(text: string | undefined): number | undefined {
  const periods = /^nr_throttled (\d+)$/m.exec(text ?? '')?.[1];
  return periods === undefined ? undefined : Number(periods);
}

/** The `cpu.stat` of our own cgroup: version 2 below one root, version 1 below the root of its `cpu` controller. */
export function findCpuStat(read: ReadText): string | undefined {
  const lines = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  const unified = lines.find(([id, controllers]) => id === '0' && controllers === '')?.[2];
  const legacy = lines.find(([, controllers]) => controllers?.split(',').includes('cpu'))?.[2];
  const candidates = [
    ...(unified === undefined ? [] : [`/sys/fs/cgroup${unified}/cpu.stat`]),
    ...(legacy === undefined ? [] : [`/sys/fs/cgroup/cpu${legacy}/cpu.stat`]),
    '/sys/fs/cgroup/cpu.stat', // inside a container whose own group is mounted as the root
    '/sys/fs/cgroup/cpu/cpu.stat',
  ];
  return candidates.find((path) => parseThrottled(read(path)) !== undefined);
}

function numbers(text: string | undefined): number[] {
  return (text ?? '').trim().split(/\s+/).filter(Boolean).map(Number).filter(Number.isFinite);
}
