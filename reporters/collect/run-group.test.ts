import type { TestCase, TestResult } from '@playwright/test/reporter';
import { expect } from '@playwright/test';
import { encodeRun, payloadAttachment } from '../../load/measure/payload.ts';
import { test } from '../../testing/plain-test.ts';
import { recordRun, type SampleParts } from '../../testing/recorded-run.ts';
import { AttemptLog } from './run-group.ts';

interface Attempt {
  readonly title?: string;
  readonly project?: string;
  readonly repeat?: number;
  /** Attempts of one test case carry its id; blob reports of two shards have two cases for one test. */
  readonly id?: string;
  readonly runs: readonly SampleParts[];
}

/** The titles of the groups and how many pieces each has. */
function groupsOf(attempts: readonly Attempt[]): [string, number][] {
  const log = new AttemptLog();
  const cases = new Map<string, TestCase>();
  attempts.forEach((attempt, at) => {
    const id = attempt.id ?? String(at);
    const testCase = cases.get(id) ?? caseOf(attempt);
    cases.set(id, testCase);
    log.add(testCase, resultOf(attempt));
  });
  return log.groups().map(({ first, pieces }) => [`${first.test.title} ${first.planIndex}`, pieces.length]);
}

/** As much of Playwright's objects as grouping reads. */
function caseOf({ title = 'health', project = 'load', repeat = 0 }: Attempt): TestCase {
  return { title, repeatEachIndex: repeat, titlePath: () => ['', project, 'a.spec.ts', title] } as unknown as TestCase;
}

function resultOf({ runs }: Attempt): TestResult {
  const attachments = runs.map((run) => ({
    name: payloadAttachment,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(encodeRun(recordRun(run)))),
  }));
  return { attachments: [...attachments, { name: 'trace', contentType: 'application/zip' }] } as unknown as TestResult;
}

const half = (index: number): SampleParts => ({ segment: { index, of: 2 }, requests: [] });
const whole: SampleParts = { requests: [] };
const once: SampleParts = { requests: [], plan: { once: true } };

const cases: { readonly what: string; readonly attempts: readonly Attempt[]; readonly groups: [string, number][] }[] = [
  { what: 'a test without runs is no group', attempts: [{ runs: [] }], groups: [] },
  {
    what: 'a retry that was refused leaves the run of the attempt before it',
    attempts: [
      { id: 'same', runs: [whole] },
      { id: 'same', runs: [] },
    ],
    groups: [['health 0', 1]],
  },
  {
    what: 'what two shards have played once is two runs, each whole',
    attempts: [{ runs: [once] }, { runs: [once] }],
    groups: [
      ['health 0', 1],
      ['health 0', 1],
    ],
  },
  {
    what: 'two shards of a test are one group',
    attempts: [{ runs: [half(0)] }, { runs: [half(1)] }],
    groups: [['health 0', 2]],
  },
  {
    what: 'two projects are two groups',
    attempts: [{ runs: [whole] }, { project: 'stress', runs: [whole] }],
    groups: [
      ['health 0', 1],
      ['health 0', 1],
    ],
  },
  {
    what: 'two loads of a test are two groups',
    attempts: [{ runs: [whole, { ...whole, plan: { index: 1 } }] }],
    groups: [
      ['health 0', 1],
      ['health 1', 1],
    ],
  },
  {
    what: 'of a retried test the last attempt counts',
    attempts: [
      { id: 'a', runs: [whole, whole] },
      { id: 'a', runs: [whole] },
    ],
    groups: [['health 0', 1]],
  },
  {
    what: 'repetitions of a whole run are groups of their own',
    attempts: [{ runs: [whole] }, { repeat: 1, runs: [whole] }],
    groups: [
      ['health 0', 1],
      ['health 0', 1],
    ],
  },
  {
    what: 'repetitions that carry different segments are one group',
    attempts: [{ runs: [half(0)] }, { repeat: 1, runs: [half(1)] }],
    groups: [['health 0', 2]],
  },
];
for (const { what, attempts, groups } of cases) {
  test(what, () => {
    expect(groupsOf(attempts)).toEqual(groups);
  });
}
