/**
 * When each user of a load is first at work, as far as its profile knows: whoever has to be made ready has to be made
 * ready by then.
 */
import { unreachable } from '../unreachable.ts';
import { intervalsAbove, peakOf } from './curve.ts';
import { inTurn, isDealt } from './partition.ts';
import { type Part, partDurationMs, type Profile, type Share, warmUpPart } from './profile.ts';

export interface FirstStart {
  /** Number of the user, from 1. */
  readonly user: number;
  /**
   * From the start of measuring; not above 0 for those who are there from the beginning, for everybody of a part that takes
   * whoever is free, and where it is not known.
   */
  readonly atMs: number;
}

export interface FirstStartsParts {
  readonly profile: Profile;
  readonly share: Share;
  /** Of this share. */
  readonly maxInFlight: number;
  readonly warmUpMs: number;
}

/** Each user of the share once, by number. */
export function firstStarts({ profile, share, maxInFlight, warmUpMs }: FirstStartsParts): FirstStart[] {
  const first = new Map<number, number>();
  const note = (part: Part, beginMs: number) => {
    for (const [user, atMs] of startsOfPart(part, { share, maxInFlight }))
      first.set(user, Math.min(first.get(user) ?? Infinity, Math.max(0, beginMs + atMs)));
  };
  if (warmUpMs > 0) note(warmUpPart(profile, warmUpMs), -Infinity);
  let beginMs = 0;
  for (const part of profile.parts) {
    note(part, beginMs);
    const ms = partDurationMs(part);
    beginMs += ms ?? -Infinity; // what comes then may come at any time
  }
  return [...first].map(([user, atMs]) => ({ user, atMs })).sort((a, b) => a.user - b.user);
}

function* startsOfPart(
  part: Part,
  { share, maxInFlight }: { readonly share: Share; readonly maxInFlight: number },
): Generator<[user: number, atMs: number]> {
  switch (part.kind) {
    case 'arrivals':
      for (let n = 0; n < maxInFlight; n++) yield [slotNumber(n, share), -Infinity];
      return;
    case 'batches':
      for (let n = 0; n < inTurn(part.size, share); n++) yield [slotNumber(n, share), -Infinity];
      return;
    case 'users':
      for (let user = 1; user <= peakOf(part.curve); user++) {
        const fromMs = part.timed ? intervalsAbove(part.curve, user)[0]?.fromMs : 0;
        if (fromMs !== undefined && isDealt(user - 1, share)) yield [user, fromMs];
      }
      return;
    default:
      unreachable(part);
  }
}

/** Number of the share's n-th user, from 0, where users are dealt out in turn. */
export function slotNumber(n: number, { index, of }: Share): number {
  return n * of + index + 1;
}
