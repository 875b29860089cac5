/**
 * Remembers that a test has sent a load, for its later attempts: each runs in a worker of its own, and a retry is
 * refused only if an earlier attempt has measured something. The mark lies in the project's output folder, which
 * Playwright empties when a run begins, under the process that runs the suite.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestInfo } from '@playwright/test';

export interface LoadMark {
  /** Number of the attempt that sent the load, from 1. */
  readonly attempt: number;
  /** The load in words. */
  readonly profile: string;
  readonly startedAt: string;
}

type Marked = Pick<TestInfo, 'testId' | 'repeatEachIndex' | 'retry'> & {
  readonly project: { readonly outputDir: string };
};

/** To be called before anything is sent. Throws if the mark cannot be left: a retry could not be told from a first attempt. */
export function markLoad(testInfo: Marked, profile: string, startedAt: Date): void {
  const path = pathOf(testInfo);
  const mark: LoadMark = { attempt: testInfo.retry + 1, profile, startedAt: startedAt.toISOString() };
  try {
    mkdirSync(join(testInfo.project.outputDir, folder), { recursive: true });
    writeFileSync(path, JSON.stringify(mark), { flag: 'w' });
  } catch (cause) {
    throw new Error(
      `a load must be noted in \`${path}\` before it is sent, so that no retry repeats it, and could not be`,
      {
        cause,
      },
    );
  }
}

/** What an earlier attempt has sent, or undefined. A first attempt has none, and takes away what an older run left. */
export function earlierLoad(testInfo: Marked): LoadMark | undefined {
  const path = pathOf(testInfo);
  if (testInfo.retry === 0) {
    rmSync(path, { force: true });
    return undefined;
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined; // no load was begun
    throw error;
  }
  const mark = JSON.parse(text) as LoadMark;
  return mark.attempt > testInfo.retry ? undefined : mark; // a load of this attempt, in `beforeAll`
}

/**
 * Measuring again until the numbers please is no measurement; the test keeps the failure of its first load. An attempt
 * that failed before it sent any has measured nothing, and the next one is the first.
 */
export function refuseRetry(earlier: LoadMark | undefined): void {
  if (earlier === undefined) return;
  throw new Error(
    `a load test is not retried: attempt ${earlier.attempt} has sent its load (${earlier.profile}, at ${earlier.startedAt}), and another one would only pick the luckier numbers. Set \`retries: 0\` for its project, or \`test.describe.configure({ retries: 0 })\``,
  );
}

const folder = '.playload';

function pathOf({ testId, repeatEachIndex, project }: Marked): string {
  return join(project.outputDir, folder, `${process.ppid}-${testId}-${repeatEachIndex}.json`);
}
