/** `Retry-After`: how long a server asks to be left alone (RFC 9110, 10.2.3). */
import { getHeader, type HeaderList } from './header-list.ts';

/** A call waits this often at most, however short the waits are: `Retry-After: 0` would never end. */
export const mostWaits = 10;

/** Answers that say that they are for now: too many requests, and not available. */
export function isForNow(status: number): boolean {
  return status === 429 || status === 503;
}

/**
 * Milliseconds to wait, 0 for a moment that is past; undefined where the header is absent or says neither seconds nor a
 * date. A date is held against the answer's own `Date`, as the two clocks may differ.
 */
export function retryAfterMs(headers: Readonly<HeaderList>, nowEpochMs: number): number | undefined {
  const text = getHeader(headers, 'retry-after')?.trim();
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const atMs = httpDateMs(text);
  return atMs === undefined ? undefined : Math.max(0, atMs - (httpDateMs(getHeader(headers, 'date')) ?? nowEpochMs));
}

/** The three forms of a date (RFC 9110, 5.6.7); the last, of C's `asctime`, does not say that it is GMT. */
const dates = [
  /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^\w{6,9}, \d{2}-\w{3}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^\w{3} \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

function httpDateMs(text: string | undefined): number | undefined {
  if (text === undefined || !dates.some((form) => form.test(text))) return undefined;
  const ms = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(ms) ? undefined : ms;
}
