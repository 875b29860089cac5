/**
 * The closed loop: each user goes round and round, and its next iteration waits for its last. Users come and go as the
 * curve says; whoever has to leave finishes first.
 */
import { intervalsAbove, peakOf } from '../profile/curve.ts';
import { byUsers, isDealt } from '../profile/partition.ts';
import type { Share, UsersPart } from '../profile/profile.ts';
import type { LoopParts } from './loops.ts';

export interface ClosedLoopParts extends LoopParts {
  readonly part: UsersPart;
  readonly userCount: (change: 1 | -1) => void;
}

export async function runUsers(loop: ClosedLoopParts): Promise<void> {
  const heap = heapOf(loop.part, loop.share);
  const users = Array.from({ length: peakOf(loop.part.curve) }, (_, at) => at + 1).filter((user) => isMine(user, loop));
  await Promise.all(users.map(async (user) => runUser(user, loop, heap)));
}

/** Users are dealt out to the segments in turn. */
function isMine(user: number, { share }: ClosedLoopParts): boolean {
  return isDealt(user - 1, share);
}

/** What is left to be done by all, or by each. */
interface Heap {
  /** Takes one for a user who has done so many; false when there is none left. `over`: it would begin when the time is up. */
  take(done: number, over: boolean): boolean;
}

function heapOf({ iterations, timed, curve }: UsersPart, share: Share): Heap {
  if (iterations === undefined) return { take: (_, over) => !over };
  const { kind, count } = iterations;
  if (kind === 'atLeast') return { take: (done, over) => done < count || !over };
  if (kind === 'perUser') return { take: (done, over) => done < count && !(timed && over) };
  let left = byUsers(count, peakOf(curve), share);
  return { take: () => left-- > 0 };
}

async function runUser(user: number, loop: ClosedLoopParts, heap: Heap): Promise<void> {
  const intervals = loop.part.timed ? intervalsAbove(loop.part.curve, user) : [{ fromMs: 0, toMs: Infinity }];
  for (const { fromMs, toMs } of intervals) {
    await loop.clock.sleepUntil(loop.beginMs + fromMs, loop.stopping);
    if (loop.ready !== undefined && !(await loop.ready(user))) return; // others take what it would have taken
    if (loop.stopping.aborted) return;
    loop.userCount(1);
    try {
      await goRound(user, loop, {
        heap,
        endMs: loop.beginMs + toMs,
      });
    } finally {
      loop.userCount(-1);
    }
  }
}

/** A user takes its next iteration before it rests, so that nobody rests for one that is not to come. */
async function goRound(
  user: number,
  loop: ClosedLoopParts,
  { heap, endMs }: { heap: Heap; endMs: number },
): Promise<void> {
  const { clock, part, stopping } = loop;
  const rests = part.pause !== undefined || part.paceMs !== undefined;
  let nextMs = clock.now();
  let paceDueMs = nextMs;
  const isStopped = () => stopping.aborted;
  for (let done = 0; !isStopped() && heap.take(done, nextMs >= endMs); done += 1) {
    if (rests) await clock.sleepUntil(Math.min(nextMs, endMs), stopping);
    if (isStopped()) return;
    await loop.iterate(user, { dueMs: clock.now(), warmUp: loop.warmUp });
    nextMs = clock.now() + (part.pause?.drawMs(loop.random) ?? 0);
    if (part.paceMs === undefined) continue;
    paceDueMs = Math.max(paceDueMs + part.paceMs, clock.now()); // who fell behind does not hurry to catch up
    nextMs = Math.max(nextMs, paceDueMs);
  }
  if (part.timed) await clock.sleepUntil(endMs, stopping); // still there, if only thinking
}
