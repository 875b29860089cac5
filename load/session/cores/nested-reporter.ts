/**
 * The reporter of a nested Playwright: keeps the one test that the first core runs, and says how it ended on each core, for
 * the first core to read.
 */
import type { FullResult, Reporter, Suite, TestCase, TestError, TestResult, TestRun } from '@playwright/test/reporter';
import { endedLine } from './nested-ends.ts';
import { nestedSettings } from './nested-settings.ts';

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
      print(endedLine({ core, status: 'refused', words: serialWords }));
  }

  onTestEnd(_test: TestCase, { parallelIndex, status, errors }: TestResult): void {
    const words = errors.map(wordsOf).join('\n');
    print(endedLine({ core: (this.#settings?.firstCore ?? 0) + parallelIndex, status, words }));
  }

  onError(error: TestError): void {
    print(wordsOf(error));
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onStdErr(chunk: string | Buffer): void {
    process.stderr.write(chunk);
  }

  onEnd({ status }: FullResult): void {
    if (status !== 'passed') print(`Playwright ended as ${status}`);
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
