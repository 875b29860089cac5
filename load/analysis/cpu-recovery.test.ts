import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { cpuReturn } from './cpu-recovery.ts';

/** One reading a second: idle, then under load from 0 on, then after it. */
function series(idle: readonly number[], load: readonly number[], after: readonly number[]): ResourceSeries {
  const rows = [
    ...idle.map((cpuPercent) => ({ cpuPercent, phase: 'baseline' as const })),
    ...load.map((cpuPercent) => ({ cpuPercent, phase: 'load' as const })),
    ...after.map((cpuPercent) => ({ cpuPercent, phase: 'after' as const })),
  ];
  const samples = rows.map((row, at) => ({ ...row, rssMb: 60, atMs: (at + 1 - idle.length) * 1_000 }));
  return {
    name: 'server',
    pid: 7,
    cores: 2,
    samples: [{ atMs: -idle.length * 1_000, rssMb: 60, phase: 'baseline' }, ...samples],
  };
}
const repeat = (value: number, times: number) => new Array<number>(times).fill(value);

const cases = [
  {
    title: 'idle from the second reading on',
    after: [40, ...repeat(1, 8)],
    expected: { kind: 'recovered', afterMs: 1_000, resolutionMs: 1_000, residualPoints: 0 },
  },
  {
    title: 'three busy seconds first',
    after: [90, 80, 70, ...repeat(1, 8)],
    expected: { kind: 'recovered', afterMs: 3_000, limitPercent: 6 },
  },
  {
    title: 'a spike does not undo an idle stretch',
    after: [90, 1, 1, 60, 1, 1, 1],
    expected: { kind: 'recovered', afterMs: 1_000 },
  },
  {
    title: 'busy for long',
    after: [...repeat(50, 12), ...repeat(1, 6)],
    expected: { kind: 'recovered', afterMs: 12_000 },
  },
  {
    title: 'a busy loop that stays',
    after: repeat(30, 12),
    expected: { kind: 'not-recovered', watchedMs: 12_000, residualPoints: 29 },
  },
  {
    title: 'idle only after the deadline',
    after: [...repeat(50, 40), ...repeat(1, 6)],
    expected: { kind: 'not-recovered', watchedMs: 46_000 },
  },
];
for (const { title, after, expected } of cases) {
  test(title, () => {
    expect(cpuReturn(series(repeat(1, 10), repeat(95, 5), after))).toMatchObject(expected);
  });
}

test('a restless baseline widens the limit by three deviations', () => {
  const restless = series([0, 20, 0, 20, 0, 20, 0, 20, 0, 20], repeat(95, 5), repeat(50, 8));
  expect(cpuReturn(restless)).toMatchObject({
    kind: 'recovered',
    baselinePercent: 10,
    limitPercent: expect.closeTo(54.478, 9),
  });
});

for (const how of ['exited', 'restarted'] as const) {
  test(`a process that ${how} neither recovered nor did not`, () => {
    expect(cpuReturn({ ...series(repeat(1, 10), [95], repeat(1, 8)), ended: how })).toEqual({
      kind: 'process-ended',
      how,
    });
  });
}

const undecidable = [
  { series: series(repeat(1, 9), [95], repeat(1, 8)), reason: '9 CPU readings were taken while idle, 10 are needed' },
  {
    series: series(repeat(1, 10), [95], repeat(1, 5)),
    reason: '4 CPU readings can be judged after the load, 5 are needed',
  },
];
for (const { series: short, reason } of undecidable) {
  test(reason, () => {
    expect(cpuReturn(short)).toEqual({ kind: 'not-enough-data', reason });
  });
}
