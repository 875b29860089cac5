/** What a test leaves of its loads when it ends: their results for the reporters, and an error for what nobody has said. */
import type { TestInfo } from '@playwright/test';
import { encodeFindings, type Finding, findingsAttachment, isBadFinding, titleOfFinding } from '../measure/finding.ts';
import { leftToMerge } from '../measure/left-to-merge.ts';
import { encodeRun, payloadAttachment } from '../measure/payload.ts';
import type { RunData } from '../measure/run-data.ts';
import { awaitsMerge } from '../measure/segment-place.ts';
import { plainLine } from '../measure/plain-line.ts';
import { quietly } from '../resources/observing.ts';
import { runPicture } from '../shown/run-picture.ts';
import { runText } from '../shown/run-text.ts';
import { headlineOfRun } from '../verdict/headline.ts';
import { judgeRun } from '../verdict/judge.ts';
import { type CallSite, pointedAt } from '../own-frames.ts';
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

/** More would hide the test behind its loads. */
const mostShown = 10;

/**
 * For whoever looks at the test before a reporter has spoken: a headline, a picture and a text of each run. A share of a
 * load, whose rest is elsewhere, shows nothing, and a finding has a picture of its own.
 */
export function showRuns(testInfo: TestInfo, runs: readonly AskedRun[]): void {
  const whole = runs.filter(
    ({ data, ofExperiment }) => data.segments.length > 0 && !ofExperiment && !awaitsMerge(data),
  );
  for (const { data } of whole.slice(0, mostShown))
    quietly('the picture of the load', () => {
      const judgement = judgeRun(data);
      const name = data.plan.name === undefined ? '' : ` ${plainLine(data.plan.name)}`;
      testInfo.annotations.push({
        type: `${name} load`.trimStart(),
        description: headlineOfRun(data, judgement),
      });
      const file = `load summary${name.replaceAll('.', ' ')}`; // what follows a dot would be taken for an extension
      testInfo.attachments.push(
        { name: file, contentType: 'image/svg+xml', body: Buffer.from(runPicture(data, judgement)) },
        { name: `${file}.txt`, contentType: 'text/plain', body: Buffer.from(runText(data, judgement)) },
      );
    });
}

/** A finding, and where the test asked for it. */
export interface ToldFinding {
  readonly finding: Finding;
  readonly at: CallSite;
}

export function attachFindings(testInfo: TestInfo, findings: readonly ToldFinding[]): void {
  if (findings.length === 0) return;
  for (const { finding } of findings)
    testInfo.annotations.push({
      type: plainLine(titleOfFinding(finding)),
      description: `${finding.verdict}: ${plainLine(finding.sentence)}`,
    });
  testInfo.attachments.push({
    name: findingsAttachment,
    contentType: 'application/json',
    body: Buffer.from(encodeFindings(findings.map(({ finding }) => finding))),
  });
}

/** A load of the test, and where it asked for it. */
export interface AskedRun {
  readonly data: RunData;
  readonly at: CallSite;
  /** Made for a finding, which is what there is to show. */
  readonly ofExperiment: boolean;
}

/** Throws what no `toMeet` has said, and the findings that are bad: nobody need assert them. */
export function sayTheRest(testInfo: TestInfo, runs: readonly AskedRun[], findings: readonly ToldFinding[]): void {
  if (testInfo.status === 'interrupted' || testInfo.status === 'timedOut') return; // that is said already
  const hasFailed = testInfo.errors.length > 0;
  const unsaid = [
    ...runs
      .filter(({ data }) => data.segments.length > 0)
      .map(({ data, at }) => ({ words: unsaidOf(data, hasFailed), at })),
    ...findings
      .filter(({ finding }) => isBadFinding(finding))
      .map(({ finding, at }) => ({ words: `${finding.verdict}: ${titleOfFinding(finding)}: ${finding.sentence}`, at })),
  ].filter(({ words }) => words !== undefined);
  const [first] = unsaid;
  if (first !== undefined) throw pointedAt(new Error(unsaid.map(({ words }) => words).join('\n\n')), first.at);
  const awaiting = runs.find(({ data }) => awaitsMerge(data));
  if (testInfo.status === 'passed' && testInfo.expectedStatus === 'failed' && awaiting !== undefined)
    throw pointedAt(new Error(leftToMerge), awaiting.at);
}
