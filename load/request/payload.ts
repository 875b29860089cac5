/** The body of a request: `data`, `form` and `multipart` as bytes, and the content type they ask for. */
import { addMissingHeader, getHeader, type HeaderList } from './header-list.ts';
import { encodeMultipart } from './multipart.ts';
import { pairsOf, textOf } from './pairs.ts';
import type { RequestOptions } from './request-options.ts';

/**
 * The bytes to send, or nothing; the content type goes into `headers` unless the caller set one. A promise only when
 * `multipart` has to read a stream or a file.
 */
export function payloadOf(options: RequestOptions, headers: HeaderList): Buffer | undefined | Promise<Buffer> {
  const { data, form, multipart } = options as Bodies;
  if (data !== undefined) return dataPayload(data, headers);
  if (isGiven(form)) {
    addMissingHeader(headers, 'content-type', 'application/x-www-form-urlencoded');
    return Buffer.from(formQuery(form));
  }
  if (isGiven(multipart)) return encodeMultipart(multipart, headers);
  return undefined;
}

/** As they may come from callers without types. */
interface Bodies {
  readonly data?: unknown;
  readonly form?: unknown;
  readonly multipart?: unknown;
}

/** `null` is JSON as `data`, and nothing as the others, as in Playwright's. */
export function hasPayload({ data, form, multipart }: Bodies): boolean {
  return data !== undefined || isGiven(form) || isGiven(multipart);
}

function isGiven(option: unknown): boolean {
  return option !== undefined && option !== null;
}

function dataPayload(data: unknown, headers: HeaderList): Buffer {
  if (typeof data === 'string') return textPayload(data, headers);
  if (Buffer.isBuffer(data)) {
    addMissingHeader(headers, 'content-type', 'application/octet-stream');
    return data;
  }
  if (typeof data !== 'object' && typeof data !== 'number' && typeof data !== 'boolean') {
    throw new Error(`Unexpected 'data' type`);
  }
  addMissingHeader(headers, 'content-type', 'application/json');
  return Buffer.from(JSON.stringify(data));
}

/** A string under a JSON content type is sent as it is if it parses, and as a JSON string if it doesn't. */
function textPayload(data: string, headers: HeaderList): Buffer {
  if (isJson(getHeader(headers, 'content-type'))) return Buffer.from(parses(data) ? data : JSON.stringify(data));
  addMissingHeader(headers, 'content-type', 'application/octet-stream');
  return Buffer.from(data);
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // not JSON: that is the answer
  }
}

function formQuery(form: unknown): string {
  const query = new URLSearchParams();
  for (const [name, value] of pairsOf(form, 'form')) {
    if (value === undefined) continue;
    if (value instanceof Blob) {
      throw new Error(`Expected string for options.form["${name}"], found File. Please use options.multipart instead.`);
    }
    query.append(name, textOf(value, `form.${name}`));
  }
  return query.toString();
}
