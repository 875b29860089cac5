/**
 * Tells whoever runs loads without the load reporter that one is missing: everything else goes well, and there are no
 * results. It is said once by each worker. Where loads are played once nobody looks for results, and in UI mode and VS Code
 * the reporters of the configuration stand aside: nothing is said there.
 */
import type { FullConfig } from '@playwright/test';
import { reporterListens } from '../measure/listening.ts';

export const absentReporterLine =
  "playload: no load reporter listens, so nothing is written of these loads: add ['playload/reporter'] to `reporter` in the configuration, before ['html']; `--reporter` replaces what is listed there\n";

let isTold = false;

/** `listed`: reporters as Playwright has resolved them, those of the command line in the place of the configuration's. */
export function tellOfAbsentReporter(listed: FullConfig['reporter']): void {
  if (isTold || reporterListens(process.env, process.ppid) || isAmong(listed)) return;
  isTold = true;
  process.stderr.write(absentReporterLine);
}

/** By the name of its file: that of this package, or of a checkout of it. */
export function isAmong(listed: FullConfig['reporter']): boolean {
  return listed.some(([name]) => /[\\/]reporters[\\/]load-reporter\.[jt]s$/.test(name) || name === 'playload/reporter');
}
