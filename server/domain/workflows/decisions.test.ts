import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { workflow } from '../../testing/workflows.ts';
import { ProblemError } from '../problem.ts';
import { decide, isRepeated } from './decisions.ts';
import { isFinal, isRunning, mayFollow, workflowStatuses, type WorkflowStatus } from './states.ts';
import { verdicts, type Decision } from './workflow.ts';

const decision = (verdict: Decision['verdict'], given: Partial<Decision> = {}): Decision => ({
  verdict,
  by: 'ops',
  at: '2026-01-01T00:00:00.000Z',
  ...given,
});

/** What each decision leads to from each state; what is not listed is refused. */
const table: Record<Decision['verdict'], Partial<Record<WorkflowStatus, WorkflowStatus>>> = {
  approved: { awaiting_approval: 'applying', inconclusive: 'applying' },
  rejected: { awaiting_approval: 'rejected', inconclusive: 'rolling_back' },
  cancelled: {
    queued: 'cancelled',
    collecting: 'cancelled',
    analyzing: 'cancelled',
    planned: 'cancelled',
    awaiting_approval: 'cancelled',
    applying: 'rolling_back',
    observing: 'rolling_back',
    inconclusive: 'rolling_back',
  },
};

for (const verdict of verdicts) {
  for (const status of workflowStatuses) {
    const next = table[verdict][status];
    test(`${status} ${verdict} is ${next ?? 'refused'}`, () => {
      if (next === undefined) {
        expect(() => decide(workflow(status), decision(verdict))).toThrow(ProblemError);
        return;
      }
      const decided = decide(workflow(status), decision(verdict));
      expect(decided.status).toBe(next);
      expect(decided.progress.decisions).toEqual([decision(verdict)]);
      expect(mayFollow(status, next)).toBe(true);
    });
  }
}

test('an inconclusive last stage that is approved completes', () => {
  const last = workflow('inconclusive', { stage_index: 2, reason: 'too little' });
  const { status, progress } = decide(last, decision('approved'));
  expect(status).toBe('completed');
  expect(progress.result).toEqual({ simulated: false, deltas: [] });
  expect(progress.reason).toBeUndefined();
});

test('the reason of a refusal names who and why', () => {
  const { progress } = decide(workflow('awaiting_approval'), decision('rejected', { reason: 'not on Fridays' }));
  expect(progress.reason).toBe('rejected by ops: not on Fridays');
});

const repeats = [
  { what: 'the same key, person and verdict', given: { key: 'k' }, repeated: true },
  { what: 'no key', given: {}, repeated: false },
  { what: 'another key', given: { key: 'other' }, repeated: false },
  { what: "somebody else's key", given: { key: 'k', by: 'you' }, repeated: false },
];
for (const { what, given, repeated } of repeats) {
  test(`${what} is ${repeated ? '' : 'not '}a repetition`, () => {
    const approved = workflow('applying', { decisions: [decision('approved', { key: 'k' })] });
    expect(isRepeated(approved, decision('approved', given))).toBe(repeated);
  });
}

test('every state is over, or running, or has somebody to move it on', () => {
  for (const status of workflowStatuses) {
    const next = workflowStatuses.filter((to) => mayFollow(status, to));
    expect(next.length === 0, status).toBe(isFinal(status));
    expect(isRunning(status) && isFinal(status), status).toBe(false);
  }
});
