/** What Playwright hands to `preprocess`, as far as we use it; written out, since only Playwright 1.62 has it. */
import type { Suite, TestCase } from '@playwright/test/reporter';

export interface TestRun {
  readonly exclude: (test: TestCase) => void;
  readonly skipSharding: () => void;
  /** From Playwright 1.65 on. */
  readonly mode?: (suite: Suite) => ParallelMode;
}

export type ParallelMode = 'default' | 'parallel' | 'serial';

/** In which mode the tests of a suite run. A Playwright that does not say so keeps it in a private field. */
export function modeOf(suite: Suite, testRun: TestRun): ParallelMode {
  if (testRun.mode !== undefined) return testRun.mode(suite);
  for (let at: Suite | undefined = suite; at !== undefined; at = at.parent) {
    const { _parallelMode: mode } = at as Suite & { readonly _parallelMode?: ParallelMode | 'none' };
    if (mode !== undefined && mode !== 'none') return mode;
  }
  return 'default';
}
