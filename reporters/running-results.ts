/**
 * Keeps the result files true while tests run: "not finished" from the first moment, then each run as it ends, and,
 * where the tests came to no end, why. Load tests without a run yet are listed, so a killed process leaves them named.
 */
import type { FullResult, TestCase, TestResult } from '@playwright/test/reporter';
import type { Environment, RunSummary, Summary } from '../load/measure/summary.ts';
import { type LoadTests, missingRun, whyWithoutRun } from './collect/missing-runs.ts';
import { type CollectedFinding, collectedFindings } from './collect/collected-finding.ts';
import type { CollectedRun } from './collect/collected-run.ts';
import { knowEachOther, reportGroup } from './collect/report-group.ts';
import { AttemptLog } from './collect/run-group.ts';
import { withDistinctIds } from './collect/distinct-ids.ts';
import { summaryOf } from './collect/summary-of.ts';
import type { ResultFiles } from './files/result-files.ts';
import type { Mishaps } from './mishaps.ts';

export interface RunningResultsParts {
  readonly files: ResultFiles;
  readonly mishaps: Mishaps;
  readonly tests: LoadTests;
  readonly environment: () => Environment;
  readonly rootDir: string;
  readonly onShard: boolean;
  readonly isMerge: boolean;
}

export class RunningResults {
  readonly #parts: RunningResultsParts;
  readonly #startedAt = new Date();
  readonly #ended = new Map<TestCase, readonly CollectedRun[]>();
  readonly #results = new Map<TestCase, TestResult>();
  #begun = false;

  constructor(parts: RunningResultsParts) {
    this.#parts = parts;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Once, before the first test or, of tests that nothing marks as load tests, when the first has brought a run. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#write(() => {
      this.#parts.files.begin(this.#summary());
    });
  }

  /** Of a test that has brought a run. */
  ended(test: TestCase, result: TestResult): void {
    const log = new AttemptLog();
    log.add(test, result);
    this.#results.set(test, result);
    try {
      const groups = log.groups();
      knowEachOther(groups);
      this.#ended.set(
        test,
        groups.map((group) => reportGroup(group, this.#parts)),
      );
    } catch {
      this.#ended.delete(test); // it is told as lost when all have ended
    }
    this.begin();
    this.#write(() => {
      this.#parts.files.update(this.#summary());
    });
  }

  /** The tests never began: no server, no global setup, a spec file that cannot be read. */
  abandon(reason: string): void {
    this.begin();
    this.#write(() => {
      this.#parts.files.abandon(this.#summary(), reason);
    });
  }

  /** Load tests that brought no run, each as a run that is incomplete. */
  missing(runs: readonly CollectedRun[], { status }: Pick<FullResult, 'status'>): CollectedRun[] {
    const ran = new Set(runs.flatMap(({ group }) => group.pieces.map(({ test }) => identityOf(test))));
    const told = new Set<string>();
    const { tests, rootDir } = this.#parts;
    return tests
      .without((test) => ran.has(identityOf(test)))
      .flatMap((test) => {
        const identity = identityOf(test);
        if (told.has(identity)) return []; // the same test of another shard
        told.add(identity);
        return [missingRun(test, { reason: whyWithoutRun(test, cutWords[status]), rootDir })];
      });
  }

  /** What cannot be read is told as lost when all have ended. */
  #findings(runs: readonly CollectedRun[]): CollectedFinding[] {
    const { rootDir } = this.#parts;
    return [...this.#ended.keys()].flatMap((test) => {
      const result = this.#results.get(test);
      try {
        return result === undefined ? [] : collectedFindings({ test, result, runs, rootDir });
      } catch {
        return [];
      }
    });
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#parts.mishaps.undelivered(`\`${this.#parts.files.summaryPath}\` cannot be written`, error);
    }
  }

  #summary(): Summary {
    const { tests, rootDir, environment } = this.#parts;
    const running = tests
      .without((test) => this.#ended.has(test))
      .map((test) => missingRun(test, { reason: 'it has not ended yet', rootDir }));
    const runs = withDistinctIds([...[...this.#ended.values()].flat(), ...running]);
    const times = { startedAt: this.#startedAt, durationMs: Date.now() - this.#startedAt.getTime() };
    const findings = withDistinctIds(this.#findings(runs));
    const summary = summaryOf({ runs, findings }, times, environment());
    return { ...summary, verdict: worstWithIncomplete(summary.runs) };
  }
}

const cutWords: Readonly<Record<FullResult['status'], string | undefined>> = {
  passed: undefined,
  failed: undefined,
  timedout: 'the whole run took longer than `globalTimeout`',
  interrupted: 'the whole run was interrupted',
};

function worstWithIncomplete(runs: readonly RunSummary[]): Summary['verdict'] {
  const bad = ['failed', 'invalid'] as const;
  return bad.find((verdict) => runs.some((run) => run.verdict === verdict)) ?? 'incomplete';
}

/** After a merge, one test is there once for each shard. */
function identityOf(test: TestCase): string {
  return JSON.stringify([test.titlePath(), test.repeatEachIndex]);
}
