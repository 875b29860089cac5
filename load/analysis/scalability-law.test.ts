import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { fitScalabilityLaw, throughputAt, type ScalingPoint } from './scalability-law.ts';
import { seededRandom, standardNormal } from '../random.ts';

const truth = {
  kind: 'fitted' as const,
  lambda: 500,
  sigma: 0.05,
  kappa: 0.0008,
  peakInFlight: Math.sqrt(0.95 / 0.0008),
  peakThroughputPerSec: 0,
};
const loads = [1, 2, 4, 8, 16, 32, 64];
const points = (noise: () => number): ScalingPoint[] =>
  loads.map((inFlight) => ({ inFlight, throughputPerSec: throughputAt(inFlight, truth) * noise() }));

test('exact points give back the law they came from', () => {
  const law = fitScalabilityLaw(points(() => 1));
  expect(law.kind).toBe('fitted');
  if (law.kind !== 'fitted') return;
  expect(law.lambda).toBeCloseTo(500, 6);
  expect(law.sigma).toBeCloseTo(0.05, 9);
  expect(law.kappa).toBeCloseTo(0.0008, 10);
  expect(law.peakInFlight).toBeCloseTo(34.46, 2);
  expect(law.peakThroughputPerSec).toBeCloseTo(throughputAt(34.46, truth), 2);
});

test('three per cent of noise moves the peak by less than a quarter', () => {
  const random = seededRandom(3);
  for (let run = 0; run < 50; run += 1) {
    const law = fitScalabilityLaw(points(() => 1 + 0.03 * standardNormal(random)));
    expect(law.kind).toBe('fitted');
    if (law.kind === 'fitted') expect(Math.abs(law.peakInFlight / truth.peakInFlight - 1)).toBeLessThan(0.25);
  }
});

test('a tenth too much at the highest load leaves the throughput of one request nearly as it was', () => {
  const law = fitScalabilityLaw(
    points(() => 1).map((point) =>
      point.inFlight === 64 ? { ...point, throughputPerSec: point.throughputPerSec * 1.1 } : point,
    ),
  );
  expect(law.kind).toBe('fitted');
  if (law.kind === 'fitted') expect(Math.abs(law.lambda / 500 - 1)).toBeLessThan(0.02);
});

const refused = [
  {
    title: 'throughput that bends upwards again',
    points: loads.map((inFlight) => ({
      inFlight,
      throughputPerSec: (500 * inFlight) / (1 + 0.2 * (inFlight - 1) - 1e-4 * inFlight * (inFlight - 1)),
    })),
    result: { kind: 'not-identifiable', reason: 'throughput never bends down: load it higher' },
  },
  {
    title: 'five loads',
    points: points(() => 1).slice(0, 5),
    result: { kind: 'not-enough-data', reason: '5 different loads, 6 are needed' },
  },
  {
    title: 'six runs at one load',
    points: Array.from({ length: 6 }, () => ({ inFlight: 8, throughputPerSec: 900 })),
    result: { kind: 'not-enough-data', reason: '1 different loads, 6 are needed' },
  },
  {
    title: 'a server that only saturates',
    points: loads.map((inFlight) => ({
      inFlight,
      throughputPerSec: (500 * inFlight) / (1 + 0.2 * (inFlight - 1)) - 0.02 * inFlight,
    })),
    result: { kind: 'not-identifiable' },
  },
  {
    title: 'growth faster than the load',
    points: loads.map((inFlight) => ({ inFlight, throughputPerSec: 100 * inFlight ** 1.2 })),
    result: { kind: 'not-identifiable', reason: 'throughput grows faster than the load: contention would be negative' },
  },
];
for (const { title, points: given, result } of refused) {
  test(`${title} gives no law`, () => {
    expect(fitScalabilityLaw(given)).toMatchObject(result);
  });
}
