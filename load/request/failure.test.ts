import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { failureOf, type Progress } from './failure.ts';

const coded = (code: string | undefined, message: string): Error => Object.assign(new Error(message), code && { code });

const cases: readonly { code?: string; text: string; progress: Progress; failure: Record<string, unknown> }[] = [
  {
    code: 'ECONNREFUSED',
    text: 'connect ECONNREFUSED 127.0.0.1:1',
    progress: 'connecting',
    failure: { kind: 'refused', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' },
  },
  {
    code: 'ECONNRESET',
    text: 'socket hang up',
    progress: 'sent',
    failure: { kind: 'reset', code: 'ECONNRESET', message: 'socket hang up (ECONNRESET)' },
  },
  {
    code: 'ECONNRESET',
    text: 'read ECONNRESET',
    progress: 'sent',
    failure: { kind: 'reset', code: 'ECONNRESET', message: 'read ECONNRESET' },
  },
  {
    code: 'ECONNRESET',
    text: 'read ECONNRESET',
    progress: 'head',
    failure: { kind: 'body-cut-off', code: undefined, message: 'aborted' },
  },
  {
    code: 'ERR_HTTP2_STREAM_ERROR',
    text: 'Stream closed with error code NGHTTP2_REFUSED_STREAM',
    progress: 'refused',
    failure: { kind: 'reset', code: 'ERR_HTTP2_STREAM_ERROR' },
  },
  {
    code: 'ERR_HTTP2_STREAM_ERROR',
    text: 'Stream closed with error code NGHTTP2_CANCEL',
    progress: 'head',
    failure: { kind: 'body-cut-off', code: 'ERR_HTTP2_STREAM_ERROR' },
  },
  { code: 'ENOTFOUND', text: 'getaddrinfo ENOTFOUND x', progress: 'connecting', failure: { kind: 'dns' } },
  { code: 'CERT_HAS_EXPIRED', text: 'certificate has expired', progress: 'connecting', failure: { kind: 'tls' } },
  { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', text: 'unable', progress: 'connecting', failure: { kind: 'tls' } },
  { code: 'ERR_TLS_CERT_ALTNAME_INVALID', text: 'no name', progress: 'connecting', failure: { kind: 'tls' } },
  { code: 'ETIMEDOUT', text: 'connect ETIMEDOUT', progress: 'connecting', failure: { kind: 'timeout' } },
  { code: 'HPE_INVALID_CONSTANT', text: 'Parse Error: …', progress: 'sent', failure: { kind: 'malformed' } },
  { code: 'EMFILE', text: 'too many open files', progress: 'connecting', failure: { kind: 'other', code: 'EMFILE' } },
  { text: 'something else', progress: 'sent', failure: { kind: 'other', code: undefined, message: 'something else' } },
];

for (const { code, text, progress, failure } of cases) {
  test(`${code ?? 'no code'} (${text}) at ${progress} is ${String(failure['kind'])}`, () => {
    expect(failureOf(coded(code, text), progress)).toMatchObject(failure);
  });
}

test('an attempt on several addresses tells of each', () => {
  const errors = [
    coded('ECONNREFUSED', 'connect ECONNREFUSED ::1:1'),
    coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'),
  ];
  const both = Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });
  expect(failureOf(both, 'connecting').message).toBe('connect ECONNREFUSED ::1:1\nconnect ECONNREFUSED 127.0.0.1:1');
});
