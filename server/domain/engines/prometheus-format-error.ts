/** What can be wrong with a metrics page, as a typed error that shows the operator where to look. */
import { ProblemError } from '../problem.ts';

/**
 * - `empty`: no sample at all
 * - `html`: a web page, most often a login form or a proxy's error
 * - `cut_off`: the text ends inside a line; its last number may be the front half of a longer one
 * - `too_large`: a limit on lines, samples or length was passed
 * - `syntax`: a line that the text format does not allow
 */
export type FormatProblem = 'empty' | 'html' | 'cut_off' | 'too_large' | 'syntax';

/** Thrown by the parser and by nothing else. `line` counts from 1; `detail` says what was expected and what came. */
export class PrometheusFormatError extends ProblemError {
  override readonly name = 'PrometheusFormatError';
  readonly problem: FormatProblem;
  readonly line: number;
  readonly detail: string;

  constructor({ problem, line, detail }: { problem: FormatProblem; line: number; detail: string }) {
    super('bad-metrics-page', `metrics page, line ${line}: ${detail}`);
    this.problem = problem;
    this.line = line;
    this.detail = detail;
  }
}

/** At most this much of a foreign page is repeated in a message. */
const excerptLength = 60;

/** Foreign text made fit for a message or a log line: short, on one line, in backticks. */
export function excerpt(text: string): string {
  const cut = text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text;
  return `\`${cut.replaceAll(/[^\P{C}]/gu, ' ')}\``;
}
