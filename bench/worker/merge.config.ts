/** The bench's merge: the load reporter alone, on a clock. */
import { defineConfig } from '@playwright/test';

const folder = process.env['BENCH_FOLDER'] ?? 'test-results/bench';

export default defineConfig({
  testDir: import.meta.dirname,
  reporter: [['./timed-load-reporter.ts', { outputFolder: `${folder}/load-results`, terminal: 'compact' }]],
});
