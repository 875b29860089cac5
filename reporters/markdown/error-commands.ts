/**
 * Workflow commands that GitHub Actions turns into annotations of the changed files: one for each bad finding, then one
 * for each missed threshold, the worst runs first, and no more than a step may have. A failure that its author wants is none.
 */
import { describeThreshold } from '../../load/verdict/judged-threshold.ts';
import { isBadFinding, titleOfFinding } from '../../load/measure/finding.ts';
import type { FindingSummary } from '../../load/measure/summary.ts';
import { isBad } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { plainLine } from '../words/plain-text.ts';

/** GitHub shows ten errors of a step and drops the rest. */
export const mostErrorCommands = 10;

/** `pathOf` turns a file of the summary into one that is relative to the repository. */
export function errorCommands(runs: readonly ReportedRun[], pathOf: (file: string) => string): string[] {
  const commands = runs
    .filter(({ summary }) => isBad(summary.verdict) && summary.expectedToFail !== true)
    .flatMap(({ summary, judgement }) => {
      const title = `load run ${summary.verdict}: ${summary.title.at(-1) ?? ''}`;
      const missed =
        summary.verdict === 'failed' ? judgement.thresholds.filter(({ verdict }) => verdict === 'failed') : [];
      const messages = missed.length === 0 ? [summary.reason] : missed.map(describeThreshold);
      return messages.map((message) =>
        errorCommand({ file: pathOf(summary.file), line: summary.line, title, message }),
      );
    });
  return commands.slice(0, mostErrorCommands);
}

/** One for each finding that ends a build. */
export function findingCommands(findings: readonly FindingSummary[], pathOf: (file: string) => string): string[] {
  return findings
    .filter((finding) => isBadFinding(finding) && finding.expectedToFail !== true)
    .map((finding) =>
      errorCommand({
        file: pathOf(finding.file),
        line: finding.line,
        title: `load finding ${finding.verdict}: ${titleOfFinding(finding)}: ${finding.title.at(-1) ?? ''}`,
        message: finding.sentence,
      }),
    );
}

interface ErrorCommand {
  readonly file: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

function errorCommand({ file, line, title, message }: ErrorCommand): string {
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
