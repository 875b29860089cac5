/** A Playwright reporter for tests: writes how many steps of each category came to it, by the title of their test. */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult, TestStep } from '@playwright/test/reporter';

/** By the test's title, then by the category of the step. */
export type StepCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export default class StepCounter implements Reporter {
  readonly #file: string;
  readonly #counts: Record<string, Record<string, number>> = {};

  constructor({ outputFile }: { readonly outputFile: string }) {
    this.#file = outputFile;
  }

  printsToStdio(): boolean {
    return false;
  }

  onStepBegin({ title }: TestCase, _result: TestResult, { category }: TestStep): void {
    const counts = (this.#counts[title] ??= {});
    counts[category] = (counts[category] ?? 0) + 1;
  }

  onEnd(): void {
    writeFileSync(this.#file, JSON.stringify(this.#counts));
  }
}
