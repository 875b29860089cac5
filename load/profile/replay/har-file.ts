/**
 * HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as browsers, proxies and Playwright's `recordHar`
 * write it: what of it is read here and by `playload from`. Nothing of a file is trusted to have its shape.
 */
import { type ReadLine, type ReadLog, sendableHeaders, whyNotSent } from './recorded-line.ts';
import { TargetHost } from './target-host.ts';

interface NameValue {
  readonly name?: string;
  readonly value?: string;
}

/** An entry of a HAR file; any field may be missing. */
export interface HarEntry {
  readonly startedDateTime?: string;
  /** Milliseconds in all; -1 where it was not measured. */
  readonly time?: number;
  readonly _resourceType?: string;
  readonly request?: {
    readonly method?: string;
    readonly url?: string;
    readonly headers?: readonly NameValue[];
    readonly postData?: {
      readonly mimeType?: string;
      readonly text?: string;
      readonly params?: readonly NameValue[];
      readonly _file?: string;
      readonly _sha1?: string;
    };
  };
  readonly response?: {
    readonly status?: number;
    readonly headers?: readonly NameValue[];
    readonly redirectURL?: string;
    readonly content?: {
      readonly mimeType?: string;
      readonly text?: string;
      readonly encoding?: string;
      readonly _file?: string;
      readonly _sha1?: string;
    };
    readonly _failureText?: string | null;
  };
}

/** The entries of a HAR file's text. Throws an error that says where it is none. */
export function harEntries(text: string): readonly HarEntry[] {
  const read: unknown = JSON.parse(text);
  const log = (read as { readonly log?: { readonly entries?: unknown } } | null)?.log;
  if (!Array.isArray(log?.entries)) throw new TypeError('it is no HAR file: it has no `log.entries`');
  return (log.entries as readonly unknown[]).map((entry) => (typeof entry === 'object' && entry !== null ? entry : {}));
}

/** Pairs of a list of `{ name, value }`, without what is neither. */
export function pairsOf(list: readonly NameValue[] | undefined): [string, string][] {
  if (!Array.isArray(list)) return [];
  return (list as readonly (NameValue | null)[]).flatMap((each) =>
    typeof each?.name === 'string' && typeof each.value === 'string'
      ? [[each.name, each.value] as [string, string]]
      : [],
  );
}

/** Headers that a browser or a login that is over has given. */
const notAgain = /^(?:sec-|authorization$|accept-encoding$|user-agent$|upgrade-insecure-requests$)/;

export function readHar(text: string): ReadLog {
  const host = new TargetHost();
  return { lines: harEntries(text).map((entry) => readEntry(entry, host)), wholeSeconds: false };
}

function readEntry({ startedDateTime, request, response }: HarEntry, host: TargetHost): ReadLine {
  const atMs = Date.parse(String(startedDateTime));
  if (typeof request?.url !== 'string' || typeof request.method !== 'string' || Number.isNaN(atMs))
    return { leftOut: 'malformed' };
  if (!/^https?:/i.test(request.url)) return { leftOut: 'not HTTP' };
  const url = host.pathOf(request.url);
  if (url === undefined) return { leftOut: 'another host' };
  const method = request.method.toUpperCase();
  const why = whyNotSent({ method, url });
  if (why !== undefined) return { leftOut: why };
  const headers = Object.entries(sendableHeaders(pairsOf(request.headers))).filter(([name]) => !notAgain.test(name));
  const body = request.postData?.text;
  const status = response?.status;
  return {
    atMs,
    request: {
      method,
      url,
      headers: Object.fromEntries(headers),
      ...(typeof body === 'string' && { body }),
      ...(typeof status === 'number' && status > 0 && { status }),
    },
  };
}
