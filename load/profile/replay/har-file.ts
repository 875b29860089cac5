/**
 * HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as browsers, proxies and Playwright's `recordHar`
 * write it: what of it is read here and by `playload from`. Nothing of a file is trusted to have its shape.
 */
import { type ReadLine, type ReadLog, samePath, sendableHeaders, whyNotSent } from './recorded-line.ts';
import { TargetHost } from './target-host.ts';

interface NameValue {
  readonly name?: unknown;
  readonly value?: unknown;
}

/** An entry of a HAR file; any field may be missing, or be anything. */
export interface HarEntry {
  readonly startedDateTime?: unknown;
  /** Milliseconds in all; -1 where it was not measured. */
  readonly time?: unknown;
  readonly _resourceType?: unknown;
  readonly request?: {
    readonly method?: unknown;
    readonly url?: unknown;
    readonly headers?: readonly NameValue[];
    readonly postData?: {
      readonly mimeType?: unknown;
      readonly text?: unknown;
      readonly params?: readonly NameValue[];
      readonly _file?: unknown;
      readonly _sha1?: unknown;
    } | null;
  };
  readonly response?: {
    readonly status?: unknown;
    readonly headers?: readonly NameValue[];
    readonly redirectURL?: unknown;
    readonly content?: {
      readonly mimeType?: unknown;
      readonly text?: unknown;
      readonly encoding?: unknown;
      readonly _file?: unknown;
      readonly _sha1?: unknown;
    };
    readonly _failureText?: unknown;
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
  const atMs = typeof startedDateTime === 'string' ? Date.parse(startedDateTime) : Number.NaN;
  if (typeof request?.url !== 'string' || typeof request.method !== 'string' || Number.isNaN(atMs))
    return { leftOut: 'malformed' };
  if (!/^https?:/i.test(request.url)) return { leftOut: 'not HTTP' };
  const url = host.pathOf(request.url);
  if (url === undefined) return { leftOut: 'another host' };
  const method = request.method.toUpperCase();
  const why = whyNotSent({ method, url });
  if (why !== undefined) return { leftOut: why };
  const headers = Object.entries(sendableHeaders(pairsOf(request.headers))).filter(([name]) => !notAgain.test(name));
  const body = bodyOf(request.postData);
  if (body === 'lost') return { leftOut: 'without its body' };
  const status = response?.status;
  return {
    atMs,
    request: {
      method,
      url: samePath(url),
      headers: Object.fromEntries(headers),
      ...body,
      ...(typeof status === 'number' && status > 0 && { status }),
    },
  };
}

/** As text, or as the fields of a form; `lost` where it had one that the file does not hold. */
function bodyOf(postData: NonNullable<HarEntry['request']>['postData']): { readonly body?: string } | 'lost' {
  if (postData === undefined || postData === null) return {};
  const { text, params, mimeType, _file, _sha1 } = postData;
  if (typeof text === 'string' && (text !== '' || (_file ?? _sha1) === undefined)) return { body: text };
  const fields = pairsOf(params);
  const isForm = typeof mimeType === 'string' && /^application\/x-www-form-urlencoded/i.test(mimeType);
  return isForm && fields.length > 0 ? { body: new URLSearchParams(fields).toString() } : 'lost';
}
