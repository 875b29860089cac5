/** Files as a kernel has them, of both versions of its cgroups. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { availableCores } from './available-cores.ts';

const group = '/sys/fs/cgroup';
interface Case {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly allowed: number;
  /** As many as are allowed, where nothing is said. */
  readonly ofMachine?: number;
  readonly cores: number;
  readonly limit?: string;
}

const cases: readonly Case[] = [
  { what: 'no quota', files: {}, allowed: 4, cores: 4 },
  { what: 'a quota of `max`', files: { [`${group}/cpu.max`]: 'max 100000\n' }, allowed: 4, cores: 4 },
  {
    what: 'a quota of two and a half cores',
    files: { [`${group}/cpu.max`]: '250000 100000\n' },
    allowed: 4,
    cores: 2,
    limit: 'CPU quota of 2.5',
  },
  {
    what: 'a quota of half a core',
    files: { [`${group}/cpu.max`]: '50000 100000\n' },
    allowed: 4,
    cores: 1,
    limit: 'CPU quota of 0.5',
  },
  { what: 'a quota above what is allowed', files: { [`${group}/cpu.max`]: '800000 100000\n' }, allowed: 4, cores: 4 },
  {
    what: 'a quota of a group above its own',
    files: {
      '/proc/self/cgroup': '0::/a/b\n',
      [`${group}/a/b/cpu.max`]: 'max 100000\n',
      [`${group}/a/cpu.max`]: '300000 100000\n',
    },
    allowed: 8,
    cores: 3,
    limit: 'CPU quota of 3',
  },
  {
    what: 'a quota of version 1',
    files: {
      '/proc/self/cgroup': '4:cpu,cpuacct:/job\n',
      [`${group}/cpu/job/cpu.cfs_quota_us`]: '200000\n',
      [`${group}/cpu/job/cpu.cfs_period_us`]: '100000\n',
    },
    allowed: 8,
    cores: 2,
    limit: 'CPU quota of 2',
  },
  {
    what: 'no quota of version 1',
    files: {
      [`${group}/cpu/cpu.cfs_quota_us`]: '-1\n',
      [`${group}/cpu/cpu.cfs_period_us`]: '100000\n',
    },
    allowed: 8,
    cores: 8,
  },
  {
    what: 'a quota of one and a half cores of version 1, as Docker shows it inside',
    files: {
      '/proc/self/cgroup': '12:pids:/docker/4d0d\n4:cpu,cpuacct:/docker/4d0d\n1:name=systemd:/docker/4d0d\n0::/\n',
      [`${group}/cpu/cpu.cfs_quota_us`]: '150000\n',
      [`${group}/cpu/cpu.cfs_period_us`]: '100000\n',
    },
    allowed: 8,
    cores: 1,
    limit: 'CPU quota of 1.5',
  },
  {
    what: 'a quota of a pod and of its container',
    files: { '/proc/self/cgroup': '0::/../pod1\n', [`${group}/cpu.max`]: '350000 100000\n' },
    allowed: 8,
    cores: 3,
    limit: 'CPU quota of 3.5',
  },
  {
    what: 'a quota of another period',
    files: { [`${group}/cpu.max`]: '30000 20000' },
    allowed: 2,
    cores: 1,
    limit: 'CPU quota of 1.5',
  },
  {
    what: 'a quota that Node has counted already',
    files: { [`${group}/cpu.max`]: '350000 100000\n' },
    allowed: 3,
    ofMachine: 8,
    cores: 3,
    limit: 'CPU quota of 3.5',
  },
  { what: 'an affinity', files: {}, allowed: 1, ofMachine: 2, cores: 1, limit: 'CPU affinity' },
  {
    what: 'an affinity below the quota',
    files: { [`${group}/cpu.max`]: '300000 100000\n' },
    allowed: 2,
    ofMachine: 8,
    cores: 2,
    limit: 'CPU affinity',
  },
];
for (const { what, files, allowed, ofMachine = allowed, cores, limit } of cases) {
  test(`with ${what}, ${cores} of ${allowed} cores may be used`, () => {
    const known = new Map(Object.entries<string>(files));
    const available = availableCores((path) => known.get(path), allowed, ofMachine);
    expect(available).toEqual({ count: cores, ofMachine, ...(limit !== undefined && { limit }) });
  });
}
