/** Who came to a meeting and who did not, in the words of an error. */
import { formatDuration } from '../../measure/units.ts';

/** Shards from 1. */
export interface Attendance {
  readonly of: number;
  /** Who came and still waits, this shard included. */
  readonly here: readonly number[];
  /** Who came and waits no longer: killed, or its own time was over. */
  readonly lost: readonly number[];
}

export interface Waited {
  /** The place, as `LOAD_MEET` names it. */
  readonly where: string;
  readonly timeoutMs: number;
}

function absentShards({ of, here, lost }: Attendance): readonly number[] {
  return Array.from({ length: of }, (_, at) => at + 1).filter(
    (shard) => !here.includes(shard) && !lost.includes(shard),
  );
}

/** `shard 3 of 4 never came to /shared/meet within 2m; shards 1, 2, 4 did`. */
export function missedWords(attendance: Attendance, { where, timeoutMs }: Waited): string {
  const { of, here, lost } = attendance;
  const absent = absentShards(attendance);
  const within = `within ${formatDuration(timeoutMs)}`;
  const parts = [
    ...(absent.length > 0 ? [`${shards(absent)} of ${of} never came to ${where} ${within}`] : []),
    ...(lost.length > 0
      ? [`${shards(lost)} of ${of} came to ${where} and went away (killed, or out of patience)`]
      : []),
    ...(absent.length + lost.length === 0 ? [`the ${of} shards came to ${where} and did not agree ${within}`] : []),
  ];
  return `${parts.join('; ')}; ${shards(here)} ${absent.length > 0 ? 'did' : 'waited'}`;
}

function shards(list: readonly number[]): string {
  return `shard${list.length === 1 ? '' : 's'} ${list.join(', ')}`;
}
