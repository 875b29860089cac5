/**
 * The reporter for load tests: collects the runs that workers attach to their tests, merges and judges them, then shows
 * them, in the terminal, in files and in the reports of the reporters listed after it. A suite without load runs is
 * none of its business: it then says and writes nothing.
 */
import { dirname, resolve } from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { listeningVariable } from '../load/measure/listening.ts';
import { baselineMode, type BaselineMode } from '../load/baseline/baseline-mode.ts';
import { awaitsMerge } from '../load/measure/segment-place.ts';
import type { Environment } from '../load/measure/summary.ts';
import { worstVerdict } from '../load/verdict/verdict-order.ts';
import { dropTexts } from './annotations/annotate-result.ts';
import { settleBaselines } from './baseline/settle-baselines.ts';
import { ciPaths } from './ci/tell-ci.ts';
import { carriesRun } from './collect/attached-run.ts';
import { withMissedFailures } from './collect/meant-to-fail.ts';
import { LoadTests } from './collect/missing-runs.ts';
import { withDistinctIds } from './collect/distinct-ids.ts';
import { type CollectedFinding, collectedFindings } from './collect/collected-finding.ts';
import type { CollectedRun } from './collect/collected-run.ts';
import { knowEachOther, reportGroup, titlesOf } from './collect/report-group.ts';
import { AttemptLog, type RunGroup } from './collect/run-group.ts';
import { shareOutTests } from './collect/shard-plan.ts';
import { type PlainAttempt, withNeighbours } from './collect/side-by-side.ts';
import type { TestRun } from './collect/test-run.ts';
import { withTestEnds } from './collect/test-ends.ts';
import { withVoidFindings } from './collect/void-findings.ts';
import { environmentHere, type Results, summaryOf } from './collect/summary-of.ts';
import type { Dashboard } from './html/live/dashboard.ts';
import { exportPaths } from './export/exports.ts';
import { ResultFiles } from './files/result-files.ts';
import { plainLine } from './words/plain-text.ts';
import { gate, type GatedRun } from './gate.ts';
import { openLivePage, wantsLivePage } from './live-page.ts';
import { messageOf, Mishaps } from './mishaps.ts';
import { openProgress } from './progress.ts';
import { refuseUnknown, type ResolvedOptions, resolveOptions } from './options.ts';
import { showRuns } from './outputs.ts';
import { RunningResults } from './running-results.ts';
import { processSurroundings, type Surroundings } from './surroundings.ts';
import { treatTerminationAsInterrupt } from './termination.ts';

export type {
  ExportOptions,
  LoadReporterOptions,
  OtlpOptions,
  ReceiverOptions,
  RemoteWriteOptions,
} from './options.ts';

const statusWords: Readonly<Record<FullResult['status'], string>> = {
  passed: 'ended',
  failed: 'failed before its first test',
  timedout: 'took longer than `globalTimeout`',
  interrupted: 'was interrupted',
};

type Status = { status: FullResult['status'] };

export default class LoadReporter implements Reporter {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #options: ResolvedOptions;
  readonly #around: Surroundings;
  readonly #mishaps: Mishaps;
  readonly #attempts = new AttemptLog();
  readonly #configDir: string;
  readonly #baselineMode: BaselineMode;
  /** `list`, `test` or `merge`; Playwright's own business, so it may be missing one day. */
  readonly #mode: unknown;
  #config: FullConfig | undefined;
  #livePage: Dashboard | undefined;
  #preprocessed = false;
  #closeProgress: (() => void) | undefined;
  #leaveTermination: () => void = () => undefined;
  readonly #files: ResultFiles;
  #running: RunningResults | undefined;
  readonly #plain: PlainAttempt[] = [];
  #firstError: string | undefined;
  #knownEnvironment: Environment | undefined;

