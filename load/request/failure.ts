/**
 * Names what went wrong below HTTP. Errors come from Node's sockets, from TLS, from our parser and from Node's HTTP/2;
 * here they get one kind, and the code and words that Playwright's context has for the same event.
 */
import type { Unanswered } from './resend.ts';
import type { FailureKind, RequestFailure } from './sample.ts';

/** How far the response had come when the connection failed. */
export type Progress = 'connecting' | Unanswered | 'sent' | 'head';

const kindByCode: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EPROTO: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  CERT_NOT_YET_VALID: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  HOSTNAME_MISMATCH: 'tls',
};

/** Families of codes: OpenSSL's verification errors, Node's TLS errors, llhttp's parse errors. */
const kindByPattern: readonly (readonly [RegExp, FailureKind])[] = [
  [/^(?:ERR_TLS_|ERR_SSL_|UNABLE_TO_|CERT_|CRL_|ERROR_IN_C|INVALID_CA|PATH_LENGTH)/, 'tls'],
  [/^HPE_/, 'malformed'],
  [/^ERR_HTTP2_(?:STREAM|SESSION)/, 'reset'],
  [/^ERR_HTTP2_/, 'malformed'],
];

/** What an error of the transport is in the field's words. */
export function failureOf(error: Error, progress: Progress): RequestFailure {
  const code = codeOf(error);
  if (code !== undefined && isClosedCode(code)) return closed(error, code, progress);
  const kind = kindOf(code);
  // A stream of HTTP/2 that is reset has its own codes.
  return { kind: kind === 'reset' && progress === 'head' ? 'body-cut-off' : kind, code, message: messageOf(error) };
}

function kindOf(code: string | undefined): FailureKind {
  if (code === undefined) return 'other';
  return kindByCode[code] ?? kindByPattern.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

/** The other end has closed the connection, in Node's words. */
export function closedError(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

export function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A happy-eyeballs attempt on several addresses fails with one error per address and no message of its own. */
function messageOf(error: Error): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((one: unknown) => (one instanceof Error ? one.message : String(one))).join('\n');
  }
  return error.message;
}

/** The connection is gone. */
const closedCodes = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE']);

export function isClosedCode(code: string | undefined): boolean {
  return code !== undefined && closedCodes.has(code);
}

/** Closed before the response's head is a reset; after it, the body was cut off, which Node calls `aborted`. */
function closed(error: Error, code: string, progress: Progress): RequestFailure {
  if (progress === 'head') return { kind: 'body-cut-off', code: undefined, message: 'aborted' };
  const { message } = error;
  return { kind: 'reset', code, message: message.includes(code) ? message : `${message} (${code})` };
}
