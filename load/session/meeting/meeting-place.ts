/**
 * Where the shards of a run wait for each other, as `LOAD_MEET` names it: a folder that all of them share, or the
 * address of a meeting server. `LOAD_MEET_TIMEOUT` says for how long.
 */
import { resolve } from 'node:path';
import { OptionsError } from '../../options-error.ts';
import { durationProblem, durationMsOf, longestTimerMs, show } from '../../measure/units.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How long a shard waits for the others where `LOAD_MEET_TIMEOUT` does not say it. */
export const defaultMeetTimeoutMs = 300_000;

export interface MeetingPlace {
  readonly kind: 'folder' | 'server';
  /** An absolute path, or the address of a server without a slash at its end. */
  readonly where: string;
  readonly timeoutMs: number;
}

/** Undefined where nothing is set. Throws `OptionsError` for what is neither a path nor `http:`, and for a time that is none. */
export function meetingPlaceOf(env: Environment): MeetingPlace | undefined {
  const where = env['LOAD_MEET'] ?? '';
  if (where === '') return undefined;
  const timeoutMs = timeoutMsOf(env['LOAD_MEET_TIMEOUT'] ?? '');
  if (isPath(where)) return { kind: 'folder', where: resolve(where), timeoutMs };
  if (!URL.canParse(where) || new URL(where).protocol !== 'http:' || new URL(where).host === '') {
    throw new OptionsError([
      `\`LOAD_MEET\` must be a folder that all shards share, or a server such as \`http://meet:8080\`, got ${show(where)}`,
    ]);
  }
  return { kind: 'server', where: where.replace(/\/+$/, ''), timeoutMs };
}

/** Not an address without its `http:` either, as which no folder is named. */
function isPath(where: string): boolean {
  if (/^[a-z]:[\\/]/i.test(where)) return true;
  return !/^[a-z][a-z0-9+.-]+:/i.test(where) && !/^[^/\\]+:\d+\/*$/.test(where);
}

function timeoutMsOf(text: string): number {
  if (text === '') return defaultMeetTimeoutMs;
  const ms = durationMsOf(text);
  if (ms === undefined) throw new OptionsError([durationProblem('LOAD_MEET_TIMEOUT', text)]);
  if (ms <= 0 || ms > longestTimerMs)
    throw new OptionsError([`\`LOAD_MEET_TIMEOUT\` must be above 0 and at most 24 days, got ${show(text)}`]);
  return ms;
}
