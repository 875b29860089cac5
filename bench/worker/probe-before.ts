/** Notes when the reporters after it are about to be told that all tests are over. */
import type { Reporter } from '@playwright/test/reporter';
import { probe } from './probe.ts';

export default class ProbeBefore implements Reporter {
  onTestEnd(): void {
    probe('lastTestMs');
  }
}
