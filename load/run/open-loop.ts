/**
 * The open loop: starts come from a clock. Each is started when it is due, late starts in bursts that leave the sockets
 * their turn; what is due while `maxInFlight` iterations are under way is dropped and counted, never sent
 * late in silence. A generator that cannot keep up at all does not go on for ever: what it has not started some seconds
 * after the end is dropped, too.
 */
import { AsyncResource } from 'node:async_hooks';
import { dueTimes } from '../profile/arrivals.ts';
import { endMsOf } from '../profile/curve.ts';
import type { ArrivalsPart } from '../profile/profile.ts';
import type { FreeUsers } from './free-users.ts';
import type { LoopParts, Start } from './loops.ts';

export interface OpenLoopParts extends LoopParts {
  readonly part: ArrivalsPart;
  /** Those of the whole load: whoever is still at work for the part before is not free. */
  readonly free: FreeUsers;
  readonly onDue: (dueMs: number) => void;
  readonly onDropped: (dueMs: number) => void;
}

/** Starts in one turn of the event loop at most. */
const burst = 256;

/** How long after the end of its part an arrival may still be started: well within the time that its test is given. */
const latestStartMs = 5_000;

/** Resolves when the last arrival was started or dropped; `iterate`'s promises are the caller's to wait for. */
export async function runArrivals(loop: OpenLoopParts): Promise<void> {
  const { clock, stopping } = loop;
  const due = dueTimes(loop.part, loop.share);
  const latestMs = loop.beginMs + endMsOf(loop.part.curve) + latestStartMs;
  let next = due.next();
  const startAt = startsOfPart(loop);
  const startDue = () => {
    const now = clock.now();
    if (now > latestMs) {
      for (; next.done !== true; next = due.next()) drop(loop, loop.beginMs + next.value);
      return;
    }
    for (let n = 0; n < burst && next.done !== true && loop.beginMs + next.value <= now; n++, next = due.next()) {
      start(loop, startAt(loop.beginMs + next.value));
    }
  };
  startDue();
  await new Promise<void>((resolve) => {
    let cancel = (): void => undefined;
    const over = () => {
      cancel();
      stopping.removeEventListener('abort', over);
      resolve();
    };
    const wait = () => {
      if (next.done === true || stopping.aborted) over();
      else cancel = clock.at(loop.beginMs + next.value, turn);
    };
    // The clock calls back from a place of its own: what the test holds in an `AsyncLocalStorage` is taken along.
    const turn = AsyncResource.bind(() => {
      startDue();
      wait();
    });
    stopping.addEventListener('abort', over);
    wait();
  });
}

function drop(loop: OpenLoopParts, dueMs: number): void {
  loop.onDue(dueMs);
  loop.onDropped(dueMs);
}

/** Makes the starts of the part, in their order: a listed one brings its row along, whatever becomes of those before it. */
function startsOfPart({ part, share, warmUp }: OpenLoopParts): (dueMs: number) => Start {
  if (part.distribution !== 'listed') return (dueMs) => ({ dueMs, warmUp });
  const { rows } = part.timetable;
  let at = share.index - share.of;
  return (dueMs) => ({ dueMs, warmUp, row: rows[(at += share.of)] });
}

function start(loop: OpenLoopParts, due: Start): void {
  const user = loop.free.take();
  if (user === undefined) {
    drop(loop, due.dueMs);
    return;
  }
  loop.onDue(due.dueMs);
  void loop.iterate(user, due).then(() => loop.free.giveBack(user)); // `iterate` never rejects
}
