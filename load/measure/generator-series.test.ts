import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { summarizeGenerator } from './generator-series.ts';

const cases = [
  { title: 'no second, no figure', series: [], summary: {} },
  { title: 'a second in which nothing was readable', series: [{ second: 0 }], summary: {} },
  {
    title: 'a second is busy from nine tenths on',
    series: [
      { second: 0, elu: 0.9 },
      { second: 1, elu: 0.9 },
    ],
    summary: { eluMean: 0.9, busyShare: 1 },
  },
  {
    title: 'and not below',
    series: [{ second: 0, elu: 0.8999 }],
    summary: { eluMean: 0.8999, busyShare: 0 },
  },
  {
    title: 'the time that the thread ran, and a peak that comes first',
    series: [
      { second: 0, ranPercent: 10, rssMb: 96 },
      { second: 1, ranPercent: 30, rssMb: 95 },
    ],
    summary: { ranPercent: 20, rssPeakMb: 96 },
  },
  {
    title: 'means, shares, sums and the peak',
    series: [
      { second: 0, elu: 0.25, cpuPercent: 40, rssMb: 90, gcMs: 2, throttled: 1 },
      { second: 1, elu: 1, cpuPercent: 60, rssMb: 95, gcMs: 3, throttled: 0 },
      { second: 2, elu: 0.75, waitPercent: 4, psiPercent: 12, rssMb: 93 },
      { second: 3, elu: 0, waitPercent: 8, psiPercent: 18 },
    ],
    summary: {
      eluMean: 0.5,
      busyShare: 0.25,
      cpuPercent: 50,
      waitPercent: 6,
      psiPercent: 15,
      throttled: 1,
      gcMs: 5,
      rssPeakMb: 95,
    },
  },
];
for (const { title, series, summary } of cases) {
  test(title, () => {
    expect(summarizeGenerator(series)).toEqual(summary);
  });
}
