/**
 * Who waits for which moment, the earliest at hand: a binary heap, in which ten thousand users who think cost as little
 * each as ten do. It knows no clock.
 */

/** One who waits, until woken or cancelled. */
export class Sleeper {
  readonly atMs: number;
  /** Undefined once it was woken or has given up. */
  wake: (() => void) | undefined;
  /** Of those for the same moment the first to ask is the first to be woken. */
  readonly turn: number;
  /** In the heap; -1 outside. */
  place = -1;

  constructor(atMs: number, wake: () => void, turn: number) {
    this.atMs = atMs;
    this.wake = wake;
    this.turn = turn;
  }

  isBefore(other: Sleeper): boolean {
    return this.atMs === other.atMs ? this.turn < other.turn : this.atMs < other.atMs;
  }
}

export class Sleepers {
  /** Nobody is before the one at half its place. */
  readonly #heap: Sleeper[] = [];
  #turns = 0;

  /** Who is due first. */
  get next(): Sleeper | undefined {
    return this.#heap[0];
  }

  /** Its place is found in a walk of log n. */
  add(atMs: number, wake: () => void): Sleeper {
    const sleeper = new Sleeper(atMs, wake, this.#turns++);
    this.#rise(sleeper, this.#heap.length);
    return sleeper;
  }

  /** It is not woken any more; harmless where it was, or was cancelled before. */
  cancel(sleeper: Sleeper): void {
    sleeper.wake = undefined;
    this.#remove(sleeper);
  }

  /** Takes out whoever is due by now, in the order in which they are to be woken. */
  takeDue(nowMs: number): Sleeper[] {
    const due: Sleeper[] = [];
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= nowMs; first = this.#heap[0]) {
      this.#remove(first);
      due.push(first);
    }
    return due;
  }

  #remove(sleeper: Sleeper): void {
    const { place } = sleeper;
    if (place === -1) return;
    sleeper.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === sleeper) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  #rise(sleeper: Sleeper, from: number): void {
    let place = from;
    while (place > 0) {
      const above = this.#heap[(place - 1) >>> 1];
      if (above === undefined || !sleeper.isBefore(above)) break;
      this.#put(above, place);
      place = (place - 1) >>> 1;
    }
    this.#put(sleeper, place);
  }

  #sink(sleeper: Sleeper, from: number): void {
    let place = from;
    for (;;) {
      const [left, right] = [this.#heap[2 * place + 1], this.#heap[2 * place + 2]];
      const earlier = right !== undefined && left !== undefined && right.isBefore(left) ? right : left;
      if (earlier === undefined || !earlier.isBefore(sleeper)) break;
      const below = earlier.place;
      this.#put(earlier, place);
      place = below;
    }
    this.#put(sleeper, place);
  }

  #put(sleeper: Sleeper, place: number): void {
    this.#heap[place] = sleeper;
    sleeper.place = place;
  }
}
