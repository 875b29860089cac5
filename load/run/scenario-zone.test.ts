/** What `expect` and `test.step` tell an iteration: what it has left behind and fails softly, and parts that were skipped. */
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { liveThrough } from '../../testing/virtual-run.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { users } from '../profile/users.ts';
import { currentScenario } from './scenario-zone.ts';

const cases = [
  { what: 'while its user thinks', profile: users(1).for('1s').thinking('90ms'), exceptions: 10 },
  { what: 'after the last iteration of its user', profile: users(2).iterations(1), exceptions: 1 },
];
for (const { what, profile, exceptions } of cases)
  test(`a soft failure ${what} is an error of the run, and of no other iteration`, async () => {
    const clock = new VirtualClock();
    const { data } = await liveThrough(
      profile,
      async ({ user }) => {
        const life = currentScenario();
        await clock.sleep(user === 1 ? 10 : 500);
        if (user === 1) void clock.sleep(30).then(() => life?.failSoftly('left behind'));
      },
      { clock },
    );
    expect([data.exceptions, data.iterations.failed]).toEqual([exceptions, 0]);
    expect([...data.errors.values()]).toEqual([
      expect.objectContaining({ kind: 'exception', sample: 'expect.soft: left behind', count: exceptions }),
    ]);
  });

test('a part that was skipped is as if it had never begun', async () => {
  const { data } = await liveThrough(users(1).iterations(4), async ({ iteration }) => {
    const end = currentScenario()?.beginPart('sometimes');
    end?.(iteration === 1 ? 'ok' : 'skipped');
    currentScenario()?.beginPart('never')('skipped');
  });
  expect(
    [...data.groups].map(([name, { started, failed, durations }]) => [name, started, failed, durations.count]),
  ).toEqual([['sometimes', 1, 0, 1]]);
});
