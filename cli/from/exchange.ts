/** A request of a recording and what it was answered with, in the terms of this package. */
import { type HarEntry, pairsOf } from '../../load/profile/replay/har-file.ts';

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  /** As they were sent, names in lower case. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Body;
  readonly status: number;
  readonly resourceType: string;
  readonly responseHeaders: readonly (readonly [string, string])[];
  readonly responseType: string;
  /** Text of an answer in JSON, where the recording has it. */
  readonly responseText: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
}

/** `lost`: it had one that the recording does not hold. */
export type Body =
  { readonly kind: 'none' | 'lost' } | { readonly kind: 'text'; readonly type: string; readonly text: string };

/** Reads what is kept apart from the entry, by the name it is kept under. */
export type ReadAttachment = (name: string) => Buffer | undefined;

/** Undefined for what was never answered, is no HTTP, or is no entry at all. */
export function exchangeOf(entry: HarEntry, attachment: ReadAttachment): Exchange | undefined {
  const { request, response, startedDateTime, time = 0 } = entry;
  const startMs = Date.parse(wordOf(startedDateTime));
  const given = wordOf(request?.url);
  const method = wordOf(request?.method);
  const status = Number(response?.status);
  if (!/^https?:/i.test(given) || !URL.canParse(given) || Number.isNaN(startMs)) return undefined;
  if (!(status >= 100) || !/^[A-Za-z]{1,20}$/.test(method)) return undefined;
  const responseHeaders = lowerCased(pairsOf(response?.headers));
  const responseType = typeOf(response?.content?.mimeType ?? valueOf(responseHeaders, 'content-type'));
  return {
    method: method.toUpperCase(),
    url: new URL(given),
    headers: lowerCased(pairsOf(request?.headers)),
    body: bodyOf(request, attachment),
    status: status === 304 ? 200 : status, // what a browser has kept is not asked for by its date or tag
    resourceType: wordOf(entry._resourceType),
    responseHeaders,
    responseType,
    responseText: isJsonType(responseType) ? textOf(response?.content, attachment) : undefined,
    startMs,
    endMs: startMs + (typeof time === 'number' && Number.isFinite(time) ? Math.max(0, time) : 0),
  };
}

function lowerCased(headers: readonly (readonly [string, string])[]): [string, string][] {
  return headers.map(([name, value]) => [name.toLowerCase(), value]);
}

/** What is no text says nothing. */
function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function valueOf(headers: readonly (readonly [string, string])[], name: string): string {
  return headers.find(([each]) => each === name)?.[1] ?? '';
}

/** `application/json` of `application/json; charset=utf-8`. */
function typeOf(mime: unknown): string {
  return (wordOf(mime).split(';')[0] ?? '').trim().toLowerCase();
}

/** What values are taken from; a picture need not be unpacked. */
function isJsonType(type: string): boolean {
  return type.endsWith('json');
}

function bodyOf(request: HarEntry['request'], attachment: ReadAttachment): Body {
  const headers = lowerCased(pairsOf(request?.headers));
  const { mimeType, text, params, _file, _sha1 } = request?.postData ?? {};
  const type = wordOf(mimeType ?? valueOf(headers, 'content-type'));
  const kept = wordOf(_file ?? _sha1);
  const found = typeof text === 'string' && text !== '' ? text : kept === '' ? undefined : attachment(kept)?.toString();
  if (typeof found === 'string') return { kind: 'text', type, text: found };
  if (Array.isArray(params) && params.length > 0 && typeOf(type) !== 'multipart/form-data')
    return { kind: 'text', type, text: new URLSearchParams(pairsOf(params)).toString() };
  const hadOne = Number(valueOf(headers, 'content-length')) > 0 || (request?.postData ?? undefined) !== undefined;
  return { kind: hadOne ? 'lost' : 'none' };
}

function textOf(content: NonNullable<HarEntry['response']>['content'], attachment: ReadAttachment): string | undefined {
  const kept = content?._file ?? content?._sha1;
  if (typeof content?.text === 'string')
    return content.encoding === 'base64' ? Buffer.from(content.text, 'base64').toString() : content.text;
  return typeof kept === 'string' ? attachment(kept)?.toString() : undefined;
}
