import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { firstIdAt, workflowIdPattern, WorkflowIds } from './workflow-id.ts';

test('10,000 ids of one millisecond are different, valid and in order', () => {
  const ids = new WorkflowIds();
  const made = Array.from({ length: 10_000 }, () => ids.next(1_700_000_000_000));
  expect(made.every((id) => workflowIdPattern.test(id))).toBe(true);
  expect([...new Set(made)].sort()).toEqual(made);
});

test('ids go on in order when the clock goes back', () => {
  const ids = new WorkflowIds();
  const [first, second] = [ids.next(2_000), ids.next(1_000)];
  expect(second > first).toBe(true);
});

for (const { what, then, now } of [
  { what: 'later', then: 1_000, now: 2_000 },
  { what: 'in the same millisecond', then: 1_000, now: 1_000 },
  { what: 'after the clock went back by fifty years', then: 1_700_000_000_000, now: 1_000 },
]) {
  test(`a maker that follows the ids of another one goes on after them: ${what}`, () => {
    const before = new WorkflowIds();
    const made = [before.next(then), before.next(then), before.next(then)];
    const ids = new WorkflowIds();
    for (const id of made.toReversed()) ids.follow(id);
    made.push(ids.next(now), ids.next(now));
    expect([...new Set(made)].sort()).toEqual(made);
    expect(made.every((id) => workflowIdPattern.test(id))).toBe(true);
  });
}

test('an id begins with its millisecond, as RFC 9562 has it', () => {
  expect(new WorkflowIds().next(0x017f22e279b0).slice(0, 13)).toBe('017f22e2-79b0');
});

test('the first id of a millisecond is above all before and not above its own', () => {
  const ids = new WorkflowIds();
  const [before, own] = [ids.next(999), ids.next(1_000)];
  expect(before < firstIdAt(1_000)).toBe(true);
  expect(own >= firstIdAt(1_000)).toBe(true);
  expect(firstIdAt(1_000)).toMatch(workflowIdPattern);
});
