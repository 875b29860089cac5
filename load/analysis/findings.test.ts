import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import {
  describeCpuRecovery,
  describeDrift,
  describeHandleLeak,
  describeLeak,
  describeMemoryGrowth,
  describePairs,
  describeRecovery,
} from './findings.ts';
import { formatMs } from '../measure/units.ts';

const observed = { baselineP95Ms: 10, limitMs: 15, residualRatio: 2.25 };
const cpu = { baselinePercent: 3, limitPercent: 8, residualPoints: 21.5 };
const memory = { baselineMb: 60, peakMb: 81, finalMb: 74, growthMb: 21, tailRiseMb: 12, returned: true };
const trend = {
  slopeMbPerMin: 3.1,
  slopeLow: 2.9,
  slopeHigh: 3.3,
  growthMb: 31,
  pValue: 0.001,
  watchedMs: 600_000,
  detectableMbPerMin: 0.5,
};
const handles = {
  slopePerMin: 12.04,
  slopeLow: 11,
  slopeHigh: 13,
  growth: 120,
  pValue: 0.001,
  watchedMs: 599_800,
  detectablePerMin: 1.234,
};
const drift = {
  from: 20,
  to: 31,
  change: 0.43,
  changeLow: 0.35,
  changeHigh: 0.52,
  slopePerMin: 1.1,
  watchedMs: 600_000,
  detectable: 0.12,
};
const pairs = {
  pairs: 10,
  ratio: 1.12,
  ratioLow: 1.08,
  ratioHigh: 1.15,
  detectable: 0.05,
  allowed: 0.1,
  sensitive: true,
};
const nothing = { kind: 'not-enough-data', reason: 'nothing came' } as const;
const ended = { kind: 'process-ended', how: 'restarted' } as const;

const sentences: readonly (readonly [told: string, expected: string])[] = [
  [
    describeRecovery({ kind: 'recovered', afterMs: 3_000, resolutionMs: 1_000, ...observed }),
    'recovered after 3s (± 1s): p95 10.0 ms before, limit 15.0 ms',
  ],
  [
    describeRecovery({ kind: 'not-recovered', watchedMs: 30_000, ...observed }),
    'not recovered within 30s: p95 10.0 ms before, limit 15.0 ms, ended at 2.3 times',
  ],
  [describeRecovery(nothing), 'not enough data: nothing came'],
  [
    describeCpuRecovery({ kind: 'recovered', afterMs: 2_000, resolutionMs: 1_000, ...cpu }),
    'CPU back to idle after 2s: 3.0 % before, limit 8.0 %',
  ],
  [
    describeCpuRecovery({ kind: 'not-recovered', watchedMs: 30_000, ...cpu }),
    'CPU not back to idle within 30s: 3.0 % before, limit 8.0 %, ended 21.5 points above',
  ],
  [describeCpuRecovery(ended), 'the process was restarted while it was watched'],
  [
    describeMemoryGrowth({ kind: 'settled', ...memory }),
    'memory grew by 21.0 MB (60.0 MB to 81.0 MB) and settled at 74.0 MB',
  ],
  [
    describeMemoryGrowth({ kind: 'grew-too-much', limitMb: 20, ...memory }),
    'memory grew by 21.0 MB (60.0 MB to 81.0 MB), less than 20.0 MB is allowed',
  ],
  [
    describeMemoryGrowth({ kind: 'still-growing', ...memory }),
    'memory grew by 21.0 MB (60.0 MB to 81.0 MB) and still grew by 12.0 MB after the load',
  ],
  [describeMemoryGrowth({ kind: 'process-ended', how: 'exited' }), 'the process ended while it was watched'],
  [
    describeLeak({ kind: 'leak', ...trend, mbPer1000Requests: 0.52, minutesToLimit: 129.6 }),
    'leak of 3.1 MB/min (2.9 to 3.3) over 10m, 0.52 MB per 1,000 requests, full in 130 min',
  ],
  [
    describeLeak({ kind: 'levelling-off', ...trend }),
    'memory rises by 3.1 MB/min (2.9 to 3.3) over 10m and is levelling off',
  ],
  [
    describeLeak({ kind: 'growing-run-too-short', ...trend }),
    'memory rises by 3.1 MB/min (2.9 to 3.3) over 10m, too short a run to tell a leak from a warm-up',
  ],
  [describeLeak({ kind: 'no-leak-found', ...trend }), 'no leak of 0.5 MB/min or more over 10m'],
  [
    describeHandleLeak({ kind: 'leak', ...handles, per1000Requests: 2.04 }),
    'leak of 12.0 handles/min (11.0 to 13.0) over 10m, 2.0 handles per 1,000 requests',
  ],
  [
    describeHandleLeak({ kind: 'levelling-off', ...handles }),
    'open handles rise by 12.0 handles/min (11.0 to 13.0) over 10m and are levelling off',
  ],
  [
    describeHandleLeak({ kind: 'growing-run-too-short', ...handles }),
    'open handles rise by 12.0 handles/min (11.0 to 13.0) over 10m, too short a run to tell a leak from a warm-up',
  ],
  [describeHandleLeak({ kind: 'no-leak-found', ...handles }), 'no leak of 1.2 handles/min or more over 10m'],
  [
    describeDrift({ kind: 'rising', ...drift }, formatMs),
    'rises by 43.0 % (+35 % to +52 %) over 10m, from 20.0 ms to 31.0 ms',
  ],
  [
    describeDrift({ kind: 'falling', ...drift, change: -0.2, changeLow: -0.3, changeHigh: -0.1 }, formatMs),
    'falls by 20.0 % (-30 % to -10 %) over 10m, from 20.0 ms to 31.0 ms',
  ],
  [
    describeDrift({ kind: 'rising', ...drift, atOnce: true }, formatMs),
    'jumps up by 43.0 % (+35 % to +52 %) over 10m, from 20.0 ms to 31.0 ms',
  ],
  [
    describeDrift(
      { kind: 'falling', ...drift, atOnce: true, change: -0.2, changeLow: -0.3, changeHigh: -0.1 },
      formatMs,
    ),
    'drops by 20.0 % (-30 % to -10 %) over 10m, from 20.0 ms to 31.0 ms',
  ],
  [
    describeDrift({ kind: 'steady', ...drift, to: 21 }, formatMs),
    'steady at 20.5 ms over 10m: a change of 12.0 % would have been seen',
  ],
  [
    describeDrift({ kind: 'too-noisy', ...drift }, formatMs),
    'too noisy to tell: a change of 12.0 % over 10m could have hidden; run longer',
  ],
  [
    describeCpuRecovery({ kind: 'recovered', afterMs: 2_000, resolutionMs: 1_000, ...cpu }, 'its level before'),
    'CPU back to its level before after 2s: 3.0 % before, limit 8.0 %',
  ],
  [describePairs({ kind: 'regression', ...pairs }), '+12 % (+8 % to +15 %) over 10 pairs: regression'],
  [
    describePairs({ kind: 'inconclusive', ...pairs, ratioLow: 0.966, detectable: 0.3, sensitive: false }),
    '+12 % (-3.4 % to +15 %) over 10 pairs: inconclusive; it could only have seen +30 %',
  ],
];
for (const [told, expected] of sentences) {
  test(expected, () => {
    expect(told).toBe(expected);
  });
}
