import { expect, test } from '@playwright/test';
import { checkLittlesLaw } from './littles-law.ts';

const cases = [
  { inFlight: 32, throughputPerSec: 4_000, meanMs: 8, kind: 'consistent' },
  { inFlight: 20, throughputPerSec: 1_000, meanMs: 19, kind: 'consistent' }, // exactly five per cent off
  { inFlight: 20, throughputPerSec: 1_000, meanMs: 18.9, kind: 'accounting error' },
  { inFlight: 20, throughputPerSec: 1_000, meanMs: 22, kind: 'accounting error' },
  { inFlight: 0.5, throughputPerSec: 10, meanMs: 50, kind: 'not enough data' },
  { inFlight: NaN, throughputPerSec: 10, meanMs: 50, kind: 'not enough data' },
];
for (const { kind, ...parts } of cases) {
  test(`${parts.inFlight} in flight at ${parts.throughputPerSec}/s of ${parts.meanMs} ms: ${kind}`, () => {
    expect(checkLittlesLaw(parts).kind).toBe(kind);
  });
}
