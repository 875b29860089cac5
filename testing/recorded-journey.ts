/** For tests: recordings in few words, and the specs that are made of them. */
import { expect } from '@playwright/test';
import ts from 'typescript';
import type { HarEntry } from '../load/profile/replay/har-file.ts';
import { exchangeOf } from '../cli/from/exchange.ts';
import { journeySpec } from '../cli/from/journey-spec.ts';
import { choose } from '../cli/from/left-out.ts';

export interface Sent {
  readonly atMs?: number;
  readonly forMs?: number;
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: string;
  readonly status?: number;
  readonly answer?: unknown;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly type?: string;
}

const pairs = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));
export const origin = 'http://shop.example';
let clockMs = 0;

export function entry({
  atMs,
  forMs = 10,
  method = 'GET',
  url = '/',
  headers = {},
  json,
  form,
  ...more
}: Sent): HarEntry {
  clockMs = atMs ?? clockMs + 50;
  const { status = 200, answer, answerHeaders = {}, type = 'fetch' } = more;
  return {
    startedDateTime: new Date(Date.UTC(2026, 0, 1) + clockMs).toISOString(),
    time: forMs,
    _resourceType: type,
    request: {
      method,
      url: url.startsWith('/') ? `${origin}${url}` : url,
      headers: pairs(headers),
      ...(json !== undefined && { postData: { mimeType: 'application/json', text: JSON.stringify(json) } }),
      ...(form !== undefined && { postData: { mimeType: 'application/x-www-form-urlencoded', text: form } }),
    },
    response: {
      status,
      headers: pairs(answerHeaders),
      content: { mimeType: 'application/json', ...(answer !== undefined && { text: JSON.stringify(answer) }) },
    },
  };
}

export function specOf(...sent: readonly Sent[]): string {
  const exchanges = sent.map((each) => exchangeOf(entry(each), () => undefined)).filter((each) => each !== undefined);
  const chosen = choose(exchanges, { origins: [], all: false });
  const spec = journeySpec({ title: 'a journey', users: 5, duration: '30s', notes: ['made'], ...chosen });
  const { parseDiagnostics } = ts.createSourceFile('a.ts', spec, ts.ScriptTarget.Latest) as unknown as {
    readonly parseDiagnostics: readonly ts.Diagnostic[];
  };
  expect(parseDiagnostics.map(({ messageText }) => messageText)).toEqual([]);
  return spec;
}
