/**
 * Puts a run into the test results that the reporters listed after ours will show. Playwright hands all reporters the
 * same objects, so what is pushed here appears in its HTML report, in JUnit and JSON; an integration test holds that.
 */
import { describeThresholds } from '../../load/verdict/describe.ts';
import type { CollectedRun } from '../collect/collected-run.ts';
import { isBad } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { plainLine } from '../words/plain-text.ts';
import { headlines } from './headlines.ts';
import { pushAnnotations } from './push-annotations.ts';
import { withoutDots } from './without-dots.ts';

export interface Pictures {
  /** An SVG image of the run; absent when it could not be drawn. */
  readonly svg?: string;
  /** The written page; a link to it opens in a tab. */
  readonly pagePath?: string;
}

/** A merged run goes to the first of its tests. */
export function annotateResult(run: CollectedRun, { svg, pagePath }: Pictures): void {
  const { test, result } = run.group.first;
  pushAnnotations({ test, result }, headlines(run));
  const name = run.data.plan.name === undefined ? '' : ` ${withoutDots(plainLine(run.data.plan.name))}`;
  if (svg !== undefined) {
    result.attachments.push({ name: `load summary${name}`, contentType: 'image/svg+xml', body: Buffer.from(svg) });
  }
  if (pagePath !== undefined && !result.attachments.some(({ path }) => path === pagePath)) {
    result.attachments.push({ name: 'load report', contentType: 'text/html', path: pagePath });
  }
  if (!run.awaitsMerge && isBad(run.summary.verdict) && result.status === 'passed') pushError(run);
}

/** A run that its test did not fail itself: judged on merged numbers, or invalid, or incomplete. */
function pushError(run: CollectedRun): void {
  const { test, result } = run.group.first;
  const error = { message: failureMessage(run), location: test.location };
  result.errors.push(error);
  result.error ??= error;
  if (test.expectedStatus === 'passed') result.status = 'failed';
}

/** `load run failed: …`, then one aligned row for each threshold that was not met. */
export function failureMessage({ summary, judgement, data }: ReportedRun): string {
  const missed = judgement.thresholds.filter(({ verdict }) => verdict !== 'passed');
  const head = `load run ${summary.verdict}: ${plainLine(summary.reason)}`;
  return missed.length === 0 ? head : `${head}\n\n${describeThresholds(data, missed)}`;
}
