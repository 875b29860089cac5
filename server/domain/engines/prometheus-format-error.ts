/**
 * What can be wrong with a metrics page, as a typed error that shows the operator where to look. It says so in our own
 * words: a page may be anybody's, and what stands in it is never repeated.
 */
import { ProblemError } from '../problem.ts';

/**
 * - `empty`: no sample at all
 * - `html`: a web page, most often a login form or a proxy's error
 * - `cut_off`: the text ends inside a line or inside a histogram: more was to come
 * - `too_large`: a limit on lines, samples or length was passed
 * - `syntax`: a line that the text format does not allow
 */
export type FormatProblem = 'empty' | 'html' | 'cut_off' | 'too_large' | 'syntax';

interface FormatErrorParts {
  readonly problem: FormatProblem;
  readonly line: number;
  readonly column?: number;
  readonly detail: string;
}

/** Thrown by the parser and by nothing else. `line` and `column` count from 1; `detail` says what was expected. */
export class PrometheusFormatError extends ProblemError {
  override readonly name = 'PrometheusFormatError';
  readonly problem: FormatProblem;
  readonly line: number;
  readonly column: number;
  readonly detail: string;

  constructor({ problem, line, column = 1, detail }: FormatErrorParts) {
    super('bad-metrics-page', `metrics page, line ${line}, column ${column}: ${detail}`);
    this.problem = problem;
    this.line = line;
    this.column = column;
    this.detail = detail;
  }
}
