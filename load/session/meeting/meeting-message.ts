/** What a shard and a meeting server say to each other: one request, answered by a line of JSON for each thing that happens. */
import type { Attendance } from './absent-shards.ts';
import type { Party } from './party.ts';

/** The path below the server's address. */
export const meetPath = '/meet';

/** How often a waiting shard hears of the others, so that neither takes the other for dead. */
export const lineEveryMs = 1_000;

export interface Coming extends Party {
  /** The test, for people who read the server's log. */
  readonly what: string;
}

export type MeetingLine =
  | ({ readonly kind: 'waiting' } & Attendance)
  | { readonly kind: 'start' }
  /** It will not come about: somebody is known not to come any more. */
  | { readonly kind: 'off'; readonly why: string };

/** Undefined if it is none: it came from anywhere. */
export function comingOf(text: string): Coming | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { key, runId, shard, of, nonce, what } = value as Readonly<Record<string, unknown>>;
  if (typeof key !== 'string' || typeof runId !== 'string' || typeof nonce !== 'string' || typeof what !== 'string')
    return undefined;
  if (!isCount(shard) || !isCount(of) || shard > of) return undefined;
  return { key, runId, shard, of, nonce, what };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}
