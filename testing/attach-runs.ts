/** Attaches sample runs and findings to a test of a child process, as the `load` fixture attaches real ones. */
import type { TestInfo } from '@playwright/test';
import { encodeRun, payloadAttachment } from '../load/measure/payload.ts';
import { encodeFindings, type Finding, findingsAttachment } from '../load/measure/finding.ts';
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

/** A finding as it is, or what cannot be read in its place. */
export type AttachedFinding = Finding | { readonly raw: string };

export function attachFindings(testInfo: TestInfo, findings: readonly AttachedFinding[]): void {
  const known = findings.filter((each): each is Finding => !('raw' in each));
  const raw = findings.flatMap((each) => ('raw' in each ? [each.raw] : []));
  for (const body of [...(known.length === 0 ? [] : [encodeFindings(known)]), ...raw])
    testInfo.attachments.push({ name: findingsAttachment, contentType: 'application/json', body: Buffer.from(body) });
}
