import { expect, test } from '@playwright/test';
import { limitOfRamp, type RampStep } from './fixed-ramp.ts';

/** `10+ 50- 100?` is: 10 held, 50 broke, 100 says nothing. */
function ramp(text: string): RampStep[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const load = Number(word.slice(0, -1));
      if (word.endsWith('+')) return { load, outcome: { kind: 'sustained' } };
      if (word.endsWith('-')) return { load, outcome: { kind: 'broken', by: ['p95'] } };
      return { load, outcome: { kind: 'generator-bound', reason: 'busy' } };
    });
}

const cases = [
  { steps: '10+ 50+ 100+ 200- 500-', limit: { kind: 'breaks', sustains: 100, fails: 200, firstBroken: ['p95'] } },
  { steps: '500- 10+ 200- 100+', limit: { kind: 'breaks', sustains: 100, fails: 200, firstBroken: ['p95'] } },
  { steps: '10+ 50+ 100? 200?', limit: { kind: 'never breaks', sustains: 50 } },
  { steps: '10- 50-', limit: { kind: 'never holds', fails: 10, firstBroken: ['p95'] } },
  { steps: '10+ 50- 100+ 200-', limit: { kind: 'not monotonic', failed: [50], heldAbove: 100 } },
  { steps: '10?', limit: { kind: 'not enough data', reason: 'no step could be judged' } },
  { steps: '', limit: { kind: 'not enough data', reason: 'no step could be judged' } },
];
for (const { steps, limit } of cases) {
  test(`a ramp of "${steps}": ${limit.kind}`, () => {
    expect(limitOfRamp(ramp(steps))).toEqual(limit);
  });
}
