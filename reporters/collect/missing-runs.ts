/**
 * Load tests that ended without a run: their worker was killed, they failed before their load or were never started.
 * Each becomes a run that is incomplete, so that no summary passes over it. A test that was skipped by its author's
 * wish is no load test without a run; one that was left out because something else failed is.
 */
import type { Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { emptyRunData } from '../../load/measure/run-data.ts';
import { messageOf } from '../mishaps.ts';
import { failedAsMeant } from './meant-to-fail.ts';
import type { CollectedRun } from './collected-run.ts';
import { summaryOfPiece } from './report-group.ts';
import type { RunPiece } from './run-group.ts';
import { isLoadTest } from './shard-plan.ts';

/** The tests from which a run is to be expected. */
export class LoadTests {
  readonly #tests: readonly TestCase[];
  readonly #takers: readonly TestCase[];

  constructor(suite: Suite, loadProjects: readonly string[] | undefined) {
    const all = suite.allTests();
    this.#tests = all.filter((test) => isLoadTest(test, loadProjects));
    this.#takers = all.filter((test) => takesLoad(test) && !test.tags.includes('@no-load'));
  }

  /** Whether a test of this run may put a load on something: then earlier results are no longer the latest. */
  get any(): boolean {
    return this.#tests.length > 0 || this.#takers.length > 0;
  }

  /** Those that ended, or were never begun, without a run; `ran` says of which tests a run is known. */
  without(ran: (test: TestCase) => boolean): TestCase[] {
    const expected = new Set([...this.#tests, ...this.#takers.filter(endedBadly)]);
    return [...expected].filter((test) => !ran(test) && !isSkippedByWish(test));
  }
}

/**
 * A test that asks for the `load` fixture, where Playwright's private `fn` tells: it may end well without a run, for its
 * fixture need not be ours.
 */
function takesLoad(test: TestCase): boolean {
  const fn = (test as TestCase & { readonly fn?: unknown }).fn;
  return typeof fn === 'function' && /^[^(]*\(\s*\{[^}]*\bload\b[^}]*\}/.test(fn.toString().slice(0, 2_000));
}

function endedBadly(test: TestCase): boolean {
  const last = test.results.at(-1);
  return last === undefined || last.status !== test.expectedStatus;
}

function isSkippedByWish(test: TestCase): boolean {
  return test.expectedStatus === 'skipped';
}

/** Why there is no run, in words. `cut` says why the whole suite ended before its end, if it did. */
export function whyWithoutRun(test: TestCase, cut: string | undefined): string {
  const last = test.results.at(-1);
  if (last === undefined) return `it was never started${cut === undefined ? '' : `: ${cut}`}`;
  const [error] = last.errors;
  const words = error?.message === undefined ? '' : `: ${messageOf(new Error(withoutColours(error.message)))}`;
  switch (last.status) {
    case 'passed':
      return 'it passed without a load, so nothing was measured; tag it `@no-load` if that is meant';
    case 'skipped':
      return cut === undefined ? 'it was left out after another test had failed' : `it had not ended: ${cut}`;
    case 'interrupted':
      return `it was interrupted before its load had ended${cut === undefined ? '' : `: ${cut}`}`;
    case 'failed':
    case 'timedOut':
      return `it failed before its load had ended${words}`;
  }
}

/** The test as a run of which nothing was measured. */
export function missingRun(test: TestCase, { reason, rootDir }: { reason: string; rootDir: string }): CollectedRun {
  const result = test.results.at(-1) ?? neverBegun(test);
  const plan = { index: 0, profile: 'no load', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' } as const;
  const data = emptyRunData(plan);
  const piece: RunPiece = { test, result, planIndex: 0, run: { kind: 'unreadable', reason } };
  const judgement = {
    verdict: 'incomplete',
    reason,
    thresholds: [],
    generator: { verdict: 'unjudged', reason: 'nothing was measured' },
  } as const;
  return {
    group: { first: piece, pieces: [piece] },
    judgement,
    data,
    summary: summaryOfPiece(piece, { data, judgement, rootDir, expectedToFail: failedAsMeant(piece) }),
    segments: { expected: 1, present: [] },
    awaitsMerge: false,
  };
}

/** In place of the result that a test has only once it was started. */
function neverBegun(test: TestCase): TestResult {
  return {
    retry: 0,
    workerIndex: -1,
    parallelIndex: -1,
    status: 'skipped',
    startTime: new Date(),
    duration: 0,
    errors: [],
    attachments: [],
    annotations: test.annotations,
    steps: [],
    stdout: [],
    stderr: [],
  };
}

// Escape sequences of a terminal.
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

function withoutColours(text: string): string {
  return text.replace(colours, '');
}
