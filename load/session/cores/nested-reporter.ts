/**
 * The reporter of a nested Playwright: keeps the one test that the first core runs, and says for the first core to read when
 * it began on each core, what it printed there, and how it ended.
 */
import type { FullResult, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { nestedSettings } from './nested-settings.ts';
import { nestedLine } from './nested-words.ts';

/** What Playwright hands to `preprocess`, from 1.62 on; an older one is told by its command which test to run. */
interface TestRun {
  readonly exclude: (test: TestCase) => void;
}

export default class NestedReporter implements Reporter {
  readonly #settings = nestedSettings(process.env);

  printsToStdio(): boolean {
    return true;
  }

  async preprocess({ suite, testRun }: { readonly suite: Suite; readonly testRun: TestRun }): Promise<void> {
    const tests = suite.allTests();
    const meant = tests.filter((test) => this.#isMeant(test));
    const refused = meant.filter(followsInSeries); // told while all are still there
    meant.forEach(unlock);
    if (refused.length > 0) this.#refuse();
    for (const test of tests) if (!meant.includes(test) || refused.includes(test)) testRun.exclude(test);
  }

  #refuse(): void {
    const { firstCore = 0, workers = 0 } = this.#settings ?? {};
    for (let core = firstCore; core < firstCore + workers; core++)
      process.stdout.write(nestedLine({ kind: 'ended', core, status: 'refused', words: serialWords }));
  }

  onTestBegin(_test: TestCase, result: TestResult): void {
    process.stdout.write(nestedLine({ kind: 'began', core: this.#coreOf(result) }));
  }

  onTestEnd(_test: TestCase, result: TestResult): void {
    const { status, errors } = result;
    const words = errors.map(wordsOf).join('\n');
    process.stdout.write(nestedLine({ kind: 'ended', core: this.#coreOf(result), status, words }));
  }

  onError(error: TestError): void {
    print(wordsOf(error));
  }

  onStdOut(chunk: string | Buffer, _test?: unknown, result?: TestResult): void {
    this.#pass('stdout', chunk, result);
  }

  onStdErr(chunk: string | Buffer, _test?: unknown, result?: TestResult): void {
    this.#pass('stderr', chunk, result);
  }

  onEnd({ status }: FullResult): void {
    if (status !== 'passed') print(`Playwright ended as ${status}`);
  }

  /** What no test has printed is of all workers, and kept for whoever asks why they ended. */
  #pass(to: 'stdout' | 'stderr', chunk: string | Buffer, result: TestResult | undefined): void {
    if (result === undefined) process[to].write(chunk);
    else process.stdout.write(nestedLine({ kind: 'said', core: this.#coreOf(result), to, text: chunk.toString() }));
  }

  #coreOf({ parallelIndex }: TestResult): number {
    return (this.#settings?.firstCore ?? 0) + parallelIndex;
  }

  /** Tests made in a loop share their line, and those of one file no title. */
  #isMeant(test: TestCase): boolean {
    const meant = this.#settings?.test;
    const [, , ...titles] = test.titlePath();
    const { line, column } = test.location;
    return (
      JSON.stringify(titles) === JSON.stringify(meant?.titlePath) && line === meant?.line && column === meant.column
    );
  }
}

const serialWords =
  "cannot run this test: it is `serial` and builds on the tests before it, which ran on the first core alone. Where only their order matters, say `mode: 'default'`; otherwise move what it needs of them into `beforeAll`, `beforeEach` or a fixture";

/** Whether it is not the first of a `serial` group. Playwright keeps the mode to itself; where that is gone, no test is. */
function followsInSeries(test: TestCase): boolean {
  let series: Suite | undefined;
  for (let suite: Suite | undefined = test.parent; suite !== undefined; suite = suite.parent)
    if ((suite as Suite & { readonly _parallelMode?: unknown })._parallelMode === 'serial') series = suite;
  return series !== undefined && series.allTests()[0] !== test;
}

/** The first core holds the test's locks for all of them; held once more, they would let only one core run at a time. */
function unlock(test: TestCase): void {
  const { _locks } = test as TestCase & { readonly _locks?: unknown };
  if (Array.isArray(_locks)) _locks.length = 0;
}

function wordsOf({ message = '', value = '', location }: TestError): string {
  const place = location === undefined ? '' : `\n    at ${location.file}:${location.line}`;
  return `${message === '' ? value : message}${place}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
