/** What counts as named, missed and raised for nothing. */
import { expect } from '@playwright/test';
import type { Analysis } from '../../domain/analysis/analyse.ts';
import { test } from '../plain-test.ts';
import { judge, scoreCard } from './score-card.ts';
import type { Expectation, Sequence } from './sequence.ts';

type Findings = readonly (readonly [rule: string, severity: string])[];

const judged = (expectation: Expectation, findings: Findings) => {
  const analysis = { findings: findings.map(([rule, severity]) => ({ rule, severity })) } as unknown as Analysis;
  const sequence = { name: 'one', layout: 'vllm-0.14', steps: [], expect: expectation } as unknown as Sequence;
  return judge(sequence, { analysis, snapshots: [] });
};

const queue: Expectation = { alarms: ['capacity_limited'] };
const cases: readonly { say: string; expectation: Expectation; findings: Findings; hits: string[]; misses: string[]; falseAlarms: string[] }[] = [
  { say: 'an alarm that is raised is a hit', expectation: queue, findings: [['capacity_limited', 'high']], hits: ['capacity_limited'], misses: [], falseAlarms: [] },
  { say: 'an alarm that is only mentioned is a miss', expectation: queue, findings: [['capacity_limited', 'info']], hits: [], misses: ['capacity_limited'], falseAlarms: [] },
  { say: 'another alarm is a miss and a false alarm', expectation: queue, findings: [['stalled', 'critical']], hits: [], misses: ['capacity_limited'], falseAlarms: ['stalled'] },
  { say: 'either of two will do', expectation: { alarms: [['admission_limited', 'capacity_limited']] }, findings: [['capacity_limited', 'medium']], hits: ['capacity_limited'], misses: [], falseAlarms: [] },
  { say: 'of two of which neither is raised the first is missed', expectation: { alarms: [['admission_limited', 'capacity_limited']] }, findings: [], hits: [], misses: ['admission_limited'], falseAlarms: [] },
  { say: 'a hint may be mild', expectation: { alarms: [], hints: ['idle'] }, findings: [['idle', 'info']], hits: ['idle'], misses: [], falseAlarms: [] },
  { say: 'a hint may be an alarm', expectation: { alarms: [], hints: ['prefill_bound'] }, findings: [['prefill_bound', 'medium']], hits: ['prefill_bound'], misses: [], falseAlarms: [] },
  { say: 'what is allowed counts neither way', expectation: { alarms: [], allowed: ['errors'] }, findings: [['errors', 'critical']], hits: [], misses: [], falseAlarms: [] },
  { say: 'two findings of one rule are one false alarm', expectation: { alarms: [] }, findings: [['ttft_slo', 'high'], ['ttft_slo', 'medium']], hits: [], misses: [], falseAlarms: ['ttft_slo'] },
  { say: 'information is no alarm', expectation: { alarms: [] }, findings: [['prefix_cache_low', 'info']], hits: [], misses: [], falseAlarms: [] },
]; // prettier-ignore
for (const { say, expectation, findings, hits, misses, falseAlarms } of cases)
  test(say, () => {
    expect(judged(expectation, findings)).toMatchObject({ hits, misses, falseAlarms });
  });

test('precision and recall are over all sequences together, and by rule', () => {
  const card = scoreCard([
    judged(queue, [['capacity_limited', 'high']]),
    judged(queue, [['stalled', 'critical']]),
    judged({ alarms: [] }, []),
    judged({ alarms: ['stalled'] }, [['stalled', 'critical']]),
  ]);
  expect(card).toMatchObject({ hits: 2, misses: 1, falseAlarms: 1, exact: 3 });
  expect([card.precision, card.recall]).toEqual([2 / 3, 2 / 3]);
  expect(card.byRule).toEqual({
    stalled: { hits: 1, misses: 0, falseAlarms: 1, precision: 0.5, recall: 1 },
    capacity_limited: { hits: 1, misses: 1, falseAlarms: 0, precision: 1, recall: 0.5 },
  });
});

test('nothing raised has no precision, and nothing wanted no recall', () => {
  expect(scoreCard([judged({ alarms: [] }, [])])).toMatchObject({ precision: null, recall: null, exact: 1 });
});
