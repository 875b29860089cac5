/** `Retry-After`: how long a server asks to be left alone (RFC 9110, 10.2.3). */
import type { Again } from '../measure/samples/kind.ts';
import { longestTimerMs } from '../measure/units.ts';
import { getHeader, type HeaderList } from './header-list.ts';

/** A call waits this often at most, however short the waits are: `Retry-After: 0` would never end. */
const mostWaits = 10;

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

/**
 * Milliseconds until a request is sent again; undefined where its answer stands, since it asks for more than the caller
 * has patience for, or for the last time.
 */
export function patientWaitMs(
  headers: Readonly<HeaderList>,
  {
    nowEpochMs,
    mostMs,
    again: { waits, waitedMs } = { waits: 0, waitedMs: 0 },
  }: {
    readonly nowEpochMs: number;
    /** For all waits of the call. */
    readonly mostMs: number;
    readonly again: Pick<Again, 'waits' | 'waitedMs'> | undefined;
  },
): number | undefined {
  if (waits >= mostWaits) return undefined;
  const waitMs = retryAfterMs(headers, nowEpochMs);
  return waitMs === undefined || waitedMs + waitMs > Math.min(mostMs, longestTimerMs) ? undefined : waitMs;
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
