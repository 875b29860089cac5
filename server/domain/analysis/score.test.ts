/** How much a score rests on, and when there is none. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { notApplicable, notEvaluated, clear, type Rule, type Verdict } from './rule.ts';
import { confidenceOf, leastConfidence, score } from './score.ts';
import type { Severity } from './severity.ts';
import type { SloStatus } from './slo-status.ts';

const verdict = (worst: Severity, said: Verdict) => ({
  rule: { id: 'errors', worst, judge: () => said } satisfies Rule,
  verdict: said,
});
const open = notEvaluated('too little');
const foreign = notApplicable('not there');
const slo = (metric: SloStatus['slo']['metric'], state: SloStatus['state']) =>
  ({ slo: { metric }, state }) as SloStatus;

const cases: { say: string; verdicts: ReturnType<typeof verdict>[]; slos?: SloStatus[]; confidence: number }[] = [
  { say: 'nothing to judge', verdicts: [], confidence: 0 },
  { say: 'all judged', verdicts: [verdict('critical', clear), verdict('info', clear)], confidence: 1 },
  { say: 'a hint open', verdicts: [verdict('critical', clear), verdict('info', open)], confidence: 0.8 },
  { say: 'the worst open', verdicts: [verdict('critical', open), verdict('info', clear)], confidence: 0.2 },
  { say: 'what does not apply', verdicts: [verdict('critical', foreign), verdict('info', clear)], confidence: 1 },
  { say: 'medium and high', verdicts: [verdict('medium', clear), verdict('high', open)], confidence: 0.4 },
  {
    say: 'a promise without a rule open',
    verdicts: [verdict('critical', clear)],
    slos: [slo('requests_per_s', 'not_evaluated')],
    confidence: 0.5,
  },
  {
    say: 'promises that rules are about',
    verdicts: [verdict('critical', clear)],
    slos: [slo('ttft_p95_s', 'not_evaluated'), slo('itl_p50_s', 'not_evaluated'), slo('error_rate', 'not_evaluated')],
    confidence: 1,
  },
];
for (const { say, verdicts, slos = [], confidence } of cases)
  test(`${say}: a confidence of ${confidence}`, () => {
    expect(confidenceOf(verdicts, slos)).toBe(confidence);
  });

for (const { confidence, value } of [
  { confidence: leastConfidence - 0.01, value: null },
  { confidence: leastConfidence, value: 100 },
])
  test(`a confidence of ${confidence} gives a score of ${String(value)}`, () => {
    expect(score({ findings: [], slos: [], confidence }).value).toBe(value);
  });
