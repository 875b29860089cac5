import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import {
  findCpuStat,
  openGeneratorCounters,
  parsePressure,
  parseSchedstat,
  parseThrottled,
} from './generator-counters.ts';

const files = (texts: Readonly<Record<string, string>>) => (path: string) => texts[path];
const stat = 'nr_periods 10\nnr_throttled 3\nthrottled_usec 1200\n';

const schedstats = [
  { text: '1500000000 20000000 87\n', parsed: { ranMs: 1_500, waitedMs: 20 } },
  { text: '0 0 1\n', parsed: undefined }, // a kernel that keeps no scheduler statistics
  { text: 'nonsense', parsed: undefined },
  { text: undefined, parsed: undefined },
];
for (const { text, parsed } of schedstats) {
  test(`schedstat ${JSON.stringify(text)} reads as ${JSON.stringify(parsed)}`, () => {
    expect(parseSchedstat(text)).toEqual(parsed);
  });
}

const pressures = [
  { text: 'some avg10=1.00 avg60=0.00 avg300=0.24 total=8595763\nfull avg10=0.00 total=7\n', ms: 8_595.763 },
  { text: '', ms: undefined },
  { text: undefined, ms: undefined },
];
for (const { text, ms } of pressures) {
  test(`pressure ${JSON.stringify(text)} reads as ${ms}`, () => {
    expect(parsePressure(text)).toBe(ms);
  });
}

const throttles = [
  { text: stat, periods: 3 },
  { text: 'usage_usec 5\nuser_usec 3\n', periods: undefined }, // a group without quota
  { text: undefined, periods: undefined },
];
for (const { text, periods } of throttles) {
  test(`cpu.stat ${JSON.stringify(text)} has ${periods} throttled periods`, () => {
    expect(parseThrottled(text)).toBe(periods);
  });
}

const groups = [
  {
    title: 'version 2',
    texts: { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/b/cpu.stat': stat },
    path: '/sys/fs/cgroup/a/b/cpu.stat',
  },
  {
    title: 'version 1',
    texts: { '/proc/self/cgroup': '4:cpu,cpuacct:/x\n0::/\n', '/sys/fs/cgroup/cpu/x/cpu.stat': stat },
    path: '/sys/fs/cgroup/cpu/x/cpu.stat',
  },
  {
    title: 'a container whose group is the root',
    texts: { '/proc/self/cgroup': '0::/kubepods/p1\n', '/sys/fs/cgroup/cpu.stat': stat },
    path: '/sys/fs/cgroup/cpu.stat',
  },
  {
    title: 'no quota anywhere',
    texts: { '/proc/self/cgroup': '0::/a\n', '/sys/fs/cgroup/a/cpu.stat': 'usage_usec 5\n' },
    path: undefined,
  },
  { title: 'no Linux', texts: {}, path: undefined },
];
for (const { title, texts, path } of groups) {
  test(`cgroup of ${title}: ${path}`, () => {
    expect(findCpuStat(files(texts))).toBe(path);
  });
}

test('without /proc the figures of Node are there and those of Linux are absent', () => {
  const counters = openGeneratorCounters(() => undefined);
  try {
    expect(counters.cpuMs()).toBeGreaterThan(0);
    expect(counters.rssBytes()).toBeGreaterThan(10 * 2 ** 20);
    expect([counters.mainThread(), counters.pressureMs(), counters.throttledPeriods()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  } finally {
    counters.close();
  }
});
