/** Tests and their results as Playwright hands them to reporters, for tests of ours: as much of them as collecting reads. */
import type { Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { encodeRun, openRun, payloadAttachment } from '../load/measure/payload.ts';
import type { RunData } from '../load/measure/run-data.ts';
import type { AttachedRun } from '../reporters/collect/attached-run.ts';
import type { CollectedRun } from '../reporters/collect/collected-run.ts';
import { reportGroup } from '../reporters/collect/report-group.ts';
import type { RunPiece } from '../reporters/collect/run-group.ts';
import { recordRun } from './recorded-run.ts';

export interface SampleTestParts {
  /** Those of its describes and its own. */
  readonly titles?: readonly string[];
  readonly project?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly repeat?: number;
  readonly expected?: TestResult['status'];
  readonly results?: readonly TestResult[];
  /** What the test is written as, where Playwright tells. */
  readonly fn?: unknown;
}

export function sampleTest({
  titles = ['health'],
  project = 'load',
  metadata = {},
  tags = [],
  repeat = 0,
  expected = 'passed',
  results = [],
  fn,
}: SampleTestParts = {}): TestCase {
  const parent = { project: () => ({ name: project, metadata }) };
  const test = {
    titlePath: () => ['', project, 'a.spec.ts', ...titles],
    location: { file: '/repo/specs/a.spec.ts', line: 7, column: 1 },
    ...{ tags, repeatEachIndex: repeat, expectedStatus: expected, results, annotations: [], parent, fn },
  };
  return test as unknown as TestCase;
}

export interface SampleResultParts extends Partial<Omit<TestResult, 'errors'>> {
  /** The runs that are attached, unless `attachments` says what is. */
  readonly runs?: readonly RunData[];
  /** Messages. */
  readonly errors?: readonly (string | undefined)[];
}

export function sampleResult({ runs = [], errors = [], ...more }: SampleResultParts = {}): TestResult {
  const result = {
    ...{ status: 'passed', retry: 0, workerIndex: 0, startTime: new Date(Date.UTC(2026, 0, 1)), duration: 10_000 },
    errors: errors.map((message) => ({ message })),
    attachments: runs.map((run) => ({
      name: payloadAttachment,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(encodeRun(run))),
    })),
    ...more,
  };
  return result as unknown as TestResult;
}

/** A run as it is read of an attachment. */
export function attachedRun(run: RunData): AttachedRun {
  const { plan, segments } = run;
  return { kind: 'run', plan, segments, open: () => openRun(encodeRun(run)) };
}

export function samplePiece(
  run: RunData | AttachedRun = recordRun(),
  { test = sampleTest(), result = sampleResult() }: { readonly test?: TestCase; readonly result?: TestResult } = {},
): RunPiece {
  const attached = 'kind' in run ? run : attachedRun(run);
  return { test, result, planIndex: attached.kind === 'run' ? attached.plan.index : 0, run: attached };
}

export function collectedRun(pieces: readonly [RunPiece, ...RunPiece[]], onShard = false): CollectedRun {
  return reportGroup({ first: pieces[0], pieces }, { rootDir: '/repo', onShard, isMerge: false });
}

/** A whole run of tests; each project is a suite of it. */
export function sampleSuite(tests: readonly TestCase[]): Suite {
  const byProject = new Map<string, TestCase[]>();
  for (const test of tests) {
    const [, project = ''] = test.titlePath();
    byProject.set(project, [...(byProject.get(project) ?? []), test]);
  }
  const suites = [...byProject].map(([title, own]) => ({ title, allTests: () => own }));
  return { suites, allTests: () => tests } as unknown as Suite;
}
