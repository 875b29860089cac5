/**
 * Names what went wrong below HTTP. Errors come from Node's sockets, from TLS, from undici and from our own rules; here
 * they get one kind, and the code and words that Playwright's context has for the same event.
 */
import type { FailureKind, RequestFailure } from './sample.ts';

/** How far the response had come when the connection failed. */
export type Progress = 'connecting' | 'sent' | 'head';

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
  if (isClosed(error, code)) return closed(error, code, progress);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return { kind: 'malformed', code: 'HPE_HEADER_OVERFLOW', message: 'Parse Error: Header overflow' };
  }
  if (code?.startsWith('HPE_')) return { kind: 'malformed', code, message: parseMessage(error.message) };
  return { kind: kindOf(code), code, message: messageOf(error) };
}

function kindOf(code: string | undefined): FailureKind {
  if (code === undefined) return 'other';
  return kindByCode[code] ?? kindByPattern.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
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

const closedCodes = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

function isClosed(error: Error, code: string | undefined): boolean {
  return (
    (code !== undefined && closedCodes.has(code)) || code === 'HPE_INVALID_EOF_STATE' || error.name === 'SocketError'
  );
}

/** Closed before the response's head is a reset; after it, the body was cut off, which Node calls `aborted`. */
function closed(error: Error, code: string | undefined, progress: Progress): RequestFailure {
  if (progress === 'head') return { kind: 'body-cut-off', code: undefined, message: 'aborted' };
  const words = code?.startsWith('E') ? error.message : 'socket hang up';
  const named = code?.startsWith('E') ? code : 'ECONNRESET';
  return { kind: 'reset', code: named, message: words.includes(named) ? words : `${words} (${named})` };
}

/** undici wraps the parser's reason in a sentence; Node, and so Playwright, puts `Parse Error:` before it. */
function parseMessage(message: string): string {
  const reason = /^Response does not match the HTTP\/1\.1 protocol \((.*)\)$/s.exec(message)?.[1];
  return reason === undefined ? message : `Parse Error: ${reason}`;
}
