import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { Recorder } from '../measure/recorder.ts';
import { describeThresholds } from './describe.ts';
import { judgeRun } from './judge.ts';
import { userFailureWords } from './user-failures.ts';

const plan = { index: 0, profile: 'any', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' } as const;

function runWith(failures: readonly (readonly [where: 'set-up' | 'tear-down', message: string])[]) {
  const recorder = new Recorder({ plan });
  const { data } = recorder;
  data.users.setUp.begun = 50;
  for (const [where, message] of failures) {
    data.users[where === 'set-up' ? 'setUp' : 'tearDown'].failed += 1;
    recorder.lifeFailed(where, new Error(message));
  }
  data.users.tearDown.begun = 50 - data.users.setUp.failed;
  return data;
}

const rows: readonly { readonly failures: Parameters<typeof runWith>[0]; readonly words: string }[] = [
  { failures: [], words: '' },
  {
    failures: [
      ['set-up', 'login answered 401'],
      ['set-up', 'login answered 401'],
      ['set-up', 'login answered 503'],
    ],
    words: '3 of 50 users did not get ready: Error: login answered 401',
  },
  {
    failures: [
      ['set-up', 'no'],
      ['tear-down', 'logout hung'],
    ],
    words: '1 of 50 users did not get ready: Error: no; 1 of 49 users were not torn down: Error: logout hung',
  },
];
for (const { failures, words } of rows) {
  test(`of ${failures.length} failures it is said ${JSON.stringify(words)}`, () => {
    const data = runWith(failures);
    expect(userFailureWords(data)).toBe(words);
    const [limit] = judgeRun(data).thresholds.filter(({ metric }) => metric === 'userFailures');
    expect(limit).toMatchObject({ actual: failures.length, implied: true });
    if (limit !== undefined && words !== '') expect(describeThresholds(data, [limit])).toContain(`(${words})`);
  });
}

test('where users have no life, no limit speaks of them', () => {
  const { data } = new Recorder({ plan });
  expect(judgeRun(data).thresholds.map(({ metric }) => metric)).not.toContain('userFailures');
});
