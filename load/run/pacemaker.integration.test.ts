import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { Pacemaker } from './pacemaker.ts';

/** Asks for moments of the next 60 ms in a strange order; resolves with those for which it was woken, and how early. */
async function askFor(pacemaker: Pacemaker, moments: number) {
  const zeroMs = performance.now();
  const dueMs = Array.from({ length: moments }, (_, n) => zeroMs + ((n * 37) % moments) * (60 / moments) + 0.123);
  const woken: { readonly atMs: number; readonly earlyMs: number }[] = [];
  await new Promise<void>((resolve) => {
    for (const atMs of dueMs)
      pacemaker.at(atMs, () => {
        woken.push({ atMs, earlyMs: atMs - performance.now() });
        if (woken.length === moments) resolve();
      });
  });
  return woken;
}

const threads = [
  { say: 'a thread of its own', code: undefined, lost: [] },
  { say: 'a thread that cannot start', code: 'throw new Error("no such thing")', lost: ['no such thing'] },
  {
    say: 'a thread that dies meanwhile',
    code: 'setTimeout(() => process.exit(3), 20)',
    lost: ['its thread ended'],
  },
  { say: 'a thread that never says a word', code: 'setInterval(() => {}, 1_000)', lost: [] },
];
for (const { say, code, lost } of threads) {
  test(`with ${say}, whoever waits is woken, in order and never early`, async () => {
    const pacemaker = new Pacemaker(code);
    const told: string[] = [];
    await pacemaker.open((why) => told.push(why));
    try {
      const woken = await askFor(pacemaker, 101);
      const moments = woken.map(({ atMs }) => atMs);
      expect(moments).toEqual(moments.toSorted((a, b) => a - b));
      expect(woken.filter(({ earlyMs }) => earlyMs > 0)).toEqual([]);
      await expect.poll(() => told).toEqual(lost); // a busy machine may tell it later than the moments have passed
    } finally {
      await pacemaker.close();
    }
  });
}

test('a thread that dies before anybody has heard of it is told as lost', async () => {
  const pacemaker = new Pacemaker('process.exit(3)');
  const told: string[] = [];
  const opened = pacemaker.open((why) => told.push(why));
  for (const until = performance.now() + 500; performance.now() < until;) continue; // nothing is heard meanwhile
  await opened;
  await expect.poll(() => told).toEqual(['its thread ended']);
});

test('without a thread, and after it was closed, moments are kept by timers', async () => {
  const pacemaker = new Pacemaker();
  expect(await askFor(pacemaker, 11)).toHaveLength(11);
  await pacemaker.open(() => undefined);
  const waiting = askFor(pacemaker, 11);
  await pacemaker.close();
  expect(await waiting).toHaveLength(11);
});

test('who gave up is not woken, and holds nobody up', async () => {
  const pacemaker = new Pacemaker();
  await pacemaker.open(() => undefined);
  const woken: string[] = [];
  const now = performance.now();
  const cancel = pacemaker.at(now + 5, () => woken.push('gave up'));
  const waited = new Promise<void>((resolve) => {
    pacemaker.at(now + 10, () => {
      woken.push('waited');
      giveUpLater();
      resolve();
    });
  });
  const giveUpLater = pacemaker.at(now + 20, () => woken.push('was told not to'));
  cancel();
  await waited;
  await sleep(40);
  await pacemaker.close();
  expect(woken).toEqual(['waited']);
});

test('moments asked for while others are woken are woken too, past ones soon', async () => {
  const pacemaker = new Pacemaker();
  await pacemaker.open(() => undefined);
  const woken: number[] = [];
  await new Promise<void>((resolve) => {
    const again = (n: number) => {
      woken.push(n);
      if (n === 5) resolve();
      else pacemaker.at(performance.now() + (n % 2 === 0 ? 3 : -3), () => again(n + 1));
    };
    pacemaker.at(performance.now() + 2, () => again(0));
  });
  await pacemaker.close();
  expect(woken).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a past moment waits for a turn of the loop, so that sockets have theirs in between', async () => {
  const pacemaker = new Pacemaker();
  await pacemaker.open(() => undefined);
  const woken: string[] = [];
  await new Promise<void>((resolve) => {
    const again = (n: number) => {
      woken.push(`burst ${n}`);
      setImmediate(() => woken.push(`turn ${n}`));
      if (n === 3) setImmediate(resolve);
      else pacemaker.at(performance.now() - 5, () => again(n + 1));
    };
    pacemaker.at(performance.now() + 2, () => again(0));
  });
  await pacemaker.close();
  expect(woken).toEqual([0, 1, 2, 3].flatMap((n) => [`burst ${n}`, `turn ${n}`]));
});
