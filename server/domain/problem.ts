/**
 * What goes wrong and is nobody's bug. A kind is the last word of the `type` of the problem document (RFC 9457) that a
 * caller gets; which status and title belong to it is said in `routes/problem.ts`, and nowhere else.
 */
export type ProblemKind =
  | 'bad-metrics-page'
  | 'busy'
  | 'conflict'
  | 'cross-site'
  | 'forbidden'
  | 'forbidden-host'
  | 'idempotency-key-reused'
  | 'invalid-request'
  | 'misdirected'
  | 'no-data'
  | 'not-found'
  | 'not-ready'
  | 'overloaded'
  | 'queue-full'
  | 'too-many-requests'
  | 'too-many-streams'
  | 'unauthorized'
  | 'upstream-bad-status'
  | 'upstream-cut-off'
  | 'upstream-forbidden'
  | 'upstream-timeout'
  | 'upstream-too-large'
  | 'upstream-unreachable'
  | 'wrong-engine';

interface ProblemOptions extends ErrorOptions {
  /** When asking again may help, where that depends on the moment. */
  readonly retryAfterS?: number;
}

/** The message is for the caller: what was wrong with this request. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly kind: ProblemKind;
  readonly retryAfterS: number | undefined;

  constructor(kind: ProblemKind, message: string, { retryAfterS, ...options }: ProblemOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.retryAfterS = retryAfterS;
  }
}
