import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { Sleepers } from './sleepers.ts';

/** The same by looking at all of them, in the order in which they came. */
class NaiveSleepers {
  #waiting: { readonly atMs: number; readonly id: number }[] = [];

  add(atMs: number, id: number): void {
    this.#waiting.push({ atMs, id });
  }

  cancel(id: number): void {
    this.#waiting = this.#waiting.filter((each) => each.id !== id);
  }

  get nextMs(): number | undefined {
    return this.#waiting.toSorted((a, b) => a.atMs - b.atMs)[0]?.atMs;
  }

  takeDue(nowMs: number): number[] {
    const due = this.#waiting.filter(({ atMs }) => atMs <= nowMs).toSorted((a, b) => a.atMs - b.atMs);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > nowMs);
    return due.map(({ id }) => id);
  }
}

/** Moments are few, so that many are the same. */
const moment = fc.nat(40).map((quarters) => quarters / 4);
const deeds = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('add' as const), atMs: moment }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(200) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('wake' as const), nowMs: moment }) },
  ),
  { maxLength: 300 },
);

test('whoever comes and goes, the due are taken in the order of their moments, and of asking', () => {
  fc.assert(
    fc.property(deeds, (all) => {
      const [sleepers, naive] = [new Sleepers(), new NaiveSleepers()];
      const cancels: (() => void)[] = [];
      const woken: number[] = [];
      for (const deed of all) {
        if (deed.kind === 'add') {
          const id = cancels.length;
          const sleeper = sleepers.add(deed.atMs, () => woken.push(id));
          cancels.push(() => sleepers.cancel(sleeper));
          naive.add(deed.atMs, id);
        } else if (deed.kind === 'cancel') {
          cancels[deed.which]?.(); // of one that was woken or cancelled before, too
          naive.cancel(deed.which);
        } else {
          woken.length = 0;
          for (const sleeper of sleepers.takeDue(deed.nowMs)) sleeper.wake?.();
          expect(woken).toEqual(naive.takeDue(deed.nowMs));
        }
        expect(sleepers.next?.atMs).toBe(naive.nextMs);
      }
    }),
  );
});

test('who gives up while others are woken is not woken', () => {
  const sleepers = new Sleepers();
  const woken: string[] = [];
  sleepers.add(1, () => {
    woken.push('first');
    sleepers.cancel(second);
  });
  const second = sleepers.add(1, () => woken.push('second'));
  for (const sleeper of sleepers.takeDue(1)) sleeper.wake?.();
  expect(woken).toEqual(['first']);
});
