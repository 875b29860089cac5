/**
 * Whether a request may be sent once more that was written to a kept connection and got no answer, since the server had
 * closed it (RFC 9112, 9.3.1). Nobody can tell whether the server has read it, so it must do no harm twice.
 */
import { findHeader, type HeaderList } from './header-list.ts';

/** `idempotent`: requests that mean the same once and twice. `any`: every one. `never`: none, they fail. */
export type ResendRule = 'idempotent' | 'any' | 'never';

/** RFC 9110, 9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** By these the server knows the second for the first, to Go's `net/http` too. */
const idempotencyKeys = ['idempotency-key', 'x-idempotency-key'];

export function mayResend(rule: ResendRule, method: string, headers: Readonly<HeaderList>): boolean {
  switch (rule) {
    case 'any':
      return true;
    case 'never':
      return false;
    case 'idempotent':
      return idempotentMethods.has(method) || idempotencyKeys.some((name) => findHeader(headers, name) !== -1);
  }
}
