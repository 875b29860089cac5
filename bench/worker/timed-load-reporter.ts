/** The load reporter, with its own time and the memory of its process told at the end. */
import type { FullResult, TestCase, TestResult } from '@playwright/test/reporter';
import LoadReporter from '../../reporters/load-reporter.ts';
import { note } from './probe.ts';

export default class TimedLoadReporter extends LoadReporter {
  #testsMs = 0;

  override onTestEnd(test: TestCase, result: TestResult): void {
    const beganAt = performance.now();
    super.onTestEnd(test, result);
    this.#testsMs += performance.now() - beganAt;
  }

  override async onEnd(result: FullResult): ReturnType<LoadReporter['onEnd']> {
    const beganAt = performance.now();
    try {
      return await super.onEnd(result);
    } finally {
      const { maxRSS } = process.resourceUsage();
      note({ reporterMs: this.#testsMs + performance.now() - beganAt, peakMb: maxRSS / 1_024 });
    }
  }
}
