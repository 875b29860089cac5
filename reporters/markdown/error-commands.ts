/**
 * What ends a build, as CI systems show it at a line of a file: one for each bad finding, then one for each missed
 * threshold, the worst runs first. A failure that its author wants is none.
 */
import { describeThreshold } from '../../load/verdict/judged-threshold.ts';
import { cutText } from '../../load/measure/cut-text.ts';
import { isBadFinding, titleOfFinding } from '../../load/measure/finding.ts';
import type { FindingSummary, RunSummary } from '../../load/measure/summary.ts';
import { isBad } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { plainLine } from '../words/plain-text.ts';
import { worstFirst } from '../words/worst-first.ts';

/** GitHub shows ten errors of a step and drops the rest; elsewhere more would be no help either. */
export const mostErrorCommands = 10;

/** A title may be of any length, and a line of the log is read whole. */
const mostName = 200;

/** One fault that ends a build, at a place of the repository. */
export interface BuildError {
  /** From the root of the repository, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

/** `pathOf` turns a file of the summary into one that is relative to the repository. */
export function buildErrors(runs: readonly ReportedRun[], pathOf: (file: string) => string): BuildError[] {
  return worstFirst(runs.map(({ summary, judgement }) => ({ verdict: summary.verdict, summary, judgement })))
    .filter(({ summary }) => isBad(summary.verdict) && summary.expectedToFail !== true)
    .flatMap(({ summary, judgement }) => {
      const name = nameOf(summary);
      const missed =
        summary.verdict === 'failed' ? judgement.thresholds.filter(({ verdict }) => verdict === 'failed') : [];
      const messages = missed.length === 0 ? [summary.reason] : missed.map(describeThreshold);
      return messages.map((message) => ({
        file: pathOf(summary.file),
        line: summary.line,
        title: `load run ${summary.verdict}: ${name}`,
        message: `${name}: ${message}`,
      }));
    });
}

/** One for each finding that ends a build. */
export function findingErrors(findings: readonly FindingSummary[], pathOf: (file: string) => string): BuildError[] {
  return findings
    .filter((finding) => isBadFinding(finding) && finding.expectedToFail !== true)
    .map((finding) => ({
      file: pathOf(finding.file),
      line: finding.line,
      title: `load finding ${finding.verdict}: ${titleOfFinding(finding)}: ${nameOf(finding)}`,
      message: `${nameOf(finding)}: ${finding.sentence}`,
    }));
}

/** Titles without the file, which stands beside them. */
function nameOf({ title }: Pick<RunSummary, 'title'>): string {
  return cutText(plainLine((title.length > 1 ? title.slice(1) : title).join(' › ')), mostName);
}

export function errorCommand({ file, line, title, message }: BuildError): string {
  const properties = `file=${property(file)},line=${line},title=${property(plainLine(title))}`;
  return `::error ${properties}::${data(plainLine(message))}`;
}

/** Escapes as `@actions/core` does. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
