/** The bench's specs: one worker, no retries, what a user's reporters would be, and everything written into the bench's folder. */
import { defineConfig } from '@playwright/test';

const folder = process.env['BENCH_FOLDER'] ?? 'test-results/bench';

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '**/*.bench.ts',
  outputDir: `${folder}/test-results`,
  workers: 1,
  retries: 0,
  timeout: 600_000,
  reporter: [
    ['line'],
    ['./probe-before.ts'],
    ['../../reporters/load-reporter.ts', { outputFolder: `${folder}/load-results`, terminal: 'compact' }],
    ['./probe-after.ts'],
    ['html', { open: 'never', outputFolder: `${folder}/html` }],
  ],
  use: { trace: 'off' },
});
