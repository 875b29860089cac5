import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { Deadlines, type Due } from './deadlines.ts';

class Call implements Due {
  dueAtMs = Infinity;
  previousDue: Due | undefined;
  nextDue: Due | undefined;
  readonly #told: string[];
  readonly name: string;

  constructor(name: string, told: string[]) {
    this.name = name;
    this.#told = told;
  }

  onDue(): void {
    this.#told.push(this.name);
  }
}

test('all in flight are found, in any list, and only once', () => {
  const deadlines = new Deadlines(() => 0);
  const told: string[] = [];
  const [a, b, c] = [new Call('a', told), new Call('b', told), new Call('c', told)];
  deadlines.add(a, 1_000);
  deadlines.add(b, 0); // never due
  deadlines.add(c, 1_000);
  deadlines.remove(a);
  deadlines.remove(a);
  expect(deadlines.drain()).toEqual([c, b]);
  expect(deadlines.drain()).toEqual([]);
  expect(told).toEqual([]);
});

test('of calls with one timeout those are due whose time has come, in the order of their start', async () => {
  let nowMs = 0;
  const deadlines = new Deadlines(() => nowMs);
  const told: string[] = [];
  const calls = ['a', 'b', 'gone', 'later'].map((name) => new Call(name, told));
  for (const call of calls.slice(0, 3)) deadlines.add(call, 1);
  if (calls[2] !== undefined) deadlines.remove(calls[2]);
  nowMs = 5;
  if (calls[3] !== undefined) deadlines.add(calls[3], 1);
  await expect.poll(() => told).toEqual(['a', 'b']);
  expect(deadlines.drain()).toEqual([calls[3]]);
});
