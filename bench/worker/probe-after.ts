/** Notes when the reporters before it have done their work at the end of the run: Playwright waits for each in turn. */
import type { Reporter } from '@playwright/test/reporter';
import { note } from './probe.ts';

export default class ProbeAfter implements Reporter {
  onEnd(): void {
    note({ reportedMs: performance.now() });
  }
}
