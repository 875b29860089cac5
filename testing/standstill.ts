/**
 * For tests: how long this process stood still through no doing of its own, because it was frozen or had no CPU. A limit on
 * how long something of ours takes is not to count it, but is to count our own work, however long that keeps the event
 * loop: what this process used of the CPU meanwhile is none of it. On a quiet machine it is nothing.
 */

const everyMs = 5;
/** Less than this late without work of ours a timer may always be. */
const leastMs = 15;

/** For a spec of an inner Playwright, which imports it by name. */
export const standstillPath = import.meta.filename;

export interface Gap {
  readonly endedAtMs: number;
  readonly ms: number;
}

/** Watches from its making on, until it is disposed of. */
export class Standstill implements Disposable {
  readonly #timer = setInterval(() => this.#look(), everyMs);
  #lookedAtMs = performance.now();
  #usedMs = cpuMs();
  readonly #gaps: Gap[] = [];

  /** All of it so far, in milliseconds. */
  get ms(): number {
    return this.gaps().reduce((sum, { ms }) => sum + ms, 0);
  }

  /** Each of them so far, in order, on `performance.now()`'s clock. */
  gaps(): readonly Gap[] {
    this.#look();
    return [...this.#gaps];
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const [nowMs, usedMs] = [performance.now(), cpuMs()];
    const idleMs = nowMs - this.#lookedAtMs - (usedMs - this.#usedMs);
    [this.#lookedAtMs, this.#usedMs] = [nowMs, usedMs];
    if (idleMs >= leastMs) this.#gaps.push({ endedAtMs: nowMs, ms: idleMs });
  }
}

/** Of all threads of this process, since it began. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
