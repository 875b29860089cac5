/**
 * A log of one JSON object a line: `{ "time": "2026-10-10T13:55:36.123Z", "method": "GET", "url": "/path" }`, with
 * `headers`, `body` and `status` where it keeps them.
 */
import { linesOf } from './access-log.ts';
import { type ReadLine, type ReadLog, type ReplayedRequest, sendableHeaders, whyNotSent } from './recorded-line.ts';
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
    ...asked,
    ...headersOf(said['headers']),
    ...bodyOf(said['body']),
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

function headersOf(headers: unknown): Pick<ReplayedRequest, 'headers'> {
  if (typeof headers !== 'object' || headers === null) return {};
  const texts = Object.entries(headers).filter((each): each is [string, string] => typeof each[1] === 'string');
  return { headers: sendableHeaders(texts) };
}

/** A text as it is, anything else as JSON. */
function bodyOf(body: unknown): Pick<ReplayedRequest, 'body'> {
  if (body === undefined || body === null) return {};
  return { body: typeof body === 'string' ? body : JSON.stringify(body) };
}
