/** How many failures of how many requests are a rate. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { nowMs, repeated } from '../../testing/snapshots.ts';
import { analyse } from './analyse.ts';
import type { Slo } from './slo.ts';

const tooFew = 'needs 50 finished requests';
const chance = 'too few to tell';
const cases: { failed: number | null; of: number; promised?: number; said: string }[] = [
  { failed: 0, of: 49, said: tooFew },
  { failed: 0, of: 50, said: 'clear' },
  { failed: 1, of: 2, said: chance }, // no rate of 50 %
  { failed: 2, of: 2, said: chance },
  { failed: 4, of: 4, said: chance },
  { failed: 5, of: 5, said: 'critical' },
  { failed: 5, of: 49, said: 'critical' },
  { failed: 1, of: 50, said: chance },
  { failed: 3, of: 50, said: 'critical' },
  { failed: 5, of: 500, said: 'clear' }, // 1 % is within what is assumed
  { failed: 6, of: 500, said: chance },
  { failed: 10, of: 500, said: 'medium' },
  { failed: 13, of: 500, said: 'high' },
  { failed: 18, of: 500, said: 'critical' },
  { failed: 10_200, of: 1_000_000, said: 'medium' }, // with so many, a hair above is above
  { failed: 0, of: 500, promised: 0.001, said: 'clear' },
  { failed: 1, of: 500, promised: 0.001, said: 'medium' }, // broken as promised, by however little
  { failed: 25, of: 500, promised: 0.05, said: 'medium' }, // "below" is broken at its limit
  { failed: 24, of: 500, promised: 0.05, said: 'clear' },
  { failed: null, of: 500, said: 'does not count failed requests' },
];
for (const { failed, of, promised, said } of cases)
  test(`${String(failed)} failed of ${of}, ${promised === undefined ? 'nothing' : `below ${promised}`} promised: ${said}`, () => {
    const fields = { running: 20, done: (of - (failed ?? 0)) / 4, failed: failed === null ? null : failed / 4 };
    const slos: Slo[] =
      promised === undefined
        ? []
        : [{ name: 'errors', metric: 'error_rate', op: '<', target: promised, window_s: 300 }];
    const { findings, clear, not_evaluated } = analyse({ engine: 'vllm', snapshots: repeated(4, fields), slos, nowMs });
    const found = findings.find(({ rule }) => rule === 'errors');
    const open = not_evaluated.find(({ rule }) => rule === 'errors');
    expect(found?.severity ?? (clear.includes('errors') ? 'clear' : open?.reason)).toContain(said);
    if (promised !== undefined && found !== undefined) expect(found.slo).toBe('errors');
  });
