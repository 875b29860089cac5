/**
 * The reporter for load tests: collects the runs that workers attach to their tests, merges and judges them, then shows
 * them, in the terminal, in files and in the reports of the reporters listed after it. A suite without load runs is
 * none of its business: it then says and writes nothing.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult, TestRun } from '@playwright/test/reporter';
import type { Summary } from '../load/measure/summary.ts';
import { type CollectedRun, reportGroup } from './collect/report-group.ts';
import { AttemptLog, type RunGroup } from './collect/run-group.ts';
import { environmentHere, summaryOf } from './collect/summary-of.ts';
import { shareOutTests } from './collect/shard-plan.ts';
import { gate } from './gate.ts';
import { messageOf, Mishaps } from './mishaps.ts';
import { type ResolvedOptions, resolveOptions } from './options.ts';
import { type Surroundings, processSurroundings } from './surroundings.ts';
import { renderSummary } from './terminal/summary-lines.ts';

export type { ExportOptions, LoadReporterOptions, OtlpOptions } from './options.ts';

export default class LoadReporter implements Reporter {
  readonly #options: ResolvedOptions;
  readonly #around: Surroundings;
  readonly #mishaps: Mishaps;
  readonly #attempts = new AttemptLog();
  /** Where relative paths of options start. */
  readonly #configDir: string;
  readonly #mode: unknown;
  #config: FullConfig | undefined;

  /** Playwright gives the options of the configuration, and adds `configDir` and `_mode`. Throws `OptionsError`. */
  constructor(given: Readonly<Record<string, unknown>> = {}, around: Surroundings = processSurroundings()) {
    this.#options = resolveOptions(given);
    this.#around = around;
    this.#mishaps = new Mishaps(around.warn);
    this.#configDir = typeof given['configDir'] === 'string' ? given['configDir'] : around.cwd;
    this.#mode = given['_mode'];
  }

  /** Playwright then puts a reporter of its own before this one, if the configuration has none. */
  printsToStdio(): boolean {
    return false;
  }

  /** Called by Playwright from 1.62 on; an older one shards by tests, and `LOAD_SHARD` then tells a machine its share. */
  async preprocess({ config, suite, testRun }: { config: FullConfig; suite: Suite; testRun: TestRun }): Promise<void> {
    const { shardLoad, loadProjects } = this.#options;
    if (shardLoad) shareOutTests({ config, suite, testRun, loadProjects });
  }

  onBegin(config: FullConfig): void {
    this.#config = config;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#attempts.add(test, result);
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    const groups = this.#attempts.groups();
    if (groups.length === 0) return undefined;
    const lost: string[] = [];
    const runs = groups.flatMap((group) => this.#collected(group, lost));
    const environment = environmentHere(this.#configDir, this.#around.env);
    const summary = summaryOf(runs, { startedAt: result.startTime, durationMs: result.duration }, environment);
    const files = await this.#write(summary);
    await this.#mishaps.contain('the terminal summary failed', () => this.#print({ runs, summary, files }));
    return this.#conclude(gate({ runs: runs.map(gated), lost }), result);
  }

  #collected(group: RunGroup, lost: string[]): CollectedRun[] {
    try {
      return [reportGroup(group, { rootDir: this.#rootDir(), onShard: this.#onShard() })];
    } catch (error) {
      lost.push(`${group.first.test.title}: ${messageOf(error)}`);
      this.#around.warn(`load reporter: a run was lost: ${lost.at(-1) ?? ''}\n`);
      return [];
    }
  }

  /** Names of the files that could be written, relative to where the user stands. */
  async #write(summary: Summary): Promise<string[]> {
    const folder = resolve(this.#configDir, this.#options.outputFolder);
    const made = await this.#mishaps.contain(`\`${folder}\` cannot be written`, async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(resolve(folder, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
      return true;
    });
    if (made !== true) return [];
    return [resolve(folder, 'summary.json')].map((path) => relative(this.#around.cwd, path));
  }

  #print({
    runs,
    summary,
    files,
  }: {
    runs: readonly CollectedRun[];
    summary: Summary;
    files: readonly string[];
  }): void {
    const { terminal } = this.#options;
    if (terminal === 'off') return;
    const { width, paint, write } = this.#around;
    write(`${renderSummary({ runs, summary, files, detail: terminal }, { width, paint })}\n`);
  }

  /** A status that is already bad stays as it is: an interrupted run has an exit code of its own. */
  #conclude(problem: string | undefined, result: FullResult): { status: 'failed' } | undefined {
    if (problem === undefined) return undefined;
    if (this.#isMerge()) throw new GateError(problem);
    return result.status === 'passed' ? { status: 'failed' } : undefined;
  }

  #isMerge(): boolean {
    return this.#mode === 'merge';
  }

  #onShard(): boolean {
    const asked = this.#around.env['LOAD_SHARD'] ?? '';
    return !this.#isMerge() && ((this.#config?.shard ?? null) !== null || asked !== '');
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

function gated({ summary, awaitsMerge, group }: CollectedRun) {
  return { summary, awaitsMerge, mayFail: group.first.test.expectedStatus === 'failed' };
}
