/** What a test leaves of its loads when it ends: their results for the reporters, and an error for what nobody has said. */
import type { TestInfo } from '@playwright/test';
import { encodeFindings, type Finding, findingsAttachment, isBadFinding, titleOfFinding } from '../measure/finding.ts';
import { leftToMerge } from '../measure/left-to-merge.ts';
import { encodeRun, payloadAttachment } from '../measure/payload.ts';
import type { RunData } from '../measure/run-data.ts';
import { awaitsMerge } from '../measure/segment-place.ts';
import { uncountedRequests } from '../verdict/uncounted.ts';
import { unsaidOf } from './unsaid.ts';

/** One that never began leaves nothing: its error is the test's. */
export function attachRuns(testInfo: TestInfo, runs: readonly RunData[]): void {
  for (const data of runs) {
    if (data.segments.length === 0) continue;
    const uncounted = data.plan.uncounted === 'allowed' ? uncountedRequests(data) : undefined;
    if (uncounted !== undefined) testInfo.annotations.push({ type: 'beside the load', description: uncounted });
    testInfo.attachments.push({
      name: payloadAttachment,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(encodeRun(data))),
    });
  }
}

export function attachFindings(testInfo: TestInfo, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  testInfo.attachments.push({
    name: findingsAttachment,
    contentType: 'application/json',
    body: Buffer.from(encodeFindings(findings)),
  });
}

/** Throws what no `toMeet` has said, and the findings that are bad: nobody need assert them. */
export function sayTheRest(testInfo: TestInfo, runs: readonly RunData[], findings: readonly Finding[]): void {
  if (testInfo.status === 'interrupted' || testInfo.status === 'timedOut') return; // that is said already
  const unsaid = [
    ...runs
      .filter(({ segments }) => segments.length > 0)
      .flatMap((data) => unsaidOf(data, testInfo.errors.length > 0) ?? []),
    ...findings
      .filter(isBadFinding)
      .map((finding) => `${finding.verdict}: ${titleOfFinding(finding)}: ${finding.sentence}`),
  ];
  if (unsaid.length > 0) throw new Error(unsaid.join('\n\n'));
  if (testInfo.status === 'passed' && testInfo.expectedStatus === 'failed' && runs.some(awaitsMerge))
    throw new Error(leftToMerge);
}
