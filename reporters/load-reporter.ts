/**
 * The reporter for load tests: collects the runs that workers attach to their tests, merges and judges them, then shows
 * them, in the terminal, in files and in the reports of the reporters listed after it. A suite without load runs is
 * none of its business: it then says and writes nothing.
 */
import { dirname } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult, TestRun } from '@playwright/test/reporter';
import { listeningVariable } from '../load/measure/listening.ts';
import { type CollectedRun, reportGroup } from './collect/report-group.ts';
import { AttemptLog, type RunGroup } from './collect/run-group.ts';
import { isLoadTest, shareOutTests } from './collect/shard-plan.ts';
import { environmentHere, summaryOf } from './collect/summary-of.ts';
import { gate, type GatedRun } from './gate.ts';
import { openLivePage, wantsLivePage } from './live-page.ts';
import { messageOf, Mishaps } from './mishaps.ts';
import { refuseUnknown, type ResolvedOptions, resolveOptions } from './options.ts';
import { showRuns } from './outputs.ts';
import { processSurroundings, type Surroundings } from './surroundings.ts';

export type { ExportOptions, LoadReporterOptions, OtlpOptions } from './options.ts';

type Status = { status: FullResult['status'] };

export default class LoadReporter implements Reporter {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #options: ResolvedOptions;
  readonly #around: Surroundings;
  readonly #mishaps: Mishaps;
  readonly #attempts = new AttemptLog();
  readonly #configDir: string;
  /** `list`, `test` or `merge`; Playwright's own business, so it may be missing one day. */
  readonly #mode: unknown;
  #config: FullConfig | undefined;
  #suite: Suite | undefined;
  #closeLivePage: (() => Promise<void>) | undefined;

  /** Playwright gives the options of the configuration, and adds `configDir` and `_mode`. Throws `OptionsError`. */
  constructor(given: Readonly<Record<string, unknown>> = {}, around: Surroundings = processSurroundings()) {
    this.#given = given;
    this.#options = resolveOptions(given);
    this.#around = around;
    around.env[listeningVariable] = String(process.pid); // workers inherit it
    this.#mishaps = new Mishaps(around.warn);
    this.#configDir = typeof given['configDir'] === 'string' ? given['configDir'] : around.cwd;
    this.#mode = given['_mode'];
  }

  /** Playwright then puts a reporter of its own before this one, if the configuration has none. */
  printsToStdio(): boolean {
    return false;
  }

  /**
   * Called by Playwright from 1.62 on. An older one shards by tests, so `LOAD_SHARD` tells a machine its share there, and
   * it has no live page: nothing else is awaited before the workers start.
   */
  async preprocess({ config, suite, testRun }: { config: FullConfig; suite: Suite; testRun: TestRun }): Promise<void> {
    refuseUnknown(this.#given, config.reporter);
    const { shardLoad, loadProjects } = this.#options;
    if (shardLoad) shareOutTests({ config, suite, testRun, loadProjects });
    const live = { dashboard: this.#options.dashboard, around: this.#around, mishaps: this.#mishaps };
    if (this.#mode !== 'list' && wantsLivePage(live)) this.#closeLivePage = await openLivePage(live);
  }

  /** An older Playwright, and a merge, come here first. */
  onBegin(config: FullConfig, suite: Suite): void {
    this.#suite = suite;
    this.#config = config;
    try {
      refuseUnknown(this.#given, config.reporter);
    } catch (error) {
      if (this.#mode === 'merge') this.#around.warn(`${messageOf(error)}\n`); // which shows no error of a reporter
      throw error;
    }
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#attempts.add(test, result);
  }

  async onEnd(result: FullResult): Promise<Status | undefined> {
    const groups = this.#attempts.groups();
    const lost = this.#mode === 'merge' ? this.#testsWithoutRun(groups) : [];
    if (groups.length === 0 && lost.length === 0) return undefined;
    const runs = groups.flatMap((group) => this.#collected(group, lost));
    await this.#mishaps.contain('the results cannot be shown', async () => this.#show(runs, result));
    return this.#conclude(gate({ runs: runs.map(gated), lost }), { result, runs });
  }

  async onExit(): Promise<void> {
    await this.#mishaps.contain('the live page could not be closed', async () => this.#closeLivePage?.());
  }

  /** Load tests that brought nothing to judge from one of the shards, unless they were skipped: nobody else fails a merge. */
  #testsWithoutRun(groups: readonly RunGroup[]): string[] {
    const withRun = new Set(groups.flatMap(({ pieces }) => pieces.map(({ test }) => test)));
    return (this.#suite?.allTests() ?? [])
      .filter((test) => !withRun.has(test) && isLoadTest(test, this.#options.loadProjects))
      .flatMap((test) => {
        const status = test.results.at(-1)?.status;
        if (status === 'skipped' || (status === 'failed' && test.expectedStatus === 'failed')) return [];
        return [`${test.title}: it ended \`${status ?? 'before it began'}\`, without its run`];
      });
  }

  #collected(group: RunGroup, lost: string[]): CollectedRun[] {
    try {
      return [
        reportGroup(group, { rootDir: this.#rootDir(), onShard: this.#onShard(), isMerge: this.#mode === 'merge' }),
      ];
    } catch (error) {
      lost.push(`${group.first.test.title}: ${messageOf(error)}`);
      this.#around.warn(`load reporter: a run was lost: ${lost.at(-1) ?? ''}\n`);
      return [];
    }
  }

  async #show(runs: readonly CollectedRun[], result: FullResult): Promise<void> {
    const environment = environmentHere(this.#configDir, this.#around.env);
    const summary = summaryOf(runs, { startedAt: result.startTime, durationMs: result.duration }, environment);
    await showRuns({
      runs,
      summary,
      options: this.#options,
      around: this.#around,
      mishaps: this.#mishaps,
      configDir: this.#configDir,
      rootDir: this.#rootDir(),
    });
  }

  /** A status that is already bad stays as it is: an interrupted run has an exit code of its own. */
  #conclude(
    problem: string | undefined,
    { result, runs }: { result: FullResult; runs: readonly CollectedRun[] },
  ): Status | undefined {
    if (problem === undefined) return undefined;
    if (this.#isMerge(runs)) throw new GateError(problem);
    return result.status === 'passed' ? { status: 'failed' } : undefined;
  }

  /** Without the private `_mode`, segments of several shards in a process that is none of them tell a merge. */
  #isMerge(runs: readonly CollectedRun[]): boolean {
    if (this.#mode !== undefined) return this.#mode === 'merge';
    return !this.#onShard() && runs.some(({ segments }) => segments.expected > 1);
  }

  #onShard(): boolean {
    const asked = this.#around.env['LOAD_SHARD'] ?? '';
    return this.#mode !== 'merge' && ((this.#config?.shard ?? null) !== null || asked !== '');
  }

  #rootDir(): string {
    const file = this.#config?.configFile;
    return file === undefined ? (this.#config?.rootDir ?? this.#around.cwd) : dirname(file);
  }
}

/** Ends `merge-reports` with exit code 1; its message is all there is to say, so it has no stack. */
class GateError extends Error {
  override readonly name = 'LoadGate';

  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}

function gated({ summary, awaitsMerge, group }: CollectedRun): GatedRun {
  return { summary, awaitsMerge, mayFail: group.first.test.expectedStatus === 'failed' };
}
