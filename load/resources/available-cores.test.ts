import { expect, test } from '@playwright/test';
import { availableCores } from './available-cores.ts';

const group = '/sys/fs/cgroup';
const cases = [
  { what: 'no quota', files: {}, allowed: 4, cores: 4 },
  { what: 'a quota of `max`', files: { [`${group}/cpu.max`]: 'max 100000\n' }, allowed: 4, cores: 4 },
  { what: 'a quota of two and a half cores', files: { [`${group}/cpu.max`]: '250000 100000\n' }, allowed: 4, cores: 2 },
  { what: 'a quota of half a core', files: { [`${group}/cpu.max`]: '50000 100000\n' }, allowed: 4, cores: 1 },
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
];
for (const { what, files, allowed, cores } of cases) {
  test(`with ${what}, ${cores} of ${allowed} cores may be used`, () => {
    const known = new Map(Object.entries<string>(files));
    expect(availableCores((path) => known.get(path), allowed)).toBe(cores);
  });
}
