/** Findings that tests attached, named as Playwright names their tests, each with the runs that it rests on. */
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { decodeFindings, type Finding, findingsAttachment, isBadFinding } from '../../load/measure/finding.ts';
import { runIdOf } from '../../load/measure/run-id.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import type { CollectedRun } from './collected-run.ts';
import { failedAsMeant } from './meant-to-fail.ts';
import { titlesOf } from './report-group.ts';

/** A finding and the test that other reporters will show it in. */
export interface CollectedFinding {
  readonly summary: FindingSummary;
  readonly test: TestCase;
  readonly result: TestResult;
}

export interface AttemptParts {
  readonly test: TestCase;
  readonly result: TestResult;
  /** All runs, in the order in which they are reported. */
  readonly runs: readonly CollectedRun[];
  /** Folder that file names are told from. */
  readonly rootDir: string;
}

/** Throws where an attachment cannot be read: a lost result is reported, never skipped. */
export function collectedFindings({ test, result, runs, rootDir }: AttemptParts): CollectedFinding[] {
  return findingsIn(result).map((finding) => ({
    summary: summaryOfFinding(finding, { test, result, runs, rootDir }),
    test,
    result,
  }));
}

function findingsIn({ attachments }: Pick<TestResult, 'attachments'>): readonly Finding[] {
  return attachments
    .filter(({ name }) => name === findingsAttachment)
    .flatMap(({ body, path }) => decodeFindings(body?.toString('utf8') ?? readFileSync(path ?? '', 'utf8')));
}

const bad = new WeakMap<object, boolean>();

/** Whether a test that failed has a finding that says why. What cannot be read says nothing, and is told as lost. */
export function bringsBadFinding(result: Pick<TestResult, 'attachments'>): boolean {
  const known = bad.get(result) ?? readsBad(result);
  bad.set(result, known);
  return known;
}

function readsBad(result: Pick<TestResult, 'attachments'>): boolean {
  try {
    return findingsIn(result).some(isBadFinding);
  } catch {
    return false; // the reporter says that it is lost
  }
}

export function summaryOfFinding(finding: Finding, { test, result, runs, rootDir }: AttemptParts): FindingSummary {
  const [, project = ''] = test.titlePath();
  const title = titlesOf(test);
  const { kind, name = '' } = finding;
  return {
    ...finding,
    id: runIdOf({ project, title: [...title, kind, name] }),
    title,
    file: relative(rootDir, test.location.file).split(sep).join('/'),
    line: test.location.line,
    project,
    tags: test.tags,
    ...(failedAsMeant({ test, result }) && { expectedToFail: true }),
    runs: finding.runs.flatMap((index) => {
      const at = runs.findIndex(({ group }) =>
        group.pieces.some((piece) => piece.test === test && piece.planIndex === index),
      );
      return at === -1 ? [] : [at];
    }),
  };
}
