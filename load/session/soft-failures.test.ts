import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { users } from '../profile/users.ts';
import { iterations } from '../profile/iterations.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import { type KeptError, SoftFailures } from './soft-failures.ts';

const failure = (line: number): KeptError => ({
  message: 'Error: \u001b[2mexpect(\u001b[22mreceived).toBe(expected)\n\nExpected: 201\nReceived: 200',
  stack: `Error: …\n    at /specs/a.spec.ts:${line}:3\n    at somewhere`,
});

interface Case {
  readonly name: string;
  /** Lines that fail in an iteration. */
  readonly lines: (iteration: number) => readonly number[];
  readonly userCount: number;
  readonly failed: number;
  /** Errors that the test still shows. */
  readonly shown: number;
}

const cases: readonly Case[] = [
  { name: 'none fails', lines: () => [], userCount: 3, failed: 0, shown: 0 },
  { name: 'every one fails once', lines: () => [7], userCount: 1, failed: 300, shown: 3 },
  { name: 'every one of many users fails once', lines: () => [7], userCount: 20, failed: 300, shown: 3 },
  { name: 'every one fails in two lines', lines: () => [7, 8], userCount: 20, failed: 300, shown: 6 },
  { name: 'every third fails', lines: (n) => (n % 3 === 0 ? [7] : []), userCount: 7, failed: 100, shown: 3 },
  { name: 'one fails in three lines', lines: (n) => (n === 5 ? [7, 8, 9] : []), userCount: 7, failed: 1, shown: 3 },
];
for (const { name, lines, userCount, failed, shown } of cases) {
  test(`of 300 iterations by ${userCount}, ${name}: ${failed} have failed`, async () => {
    const errors: KeptError[] = [{ message: 'Error: before the load' }];
    const soft = new SoftFailures(errors);
    soft.begin();
    const { data } = await liveThrough(
      iterations(300, { users: userCount }),
      async ({ request, iteration }) => {
        await request.get('/');
        errors.push(...lines(iteration).map(failure));
      },
      { softFailure: () => soft.take(), answer: (_, calledAtMs) => ({ afterMs: 1 + (calledAtMs % 3) }) },
    );
    expect(data.iterations).toMatchObject({ started: 300, failed });
    expect(data.exceptions).toBe(failed);
    expect(errors).toHaveLength(1 + shown);
    if (failed > 0)
      expect([...data.errors.values()]).toMatchObject([
        {
          kind: 'exception',
          endpoint: 'scenario: expect.soft: expect(received).toBe(expected), Expected: 201, Received: 200',
          count: failed,
          sample: 'expect.soft: expect(received).toBe(expected), Expected: 201, Received: 200',
        },
      ]);
  });
}

test('an iteration that throws has failed once, whatever it has failed in before', async () => {
  const errors: KeptError[] = [];
  const soft = new SoftFailures(errors);
  soft.begin();
  const { data } = await liveThrough(
    users(1).iterations(4),
    async ({ request, iteration }) => {
      await request.get('/');
      if (iteration !== 2) return;
      errors.push(failure(7));
      throw new Error('hard');
    },
    { softFailure: () => soft.take() },
  );
  expect(data.iterations).toMatchObject({ failed: 1 });
});

test('what a test fails in between its loads is none of theirs', () => {
  const errors: KeptError[] = [];
  const soft = new SoftFailures(errors);
  soft.begin();
  soft.end();
  errors.push(failure(7));
  soft.begin();
  expect(soft.take()).toBeUndefined();
  errors.push(failure(7));
  expect(soft.take()?.name).toBe('expect.soft');
  expect(errors).toHaveLength(2);
});
