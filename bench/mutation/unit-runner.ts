/**
 * A test runner for Stryker: unit tests of ours in its own process, only those that reach the mutant, until one fails.
 * Stryker starts it and calls it; a mutant is switched on by a variable, so nothing is built for it.
 */
import { readFile, writeFile } from 'node:fs/promises';
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
/**
 * Of a processor. A test that takes longer is asked only about the files that it is named for, or nearest to: what it alone
 * would notice of others counts as noticed by none. Otherwise each survivor would cost minutes.
 */
const longFromAfarMs = { ownRoom: 100, elsewhere: 20 };
/**
 * Stryker stops a mutant that is run through a hundred times as often as without it, which takes a hundred times as long
 * as all tests of it do. Three times is an endless loop too.
 */
const shareOfHitLimit = 0.03;
const timesFile = 'unit-times.json';

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
  #times: ReadonlyMap<string, number> | undefined;

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
    await writeFile(join(this.#root, timesFile), JSON.stringify(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs])));
    const { mutantCoverage } = mutants();
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage !== undefined && { mutantCoverage }) };
  }

  /**
   * Tests that run through the mutant, the quickest first. One that acts while modules load acts on whatever imports
   * it: it is put to all tests of such files too, if they are of its own room.
   */
  async mutantRun({
    activeMutant,
    hitLimit,
    testFilter = [],
    sandboxFileName,
  }: MutantRunOptions): Promise<MutantRunResult> {
    const mostHits = hitLimit === undefined ? undefined : Math.ceil(hitLimit * shareOfHitLimit);
    Object.assign(mutants(), { hitCount: 0, hitLimit: mostHits });
    const mutated = { id: activeMutant.id, file: relative(this.#root, sandboxFileName) };
    const wanted = new Set(testFilter);
    const times = await this.#timesOfTests();
    const nearestFirst = this.#files.toSorted((a, b) => a.stepsTo(mutated.file) - b.stepsTo(mutated.file));
    const nearest = nearestOf(nearestFirst, mutated.file);
    const isOfRoom = ({ file }: BundledTests) => dirname(file) === dirname(mutated.file);
    const askedOf = (file: BundledTests, tests: readonly CollectedTest[]) => {
      const longMs = isOfRoom(file) ? longFromAfarMs.ownRoom : longFromAfarMs.elsewhere;
      return tests.filter(
        ({ id }) => nearest.includes(file) || id === loadingOf(file) || (times.get(id) ?? 0) < longMs,
      );
    };
    const reached = nearestFirst.flatMap((file) =>
      askedOf(file, this.#testsOf(file)).filter(({ id }) => wanted.has(id)),
    );
    const tests = await untilOneFails(mutated, quickestFirst(reached, times));
    for (const file of nearestFirst) {
      if (tests.at(-1)?.status === TestStatus.Failed) break;
      if (!wanted.has(loadingOf(file)) || !isOfRoom(file)) continue;
      const loaded = askedOf(file, loadWith(mutated, file, this.#root));
      tests.push(...(await untilOneFails(mutated, quickestFirst(loaded, times))));
    }
    const tooOften = determineHitLimitReached(mutants().hitCount, mostHits);
    return toMutantRunResult(tooOften ?? { status: DryRunStatus.Complete, tests });
  }

  /** What the dry run took of a processor, which another process of Stryker's has made. */
  async #timesOfTests(): Promise<ReadonlyMap<string, number>> {
    this.#times ??= new Map(JSON.parse(await readFile(join(this.#root, timesFile), 'utf8')) as [string, number][]);
    return this.#times;
  }

  #testsOf(file: BundledTests): CollectedTest[] {
    const known = this.#loaded.get(file) ?? file.load(this.#root);
    this.#loaded.set(file, known);
    return known;
  }
}

/** Loading a file counts as a test of it: whatever code its tables run is reached by it. */
/** The test that is named for the file; where there is none, those that import it by the fewest others. */
function nearestOf(nearestFirst: readonly BundledTests[], mutated: string): readonly BundledTests[] {
  const own = nearestFirst.filter(({ file }) => file === mutated.replace(/\.ts$/, '.test.ts'));
  const fewest = nearestFirst[0]?.stepsTo(mutated);
  return own.length > 0 ? own : nearestFirst.filter((each) => each.stepsTo(mutated) === fewest);
}

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
  const before = process.cpuUsage();
  const about = () => {
    const { user, system } = process.cpuUsage(before);
    return { id, name: id, timeSpentMs: (user + system) / 1_000 };
  };
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

async function untilOneFails(mutant: Mutated, tests: readonly CollectedTest[]): Promise<TestResult[]> {
  const results: TestResult[] = [];
  mutants().activeMutant = mutant.id;
  for (const test of tests) {
    results.push(await carryOut(test, longestTestMs));
    if (results.at(-1)?.status === TestStatus.Failed) break;
  }
  delete mutants().activeMutant;
  return results;
}

function quickestFirst(tests: readonly CollectedTest[], times: ReadonlyMap<string, number>): CollectedTest[] {
  return tests.toSorted((a, b) => (times.get(a.id) ?? 0) - (times.get(b.id) ?? 0));
}

/** The same cases in each run, so that a survivor is one tomorrow too; the first case that fails is enough. */
function settleProperties(root: string): void {
  const { configureGlobal } = createRequire(join(root, 'package.json'))('fast-check') as typeof fastCheck;
  configureGlobal({ seed: 1, endOnFailure: true });
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'unit', UnitRunner)];
