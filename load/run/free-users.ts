/**
 * Who takes the next arrival of an open model. There is one set of them for a load, whatever parts its profile has: an
 * iteration of the warm-up, or of the part before, that is still under way keeps its user from the next.
 */
import { slotNumber } from '../profile/first-starts.ts';
import type { Share } from '../profile/profile.ts';

export interface FreeUsersParts {
  readonly maxInFlight: number;
  readonly share: Share;
  /** Whether a user has been set up; absent where users need not be. */
  readonly isReady?: (user: number) => boolean;
}

export interface FreeUsers {
  /** Undefined while all are at work. */
  take(): number | undefined;
  giveBack(user: number): void;
}

export function freeUsers(parts: FreeUsersParts): FreeUsers {
  return parts.isReady === undefined ? new Slots(parts.maxInFlight, parts.share) : new Turns(parts, parts.isReady);
}

/** Numbers of the users at hand: the last one given back is the first taken, so few are made. */
class Slots implements FreeUsers {
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
class Turns implements FreeUsers {
  readonly #ring: number[];
  #first = 0;
  #free: number;

  constructor({ maxInFlight, share }: FreeUsersParts, isReady: (user: number) => boolean) {
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
