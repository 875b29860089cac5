/** Notes when tests begin and end; it stands before the load reporter, whose work on a test's end comes after. */
import type { Reporter } from '@playwright/test/reporter';
import { note } from './probe.ts';

export default class ProbeBefore implements Reporter {
  #cpu: NodeJS.CpuUsage | undefined;

  onTestBegin(): void {
    if (this.#cpu !== undefined) return;
    this.#cpu = process.cpuUsage();
    note({ firstTestMs: performance.now() });
  }

  onTestEnd(): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    note({ lastTestMs: performance.now(), cpuMs: (user + system) / 1_000 });
  }
}
