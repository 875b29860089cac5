/**
 * A test runner for Stryker: unit tests of ours in its own process, only those that reach the mutant, until one fails.
 * Stryker starts it and calls it; a mutant is switched on by a variable, so nothing is built for it.
 */
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type InstrumenterContext, INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import type fastCheck from 'fast-check';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { type BundledTests, bundleTests, type CollectedTest } from './bundled-tests.ts';
import { mutatedRooms, testedFolders } from './rooms.ts';

/** Far longer than a unit test takes; one that waits for what a mutant never does is a failed one. */
const longestTestMs = 10_000;

interface Mutated {
  readonly id: string;
  /** Relative to the root. */
  readonly file: string;
}

class UnitRunner implements TestRunner {
  readonly #root = process.cwd();
  #files: readonly BundledTests[] = [];
  /** What was loaded without a mutant, by file. */
  readonly #loaded = new Map<BundledTests, CollectedTest[]>();

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    settleProperties(this.#root);
    this.#files = await bundleTests(this.#root, { folders: testedFolders, rooms: mutatedRooms });
  }

  async dryRun(): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    for (const file of this.#files) {
      tests.push(await carryOut({ id: loadingOf(file), body: () => this.#testsOf(file) }, Infinity));
      for (const test of this.#testsOf(file)) tests.push(await carryOut(test, Infinity));
    }
    const { mutantCoverage } = mutants();
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage !== undefined && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, testFilter = [] } = options;
    const mutated = relative(this.#root, options.sandboxFileName);
    Object.assign(mutants(), { hitCount: 0, hitLimit });
    const tests: TestResult[] = [];
    for (const file of nearestFirst(this.#files, mutated)) {
      const wanted = this.#testsWith({ id: activeMutant.id, file: mutated }, file, new Set(testFilter));
      mutants().activeMutant = activeMutant.id;
      for (const test of wanted) {
        tests.push(await carryOut(test, longestTestMs));
        if (tests.at(-1)?.status === TestStatus.Failed) break;
      }
      delete mutants().activeMutant;
      if (tests.at(-1)?.status === TestStatus.Failed) break;
    }
    const tooOften = determineHitLimitReached(mutants().hitCount, hitLimit);
    return toMutantRunResult(tooOften ?? { status: DryRunStatus.Complete, tests });
  }

  /**
   * Those of the file that run through the mutant. One that acts while modules load acts on whatever imports it: it is
   * put to all tests of such a file, if that is of its own room.
   */
  #testsWith(mutant: Mutated, file: BundledTests, wanted: ReadonlySet<string>): CollectedTest[] {
    if (wanted.has(loadingOf(file)) && dirname(file.file) === dirname(mutant.file))
      return loadWith(mutant, file, this.#root);
    return this.#testsOf(file).filter(({ id }) => wanted.has(id));
  }

  #testsOf(file: BundledTests): CollectedTest[] {
    const known = this.#loaded.get(file) ?? file.load(this.#root);
    this.#loaded.set(file, known);
    return known;
  }
}

/** Loading a file counts as a test of it: whatever code its tables run is reached by it. */
function loadingOf({ file }: BundledTests): string {
  return `${file} › loads`;
}

/** Which mutant is on, and what was reached, in the words of the instrumented code. */
function mutants(): InstrumenterContext {
  const all = globalThis as { [INSTRUMENTER_CONSTANTS.NAMESPACE]?: InstrumenterContext };
  return (all[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
}

/** A file that cannot be loaded is a failed test, as it is to Playwright. */
function loadWith(mutant: Mutated, file: BundledTests, root: string): CollectedTest[] {
  mutants().activeMutant = mutant.id;
  try {
    return file.load(root);
  } catch (error) {
    const body = () => {
      throw error;
    };
    return [{ id: loadingOf(file), body }];
  }
}

async function carryOut({ id, body }: CollectedTest, mostMs: number): Promise<TestResult> {
  const beganAt = performance.now();
  const about = () => ({ id, name: id, timeSpentMs: performance.now() - beganAt });
  let timer: NodeJS.Timeout | undefined;
  mutants().currentTestId = id;
  try {
    const tooLate = new Promise<never>((_, reject) => {
      if (mostMs < Infinity) timer = setTimeout(() => reject(new Error(`not ended after ${mostMs} ms`)), mostMs);
    });
    await Promise.race([body(), tooLate]);
    return { ...about(), status: TestStatus.Success };
  } catch (error) {
    return { ...about(), status: TestStatus.Failed, failureMessage: String(error) };
  } finally {
    clearTimeout(timer);
    delete mutants().currentTestId;
  }
}

/** The file's own tests, those of its folder, then the others. */
function nearestFirst(files: readonly BundledTests[], mutated: string): BundledTests[] {
  const own = mutated.replace(/\.ts$/, '.test.ts');
  const distance = ({ file }: BundledTests) => (file === own ? 0 : dirname(file) === dirname(mutated) ? 1 : 2);
  return files.toSorted((a, b) => distance(a) - distance(b));
}

/** The same cases in each run, so that a survivor is one tomorrow too; the first case that fails is enough. */
function settleProperties(root: string): void {
  const { configureGlobal } = createRequire(join(root, 'package.json'))('fast-check') as typeof fastCheck;
  configureGlobal({ seed: 1, endOnFailure: true });
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'unit', UnitRunner)];
