/**
 * Timeouts for many requests at the price of one timer per duration. Calls with the same timeout fall due in the order
 * in which they began, so each duration has a linked list whose head is due first; leaving it is two assignments.
 * The lists are also how a context finds the calls in flight when it is disposed.
 */
import { longestTimerMs } from '../measure/units.ts';

export interface Due {
  /** When it falls due, on the same clock as `now`. */
  dueAtMs: number;
  previousDue: Due | undefined;
  nextDue: Due | undefined;
  onDue(): void;
}

/** A sentinel closes each list into a ring, so that no link is ever absent while a call is in it. */
class Ring implements Due {
  dueAtMs = Infinity;
  previousDue: Due = this;
  nextDue: Due = this;
  timer: NodeJS.Timeout | undefined;
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  onDue(): void {
    throw new Error('the end of a list is never due');
  }
}

export class Deadlines {
  readonly #rings = new Map<number, Ring>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** From now on `due` is in flight; after `timeoutMs` it is told so. 0 never falls due. */
  add(due: Due, timeoutMs: number): void {
    let ring = this.#rings.get(timeoutMs);
    if (ring === undefined) this.#rings.set(timeoutMs, (ring = new Ring(timeoutMs)));
    const last = ring.previousDue;
    // Whole milliseconds, as timers have: calls that began together fall due together.
    due.dueAtMs = timeoutMs > 0 ? Math.ceil(this.#now() + timeoutMs) : Infinity;
    due.previousDue = last;
    due.nextDue = ring;
    last.nextDue = due;
    ring.previousDue = due;
    if (timeoutMs > 0 && ring.timer === undefined) this.#arm(ring, timeoutMs);
  }

  /** Takes `due` out; harmless if it is out already. */
  remove(due: Due): void {
    const { previousDue, nextDue } = due;
    if (previousDue === undefined || nextDue === undefined) return;
    previousDue.nextDue = nextDue;
    nextDue.previousDue = previousDue;
    due.previousDue = undefined;
    due.nextDue = undefined;
  }

  /** All that are in flight, taken out; no timer stays behind. */
  drain(): Due[] {
    const all: Due[] = [];
    for (const ring of this.#rings.values()) {
      clearTimeout(ring.timer);
      for (let due = ring.nextDue; due !== ring; due = ring.nextDue) {
        all.push(due);
        this.remove(due);
      }
    }
    this.#rings.clear();
    return all;
  }

  /** A deadline beyond the longest timer is armed again when that is reached. */
  #arm(ring: Ring, delayMs: number): void {
    ring.timer = setTimeout(() => this.#expire(ring), Math.min(Math.ceil(delayMs), longestTimerMs)).unref();
  }

  #expire(ring: Ring): void {
    const nowMs = this.#now();
    for (let due = ring.nextDue; due !== ring && due.dueAtMs <= nowMs; due = ring.nextDue) {
      this.remove(due);
      due.onDue();
    }
    const next: Due = ring.nextDue;
    ring.timer = undefined;
    if (next !== ring) this.#arm(ring, next.dueAtMs - nowMs);
    else this.#rings.delete(ring.timeoutMs);
  }
}
