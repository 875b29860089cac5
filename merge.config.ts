/**
 * Merges the blob reports of several shards into one: `npx playwright merge-reports -c merge.config.ts blob-reports`.
 * The load reporter judges each load once, on the merged numbers, and fails the command when one is not met.
 */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'specs',
  reporter: [['list'], ['./reporters/load-reporter.ts'], ['html', { open: 'never' }]],
});
