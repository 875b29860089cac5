import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { memoryGrowth } from './memory-growth.ts';

function series(idle: readonly number[], load: readonly number[], after: readonly number[]): ResourceSeries {
  const rows = [
    ...idle.map((rssMb) => ({ rssMb, phase: 'baseline' as const })),
    ...load.map((rssMb) => ({ rssMb, phase: 'load' as const })),
    ...after.map((rssMb) => ({ rssMb, phase: 'after' as const })),
  ];
  return {
    name: 'server',
    pid: 7,
    cores: 2,
    samples: rows.map((row, at) => ({ ...row, atMs: (at - idle.length) * 1_000 })),
  };
}

const cases = [
  {
    title: 'grown within the limit and flat afterwards',
    after: [90, 90, 90, 89, 89, 89],
    expected: {
      kind: 'settled',
      baselineMb: 60,
      peakMb: 95,
      finalMb: 89,
      growthMb: 35,
      tailRiseMb: -1,
      returned: false,
    },
  },
  {
    title: 'back where it was',
    after: [75, 70, 70, 68, 66, 66],
    expected: { kind: 'settled', finalMb: 66, returned: true },
  },
  {
    title: '100 MiB is not below 100 MiB',
    load: [60, 160],
    after: [90, 90, 90, 90, 90, 90],
    expected: { kind: 'grew-too-much', growthMb: 100, limitMb: 100 },
  },
  {
    title: 'a peak that comes after the load counts',
    after: [90, 90, 170, 90, 90, 90],
    expected: { kind: 'grew-too-much', growthMb: 110 },
  },
  {
    title: 'growing on without any load',
    after: [90, 94, 98, 102, 106, 110],
    expected: { kind: 'still-growing', tailRiseMb: 12 },
  },
  {
    title: 'a rise within the noise is settled',
    after: [90, 90, 90, 95, 95, 95],
    expected: { kind: 'settled', tailRiseMb: 5 },
  },
];
for (const { title, load = [70, 95], after, expected } of cases) {
  test(title, () => {
    expect(memoryGrowth(series([61, 60, 60], load, after))).toMatchObject(expected);
  });
}

const undecidable = [
  { series: series([], [70], [70, 70, 70, 70, 70, 70]), reason: 'memory was not sampled before the load' },
  { series: series([60], [], [70, 70, 70, 70, 70, 70]), reason: 'memory was not sampled under load' },
  { series: series([60], [70], [70, 70, 70, 70, 70]), reason: '5 readings were taken after the load, 6 are needed' },
];
for (const { series: short, reason } of undecidable) {
  test(reason, () => {
    expect(memoryGrowth(short)).toEqual({ kind: 'not-enough-data', reason });
  });
}

test('a process that exited is neither settled nor grown', () => {
  expect(memoryGrowth({ ...series([60], [70], []), ended: 'exited' })).toEqual({
    kind: 'process-ended',
    how: 'exited',
  });
});
