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
  const { key, runId, shard, of, nonce, what } = fieldsOf(text);
  if (typeof key !== 'string' || typeof runId !== 'string' || typeof nonce !== 'string' || typeof what !== 'string')
    return undefined;
  if (!isCount(shard) || !isCount(of) || shard > of) return undefined;
  return { key, runId, shard, of, nonce, what };
}

/** Undefined if it is none: something else may listen there. */
export function meetingLineOf(text: string): MeetingLine | undefined {
  const { kind, why, of, here, lost } = fieldsOf(text);
  if (kind === 'start') return { kind };
  if (kind === 'off' && typeof why === 'string') return { kind, why };
  if (kind !== 'waiting' || !isCount(of) || !areCounts(here) || !areCounts(lost)) return undefined;
  return { kind, of, here, lost };
}

/** None where it is no object of JSON. */
function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}
