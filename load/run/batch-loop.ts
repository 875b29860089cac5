/**
 * Batches: a group of iterations at once, as `Promise.all` would start them, then the next group at its time or when
 * the last one is done, whichever is later.
 */
import { slotNumber } from '../profile/first-starts.ts';
import { inTurn } from '../profile/partition.ts';
import type { BatchesPart } from '../profile/profile.ts';
import type { LoopParts } from './loops.ts';

export async function runBatches({
  part,
  clock,
  share,
  beginMs,
  warmUp,
  stopping,
  iterate,
  isReady = () => true,
}: LoopParts & { readonly part: BatchesPart }): Promise<void> {
  const size = inTurn(part.size, share);
  for (let n = 0; n < part.count; n++) {
    await clock.sleepUntil(beginMs + n * part.everyMs, stopping);
    if (stopping.aborted) return;
    const dueMs = clock.now();
    const users = Array.from({ length: size }, (_, at) => slotNumber(at, share)).filter(isReady);
    await Promise.all(users.map(async (user) => iterate(user, { dueMs, warmUp })));
  }
}
