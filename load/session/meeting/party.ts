/** Who comes to a meeting, and to which: each load of each test of a run has one. */
import { randomBytes } from 'node:crypto';
import type { Share } from '../../profile/profile.ts';
import { hashOf } from '../segment-origin.ts';

/** What a load is known by on all shards. */
export interface Occasion {
  readonly runId: string;
  readonly project: string;
  readonly testId: string;
  readonly repeatEachIndex: number;
  /** Which load of its test, from 0. */
  readonly loadIndex: number;
}

export interface Party {
  /** The meeting: the same for all shards of one load, and for nothing else of the run. */
  readonly key: string;
  readonly runId: string;
  /** From 1. */
  readonly shard: number;
  readonly of: number;
  /** Of this one coming: whoever has seen it is there now, and no leftover of an earlier run. */
  readonly nonce: string;
}

export function partyOf(occasion: Occasion, { index, of }: Share): Party {
  const { runId, project, testId, repeatEachIndex, loadIndex } = occasion;
  const key = hashOf(JSON.stringify([runId, project, testId, repeatEachIndex, loadIndex, of]));
  return { key, runId, shard: index + 1, of, nonce: randomBytes(8).toString('hex') };
}

/** Said to a process that finds another one with its number. */
export function twinWords({ shard, of }: Pick<Party, 'shard' | 'of'>): string {
  return `two processes are shard ${shard} of ${of}`;
}