  /** Playwright gives the options of the configuration, and adds `configDir` and `_mode`. Throws `OptionsError`. */
  constructor(given: Readonly<Record<string, unknown>> = {}, around: Surroundings = processSurroundings()) {
    this.#given = given;
    this.#options = resolveOptions(given);
    this.#around = around;
    this.#baselineMode = baselineMode(around.env);
    around.env[listeningVariable] = String(process.pid); // workers inherit it
    this.#mishaps = new Mishaps(around.warn);
    this.#configDir = typeof given['configDir'] === 'string' ? given['configDir'] : around.cwd;
    this.#mode = given['_mode'];
    const { html, exports } = this.#options;
    const folder = resolve(this.#configDir, this.#options.outputFolder);
    const exported = exportPaths(exports, { outputFolder: folder, configDir: this.#configDir });
    this.#files = new ResultFiles({ folder, html, others: [...exported, ...ciPaths(folder)] });
    if (this.#mode === 'test') this.#leaveTermination = treatTerminationAsInterrupt();
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
    this.#preprocessed = true;
    refuseUnknown(this.#given, config.reporter);
    const { shardLoad, loadProjects } = this.#options;
    if (shardLoad) shareOutTests({ config, suite, testRun, loadProjects, env: this.#around.env });
    const live = { dashboard: this.#options.dashboard, around: this.#around, mishaps: this.#mishaps };
    if (this.#mode === 'list') return;
    if (wantsLivePage(live)) this.#livePage = await openLivePage({ ...live, earlier: this.#files.earlier() });
    const shows = this.#options.terminal !== 'off' && (this.#around.isTerminal || !config.quiet);
    this.#closeProgress = await openProgress({ around: this.#around, mishaps: this.#mishaps, shows });
  }

  /**
   * An older Playwright, and a merge, come here first. Earlier results give way here, once the tests are known: a suite
   * without load tests leaves them alone. Where the server or the global setup failed, Playwright comes by with an empty
   * suite, and then `onEnd` decides.
   */
  onBegin(config: FullConfig, suite: Suite): void {
    this.#config = config;
    this.#refuseUnknown(config);
    if (this.#mode === 'list') return;
    this.#sayWithoutLivePage();
    const tests = new LoadTests(suite, this.#options.loadProjects);
    this.#running = new RunningResults({
      files: this.#files,
      mishaps: this.#mishaps,
      tests,
      environment: () => this.#environment(),
      rootDir: this.#rootDir(),
      onShard: this.#onShard(),
      isMerge: this.#mode === 'merge',
    });
    if (tests.any) this.#running.begin();
    else if (suite.allTests().length > 0) this.#leaveTermination();
  }

  onError(error: TestError): void {
    this.#firstError ??= error.message ?? error.value;
  }

  /** Workers are told of the page before they start, which only `preprocess` can wait for. */
  #sayWithoutLivePage(): void {
    if (this.#preprocessed || this.#mode === 'merge') return;
    if (wantsLivePage({ dashboard: this.#options.dashboard, around: this.#around }))
      this.#mishaps.remark('there is no live page', 'it needs Playwright 1.62 or newer');
  }

  #refuseUnknown(config: FullConfig): void {
    try {
      refuseUnknown(this.#given, config.reporter);
    } catch (error) {
      if (this.#mode === 'merge') this.#around.warn(`${messageOf(error)}\n`); // which shows no error of a reporter
      this.#around.failAtExit?.();
      throw error;
    }
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#attempts.add(test, result);
    const brought = carriesRun(result.attachments);
    if (brought && this.#options.annotate) dropTexts(result);
    if (!brought) this.#plain.push({ test, result });
    else if (this.#mode !== 'merge') this.#running?.ended(test, result);
    this.#tellLivePage(test, result);
  }

  async onEnd(result: FullResult): Promise<Status | undefined> {
    this.#closeProgress?.();
    const groups = this.#attempts.groups();
    const lost: string[] = [];
    await this.#mishaps.contain('limits on several loads cannot be judged', () => knowEachOther(groups));
    const collected = withTestEnds(groups.flatMap((group) => this.#collected(group, lost)));
    const found = this.#isMerge(collected) ? withMissedFailures(collected) : collected;
    const missing = this.#running?.missing(found, result) ?? [];
    if (found.length + missing.length + lost.length === 0) return this.#endWithoutRuns(result);
    const runs = withDistinctIds([...this.#withNeighbours(found), ...missing]);
    const asked = withVoidFindings(this.#findings(runs, lost), runs);
    const findings = withDistinctIds([...asked, ...(await this.#settleBaselines(runs))]);
    await this.#mishaps.contain('the results cannot be shown', async () =>
      this.#show({ runs, findings }, lost, result),
    );
    const problem = gate({
      runs: runs.map(gated),
      findings: findings.map(({ summary }) => summary),
      lost,
      unwritten: this.#mishaps.unwritten,
    });
    return this.#conclude(problem, { result, runs });
  }

  #tellLivePage(test: TestCase, result: TestResult): void {
    const page = this.#livePage;
    if (page === undefined) return;
    const [, project = ''] = test.titlePath();
    const error = result.errors[0]?.message;
    const why = `its test ended without bringing it${error === undefined ? '' : `: ${plainLine(messageOf(new Error(error)))}`}`;
    page.testEnded({ project, title: titlesOf(test) }, this.#running?.runsOf(test) ?? [], why);
  }

  async onExit(): Promise<void> {
    this.#leaveTermination();
    await this.#mishaps.contain('the live page could not be closed', async () => this.#livePage?.close());
  }

  /** No load test was run, and there was none; or nothing is known, since the run failed before its tests. */
  #endWithoutRuns({ status }: FullResult): Status | undefined {
    this.#livePage?.end({ files: [] });
    const began = this.#running?.begun === true;
    const nothingKnown = this.#config === undefined || (status !== 'passed' && this.#attempts.empty);
    const concerned = began || (nothingKnown && this.#mode !== 'list' && this.#hasLoadProject());
    if (!concerned) return undefined;
    const why = this.#firstError === undefined ? '' : `: ${plainLine(messageOf(new Error(this.#firstError)))}`;
    this.#running?.abandon(
      nothingKnown ? `no test was run, since the run ${statusWords[status]}${why}` : 'no test put a load on anything',
    );
    const problem = gate({ runs: [], findings: [], lost: [], unwritten: this.#mishaps.unwritten });
    return this.#conclude(problem, { result: { status } as FullResult, runs: [] });
  }

  /** `filteredProjects` are those asked for on the command line, where this version of Playwright tells them. */
  #hasLoadProject(): boolean {
    const config = this.#config as (FullConfig & { readonly filteredProjects?: FullConfig['projects'] }) | undefined;
    const projects = config?.filteredProjects ?? config?.projects ?? [];
    const { loadProjects } = this.#options;
    return projects.some(({ name, metadata }) => loadProjects?.includes(name) ?? metadata['load'] === true);
  }

  #collected(group: RunGroup, lost: string[]): CollectedRun[] {
    try {
      return [
        reportGroup(group, { rootDir: this.#rootDir(), onShard: this.#onShard(), isMerge: this.#mode === 'merge' }),
      ];
    } catch (error) {
      lost.push(plainLine(`${group.first.test.title}: ${messageOf(error)}`));
      this.#around.warn(`load reporter: a run was lost: ${lost.at(-1) ?? ''}\n`);
      return [];
    }
  }

  #findings(runs: readonly CollectedRun[], lost: string[]): CollectedFinding[] {
    return this.#attempts.attempts().flatMap(([test, result]) => {
      try {
        return collectedFindings({ test, result, runs, rootDir: this.#rootDir() });
      } catch (error) {
        lost.push(plainLine(`${test.title}: ${messageOf(error)}`));
        this.#around.warn(`load reporter: findings were lost: ${lost.at(-1) ?? ''}\n`);
        return [];
      }
    });
  }

  async #settleBaselines(runs: readonly CollectedRun[]): Promise<CollectedFinding[]> {
    return settleBaselines({
      runs,
      mode: this.#baselineMode,
      configDir: this.#configDir,
      rootDir: this.#rootDir(),
      commit: this.#environment().commit,
      mishaps: this.#mishaps,
    });
  }

  async #show({ runs, findings }: Results, lost: readonly string[], result: FullResult): Promise<void> {
    const times = { startedAt: result.startTime, durationMs: result.duration };
    const known = summaryOf({ runs, findings }, times, this.#environment());
    const summary = lost.length === 0 ? known : { ...known, verdict: worstVerdict([known.verdict, 'incomplete']) };
    await showRuns({
      runs,
      findings,
      summary,
      options: this.#options,
      around: this.#around,
      mishaps: this.#mishaps,
      files: this.#files,
      configDir: this.#configDir,
      rootDir: this.#rootDir(),
    });
    const files = [...(this.#options.html ? [this.#files.pagePath] : []), this.#files.summaryPath];
    this.#livePage?.end({ verdict: summary.verdict, files });
  }

  /** A status that is already bad stays as it is: an interrupted run has an exit code of its own. */
  #conclude(
    problem: string | undefined,
    { result, runs }: { result: FullResult; runs: readonly CollectedRun[] },
  ): Status | undefined {
    if (problem === undefined) return undefined;
    if (this.#isMerge(runs)) {
      this.#around.failAtExit?.(); // an older Playwright passes over what a reporter throws
      throw new GateError(problem);
    }
    return result.status === 'passed' ? { status: 'failed' } : undefined;
  }

  /** Without the private `_mode`, segments of several shards in a process that is none of them tell a merge. */
  #isMerge(runs: readonly CollectedRun[]): boolean {
    if (this.#mode !== undefined) return this.#mode === 'merge';
    return !this.#onShard() && runs.some(({ data }) => awaitsMerge(data));
  }

  #onShard(): boolean {
    const asked = this.#around.env['LOAD_SHARD'] ?? '';
    return this.#mode !== 'merge' && ((this.#config?.shard ?? null) !== null || asked !== '');
  }

  /** One worker does one thing at a time. */
  #withNeighbours(runs: readonly CollectedRun[]): readonly CollectedRun[] {
    const merging = this.#isMerge(runs);
    if (!merging && this.#config?.workers === 1) return runs;
    return withNeighbours({ runs, plain: this.#plainBeside(), merging });
  }

  #plainBeside(): PlainAttempt[] {
    return this.#plain.filter(({ result }) => result.status !== 'skipped' && result.workerIndex >= 0);
  }

  #environment(): Environment {
    this.#knownEnvironment ??= environmentHere(this.#configDir, this.#around.env);
    return this.#knownEnvironment;
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

function gated({ summary, awaitsMerge }: CollectedRun): GatedRun {
  return { summary, awaitsMerge, mayFail: summary.expectedToFail === true };
}
