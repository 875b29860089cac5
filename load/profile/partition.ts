/**
 * How a load is dealt out to its segments, in one rule for all of it: users go to the segments in turn, and whatever is
 * counted (iterations, rows, starts) goes to the users in turn. So a segment has the rows for its iterations whenever the
 * whole load has, and all parts add up exactly.
 */
import { momentsOfAreas, peakOf, startsOf } from './curve.ts';
import { poissonAreas } from './arrivals.ts';
import type { DrawnArrivals, Part, Profile, Share } from './profile.ts';

/** How many of so many fall to a segment, dealt in turn from the first. */
export function inTurn(count: number, { index, of }: Share): number {
  return Math.max(0, Math.ceil((count - index) / of));
}

/** Whether the segment has the thing with that number, from 0. */
export function isDealt(number: number, { index, of }: Share): boolean {
  return number % of === index;
}

/** How many of so many fall to a segment when users take them in turn and each user belongs to one segment. */
export function byUsers(count: number, users: number, share: Share): number {
  const rounds = Math.floor(count / users);
  return rounds * inTurn(users, share) + inTurn(count - rounds * users, share);
}

/** The part that falls to all segments before this one, and to it. */
export function iterationsBefore({ parts }: Profile, { index, of }: Share): number {
  let before = 0;
  for (let earlier = 0; earlier < index; earlier++) {
    for (const part of parts) {
      const { total, takers } = dealtOf(part);
      const share = { index: earlier, of };
      before += takers === undefined ? inTurn(total, share) : byUsers(total, takers, share);
    }
  }
  return before;
}

/** Numbers of the segment's rows, from 0 and below `limit`: row n belongs to whoever carries out iteration n. */
export function* rowsOf({ parts }: Profile, share: Share, limit: number): Generator<number> {
  let first = 0;
  for (const [at, part] of parts.entries()) {
    const { total, takers } = dealtOf(part);
    const isLast = at === parts.length - 1;
    const end = isLast ? limit : Math.min(limit, first + total);
    for (let row = first; row < end; row++) {
      const number = row - first;
      if (isDealt(takers === undefined ? number : number % takers, share)) yield row;
    }
    first = end;
  }
}

/** Iterations of a part, `Infinity` where time decides, and among how many users they go; a clock's starts have none. */
function dealtOf(part: Part): { readonly total: number; readonly takers?: number } {
  switch (part.kind) {
    case 'arrivals':
      if (part.distribution === 'listed') return { total: part.timetable.rows.length };
      return { total: part.distribution === 'poisson' ? drawn(part) : startsOf(part.curve).count };
    case 'batches':
      return { total: part.count * part.size, takers: part.size };
    case 'users': {
      const takers = peakOf(part.curve);
      if (part.timed || part.iterations === undefined) return { total: Infinity, takers };
      const { kind, count } = part.iterations;
      return { total: kind === 'perUser' ? count * takers : count, takers };
    }
  }
}

function drawn(part: DrawnArrivals): number {
  let count = 0;
  for (const moment of momentsOfAreas(part.curve, poissonAreas(part))) count += Number.isFinite(moment) ? 1 : 0;
  return count;
}
