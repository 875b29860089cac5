import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { distributionChart, finerLabels } from './distribution-chart.ts';
import { lightPalette } from './palette.ts';

const cases = [
  { low: 1, high: 100, labels: undefined }, // powers of ten by themselves
  { low: 8, high: 60, labels: [10, 20, 50] },
  { low: 130, high: 180, labels: [130, 140, 150, 160, 170, 180] },
  { low: 144, high: 175, labels: [150, 160, 170] },
  { low: 22, high: 65, labels: [30, 40, 50, 60] },
  { low: 0.301, high: 0.309, labels: [0.302, 0.304, 0.306, 0.308] },
  { low: 7, high: 7, labels: [] }, // one value
];
for (const { low, high, labels } of cases)
  test(`from ${low} to ${high} ms the axis is labelled at ${labels?.join(', ') ?? 'powers of ten'}`, () => {
    expect(finerLabels(low, high).customValues).toEqual(labels);
  });

for (const [counts, max] of [
  [[99, 1], 1],
  [[90, 10], undefined],
] as const)
  test(`steps of ${counts.join(' and ')} % end the axis ${max === undefined ? 'where they do' : 'at 100 %'}`, () => {
    const distribution = { edgesMs: [1, 2, 3], counts: [...counts], count: 100, percentiles: [] };
    const { yAxis } = distributionChart({ distribution, palette: lightPalette, width: 400 });
    expect(yAxis).toMatchObject(max === undefined ? { min: 0 } : { min: 0, max });
    expect(Object.hasOwn(yAxis as object, 'max')).toBe(max !== undefined);
  });
