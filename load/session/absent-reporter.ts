/**
 * Tells whoever runs loads without the load reporter that one is missing: everything else goes well, and there are no
 * results. It is said once in a run. Where loads are played once nobody looks for results, and in UI mode and VS Code
 * the reporters of the configuration stand aside: nothing is said there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FullConfig, TestInfo } from '@playwright/test';
import { reporterListens } from '../measure/listening.ts';

export const absentReporterLine =
  "playload: no load reporter listens, so nothing is written of these loads: add ['playload/reporter'] to `reporter` in the configuration, before ['html']; `--reporter` replaces what is listed there\n";

let isTold = false;

/** Looks at reporters as Playwright has resolved them: those of the command line in the place of the configuration's. */
export function tellOfAbsentReporter({ config, project }: TestInfo): void {
  if (isTold || reporterListens(process.env, process.ppid) || isAmong(config.reporter)) return;
  isTold = true;
  if (isFirstOfRun(project.outputDir)) process.stderr.write(absentReporterLine);
}

/** A failed test ends its worker. The next ones know by a file in the folder that Playwright empties when a run begins. */
function isFirstOfRun(outputDir: string): boolean {
  try {
    mkdirSync(outputDir, { recursive: true });
    writeFileSync(join(outputDir, '.no-load-reporter'), '', { flag: 'wx' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST'; // said once too often rather than never
  }
}

/** By the name of its file: that of this package, or of a checkout of it. */
export function isAmong(listed: FullConfig['reporter']): boolean {
  return listed.some(([name]) => /[\\/]reporters[\\/]load-reporter\.[jt]s$/.test(name) || name === 'playload/reporter');
}
