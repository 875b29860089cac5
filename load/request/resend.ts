/**
 * Whether a request may be sent once more that got no answer. Where a kept connection was closed nobody can tell whether
 * the server has read it, so it must do no harm twice (RFC 9112, 9.3.1); what the server says to have refused it has not
 * processed, whatever it is (RFC 9113, 8.7).
 */
import { findHeader, type HeaderList } from './header-list.ts';

/**
 * Why a request without a byte of an answer may be sent once more. `stale`: its connection had carried a response, rested,
 * and was closed; nobody can tell whether the server has read the request. `refused`: the server said that it has not
 * processed it (RFC 9113, 8.7).
 */
export type Unanswered = 'stale' | 'refused';

/** `idempotent`: requests that mean the same once and twice. `any`: every one. `never`: none, they fail. */
export type ResendRule = 'idempotent' | 'any' | 'never';

/** RFC 9110, 9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** By these the server knows the second for the first, to Go's `net/http` too. */
const idempotencyKeys = ['idempotency-key', 'x-idempotency-key'];

export function mayResend(
  rule: ResendRule,
  { method, headers }: { readonly method: string; readonly headers: Readonly<HeaderList> },
  unanswered: Unanswered,
): boolean {
  switch (rule) {
    case 'any':
      return true;
    case 'never':
      return false;
    case 'idempotent':
      return (
        unanswered === 'refused' ||
        idempotentMethods.has(method) ||
        idempotencyKeys.some((name) => findHeader(headers, name) !== -1)
      );
  }
}
