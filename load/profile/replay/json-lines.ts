/**
 * A log of one JSON object a line: `{ "time": "2026-10-10T13:55:36.123Z", "method": "GET", "url": "/path" }`, with
 * `headers`, `body` and `status` where it keeps them.
 */
import { linesOf } from './access-log.ts';
import {
  type ReadLine,
  type ReadLog,
  type ReplayedRequest,
  samePath,
  sendableHeaders,
  whyNotSent,
} from './recorded-line.ts';
import { TargetHost } from './target-host.ts';

export function readJsonLines(text: string): ReadLog {
  const host = new TargetHost();
  const lines: ReadLine[] = [];
  for (const each of linesOf(text)) lines.push(readLine(each, host));
  return { lines, wholeSeconds: false };
}

function readLine(text: string, host: TargetHost): ReadLine {
  const said = objectOf(text);
  if (said === undefined) return { leftOut: 'malformed' };
  const atMs = epochMsOf(said['time']);
  if (atMs === undefined) return { leftOut: 'without a `time`' };
  const { method = 'GET', url: given, status } = said;
  if (typeof method !== 'string' || typeof given !== 'string') return { leftOut: 'malformed' };
  const url = host.pathOf(given);
  if (url === undefined) return { leftOut: 'another host' };
  const asked = { method: method.toUpperCase(), url };
  const why = whyNotSent(asked);
  if (why !== undefined) return { leftOut: why };
  const request: ReplayedRequest = {
    method: asked.method,
    url: samePath(url),
    ...contentOf(said),
    ...(Number.isInteger(status) && { status: Number(status) }),
  };
  return { atMs, request };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined; // no JSON: the line is counted as malformed
  }
}

/** Seconds since 1970 up to here, milliseconds beyond: it is the year 5138 of the one and 1973 of the other. */
const mostSeconds = 1e11;

/** ISO 8601, or a number of seconds or milliseconds since 1970. */
export function epochMsOf(time: unknown): number | undefined {
  const read =
    typeof time === 'number' || (typeof time === 'string' && /^\d+(?:\.\d+)?$/.test(time))
      ? Number(time) * (Number(time) < mostSeconds ? 1_000 : 1)
      : typeof time === 'string'
        ? Date.parse(time)
        : Number.NaN;
  return Number.isFinite(read) ? read : undefined;
}

/** A body that is a text is sent as it is, any other as JSON, which its type says unless the line says another. */
function contentOf(said: Readonly<Record<string, unknown>>): Pick<ReplayedRequest, 'headers' | 'body'> {
  const headers = headersOf(said['headers']);
  const { body } = said;
  if (body === undefined || body === null) return headers === undefined ? {} : { headers };
  if (typeof body === 'string') return { ...(headers !== undefined && { headers }), body };
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function headersOf(headers: unknown): Record<string, string> | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  return sendableHeaders(
    Object.entries(headers).filter((each): each is [string, string] => typeof each[1] === 'string'),
  );
}
