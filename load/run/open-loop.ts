/**
 * The open loop: starts come from a clock. Each is started when it is due, late starts in bursts that leave the sockets
 * their turn; what is due while `maxInFlight` iterations are under way is dropped and counted, never sent
 * late in silence. A generator that cannot keep up at all does not go on for ever: what it has not started some seconds
 * after the end is dropped, too.
 */
import { AsyncResource } from 'node:async_hooks';
import { dueTimes } from '../profile/arrivals.ts';
import { endMsOf } from '../profile/curve.ts';
import { slotNumber } from '../profile/first-starts.ts';
import type { ArrivalsPart, Share } from '../profile/profile.ts';
import type { LoopParts, Start } from './loops.ts';

export interface OpenLoopParts extends LoopParts {
  readonly part: ArrivalsPart;
  readonly maxInFlight: number;
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
  const slots = loop.isReady === undefined ? new Slots(loop.maxInFlight, loop.share) : new Turns(loop, loop.isReady);
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
      start(loop, slots, startAt(loop.beginMs + next.value));
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

function start(loop: OpenLoopParts, slots: Slots | Turns, due: Start): void {
  const user = slots.take();
  if (user === undefined) {
    drop(loop, due.dueMs);
    return;
  }
  loop.onDue(due.dueMs);
  void loop.iterate(user, due).then(() => slots.giveBack(user)); // `iterate` never rejects
}

/** Numbers of the users at hand: the last one given back is the first taken, so few are made. */
class Slots {
  readonly #free: number[] = [];
  readonly #most: number;
  readonly #share: Share;
  #made = 0;

  constructor(most: number, share: Share) {
    this.#most = most;
    this.#share = share;
  }

  take(): number | undefined {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made >= this.#most) return undefined;
    this.#made += 1;
    return slotNumber(this.#made - 1, this.#share);
  }

  giveBack(user: number): void {
    this.#free.push(user);
  }
}

/** Users who were set up, in turn: whoever has been free for longest is the next. */
class Turns {
  readonly #ring: number[];
  #first = 0;
  #free: number;

  constructor({ maxInFlight, share }: OpenLoopParts, isReady: (user: number) => boolean) {
    this.#ring = Array.from({ length: maxInFlight }, (_, n) => slotNumber(n, share)).filter(isReady);
    this.#free = this.#ring.length;
  }

  take(): number | undefined {
    if (this.#free === 0) return undefined;
    const user = this.#ring[this.#first];
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#free -= 1;
    return user;
  }

  giveBack(user: number): void {
    this.#ring[(this.#first + this.#free) % this.#ring.length] = user;
    this.#free += 1;
  }
}
