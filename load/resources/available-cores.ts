/**
 * How many cores this process may use: those that the system lets it run on, and no more than the CPU quota of its
 * cgroup, or of one above it, is worth.
 */
import { availableParallelism, cpus } from 'node:os';
import { readFileSync } from 'node:fs';
import { toDigits } from '../measure/units.ts';
import type { ReadText } from './generator-counters.ts';

const readText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // another platform, or no quota there
  }
};

export interface AvailableCores {
  /** Whole cores that may be used, at least 1. */
  readonly count: number;
  readonly ofMachine: number;
  /** What keeps the others away: `CPU affinity`, `CPU quota of 1.5`; absent where nothing does. */
  readonly limit?: string;
}

export function availableCores(
  read = readText,
  allowed = availableParallelism(),
  ofMachine = cpus().length,
): AvailableCores {
  const quota = Math.min(...quotas(read));
  const count = Math.max(1, Math.min(allowed, Math.floor(quota)));
  // Newer Nodes look at the quota too, and round it in their own way.
  const isQuota = quota < ofMachine && Math.floor(quota) <= allowed;
  const limit = isQuota ? `CPU quota of ${toDigits(quota, 2)}` : allowed < ofMachine ? 'CPU affinity' : undefined;
  return { count, ofMachine: Math.max(count, ofMachine), ...(limit !== undefined && { limit }) };
}

/** Cores' worth of time that each cgroup leaves us; a container sees its own as the root. */
function quotas(read: ReadText): number[] {
  const lines = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  const unified = lines.find(([id, controllers]) => id === '0' && controllers === '')?.[2] ?? '/';
  const legacy = lines.find(([, controllers]) => controllers?.split(',').includes('cpu'))?.[2] ?? '/';
  return [
    ...upwards(unified).map((path) => quotaOf(read(`/sys/fs/cgroup${path}/cpu.max`))),
    ...upwards(legacy).map((path) => {
      const folder = `/sys/fs/cgroup/cpu${path}`;
      return quotaOf(`${read(`${folder}/cpu.cfs_quota_us`) ?? 'max'} ${read(`${folder}/cpu.cfs_period_us`) ?? ''}`);
    }),
  ].filter((cores) => cores !== undefined);
}

/** `/a/b`, `/a` and the root, which is empty. */
function upwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return Array.from({ length: names.length + 1 }, (_, n) =>
    names
      .slice(0, names.length - n)
      .map((name) => `/${name}`)
      .join(''),
  );
}

/** `200000 100000` is two cores; `max` and -1 are no quota (kernel: Documentation/admin-guide/cgroup-v2). */
function quotaOf(text = ''): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return undefined;
  return quota / period;
}
