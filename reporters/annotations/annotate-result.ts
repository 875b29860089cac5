/**
 * Puts a run into the test results that the reporters listed after ours will show. Playwright hands all reporters the
 * same objects, so what is pushed here appears in its HTML report, in JUnit and JSON; an integration test holds that.
 */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { describeThresholds } from '../../load/verdict/describe.ts';
import { runText } from '../../load/shown/run-text.ts';
import type { CollectedRun } from '../collect/collected-run.ts';
import { isBad } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { plainLine } from '../words/plain-text.ts';
import { headlines } from './headlines.ts';
import { dropShown, pushAnnotations } from './push-annotations.ts';
import { withoutDots } from './without-dots.ts';

export interface Pictures {
  /** An SVG image of the run; absent when it could not be drawn. */
  readonly svg?: string;
  /** The page that leads to this run in the written page. */
  readonly linkPath?: string;
  /** The written page itself, which one test of all has to bring: the links of all lead to its copy. */
  readonly pagePath?: string;
}

/** A merged run goes to the first of its tests. What its worker has shown of it gives way to what is known now. */
export function annotateResult(run: CollectedRun, { svg, linkPath, pagePath }: Pictures): void {
  const { test, result } = run.group.first;
  const name = run.data.plan.name === undefined ? '' : ` ${plainLine(run.data.plan.name)}`;
  dropShown({ test, result }, `${name} load`.trimStart());
  pushAnnotations({ test, result }, headlines(run));
  const file = `load summary${withoutDots(name)}`;
  if (svg !== undefined) put(result, { name: file, contentType: 'image/svg+xml', body: Buffer.from(svg) });
  if (!run.awaitsMerge) {
    const text = runText(run.data, run.judgement);
    put(result, { name: `${file}.txt`, contentType: 'text/plain', body: Buffer.from(text) });
  }
  if (linkPath !== undefined)
    put(result, { name: `load report${withoutDots(name)}`, contentType: 'text/html', path: linkPath });
  if (pagePath !== undefined)
    put(result, { name: 'load report of all runs', contentType: 'text/html', path: pagePath });
  if (telling.has(run.summary.verdict)) addTag(test, `@${run.summary.verdict}`);
  if (!run.awaitsMerge && isBad(run.summary.verdict) && result.status === 'passed') pushError(run);
}

/** Verdicts that Playwright shows as passed or as failed, and which are neither. */
const telling: ReadonlySet<string> = new Set(['acceptable', 'invalid', 'incomplete']);

/** A tag is the only thing beside its title that the list of Playwright's HTML report shows of a test. */
function addTag(test: TestCase, tag: string): void {
  if (test.tags.includes(tag)) return;
  Object.defineProperty(test, 'tags', { value: [...test.tags, tag], configurable: true, enumerable: true });
}

type Attachment = TestResult['attachments'][number];

/** What stands for a run already: loads of a test that have no name are shown under one. */
const shown = new WeakSet<Attachment>();

/** In the place of what the worker has put there under that name. */
function put({ attachments }: TestResult, attachment: Attachment): void {
  const at = attachments.findIndex((each) => each.name === attachment.name && !shown.has(each));
  shown.add(attachment);
  if (at === -1) attachments.push(attachment);
  else attachments[at] = attachment;
}

/**
 * Playwright's terminal reporters print the head of texts that a failed test has brought, and the summary says it all:
 * what the worker has written waits until the end, where `annotateResult` puts it.
 */
export function dropTexts({ attachments }: TestResult): void {
  const kept = attachments.filter(({ name }) => !(name.startsWith('load summary') && name.endsWith('.txt')));
  attachments.splice(0, attachments.length, ...kept);
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
