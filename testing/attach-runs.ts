/** Attaches sample runs to a test of a child process, as the `load` fixture attaches real ones. */
import type { TestInfo } from '@playwright/test';
import { encodeRun, payloadAttachment } from '../load/measure/payload.ts';
import { recordRun, type SampleParts } from './recorded-run.ts';

/** Under `--shard` a run is the segment that the shard would have carried. `raw` is attached as it is. */
export function attachRuns(testInfo: TestInfo, runs: readonly (SampleParts | { readonly raw: string })[]): void {
  const { shard } = testInfo.config;
  const share = shard === null ? {} : { index: shard.current - 1, of: shard.total };
  for (const run of runs) {
    const body =
      'raw' in run ? run.raw : JSON.stringify(encodeRun(recordRun({ ...run, segment: { ...share, ...run.segment } })));
    testInfo.attachments.push({ name: payloadAttachment, contentType: 'application/json', body: Buffer.from(body) });
  }
}
