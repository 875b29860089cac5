import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import type { Agreement } from './agreement.ts';
import { LedLoad } from './led-load.ts';

const agreement: Agreement = { words: '1/s for 1s', planHash: 'a', scenarioHash: 'b' };
const gatherMs = { start: 180_000, load: 30_000 };

/** When a core begins its test and when it comes to the load, in seconds; absent: never. */
interface Coming {
  readonly begins?: number;
  readonly comes?: number;
}

const cases: readonly { what: string; cores: readonly Coming[]; says: string; atSec: number }[] = [
  { what: 'all come', cores: [{ begins: 4, comes: 5 }], says: 'all are there', atSec: 5 },
  {
    what: 'one takes minutes to start, and then as long as it may',
    cores: [{ begins: 179, comes: 208 }, { comes: 6 }],
    says: 'all are there',
    atSec: 208,
  },
  {
    what: 'one never starts',
    cores: [{}, { begins: 4, comes: 5 }],
    says: 'nothing was sent: core 2 of 3 did not begin its test within 3m',
    atSec: 180,
  },
  {
    what: 'none starts',
    cores: [{}, {}],
    says: 'nothing was sent: core 2 of 3 did not begin its test within 3m\ncore 3 of 3 did not begin its test within 3m',
    atSec: 180,
  },
  {
    what: 'one starts and then hangs',
    cores: [{ begins: 4 }],
    says: 'nothing was sent: core 2 of 2 did not come to this load within 30s',
    atSec: 34,
  },
];
for (const { what, cores, says, atSec } of cases) {
  test(`where ${what}, it is over after ${atSec} s`, async () => {
    const clock = new VirtualClock();
    const atWork = new Set<number>();
    const load = new LedLoad({
      index: 0,
      cores: cores.length + 1,
      wantsSums: false,
      onStop: () => undefined,
      agreement,
      clock,
      gatherMs,
      atWork,
      say: () => undefined,
      summon: () => Promise.resolve(),
    });
    cores.forEach(({ begins, comes }, at) => {
      const core = at + 2;
      if (begins !== undefined)
        clock.at(begins * 1_000, () => {
          atWork.add(core);
          load.begunTest(core);
        });
      if (comes !== undefined) clock.at(comes * 1_000, () => void load.ready(core, agreement));
    });
    const said = await clock.live(
      load.gathered(new AbortController().signal).then(
        () => `all are there, ${clock.now() / 1_000} s`,
        (error: unknown) => `${(error as Error).message}, ${clock.now() / 1_000} s`,
      ),
    );
    expect(said).toBe(`${says}, ${atSec} s`);
  });
}

test('a core whose test has begun before a load is waited for as for its load alone', async () => {
  const clock = new VirtualClock();
  const load = new LedLoad({
    index: 1,
    cores: 2,
    wantsSums: false,
    onStop: () => undefined,
    agreement,
    clock,
    gatherMs,
    atWork: new Set([2]),
    say: () => undefined,
    summon: () => Promise.resolve(),
  });
  await clock.live(expect(load.gathered(new AbortController().signal)).rejects.toThrow(/within 30s$/));
  expect(clock.now()).toBe(30_000);
});

const settings: readonly {
  readonly what: string;
  readonly readyAtSec?: number;
  readonly says: string;
  readonly atSec: number;
}[] = [
  { what: 'is quicker than the first', readyAtSec: 2, says: 'all begin', atSec: 5 },
  { what: 'is slower than the first', readyAtSec: 20, says: 'all begin', atSec: 20 },
  {
    what: 'never has its users ready',
    says: 'nothing was sent: core 2 of 2 had not set up its users 35s after the first core',
    atSec: 40,
  },
];
for (const { what, readyAtSec, says, atSec } of settings) {
  test(`where a core ${what}, the users of all are set up, or it is lost, after ${atSec} s`, async () => {
    const clock = new VirtualClock();
    const said: string[] = [];
    const stopped: string[] = [];
    const load = new LedLoad({
      index: 0,
      cores: 2,
      wantsSums: false,
      onStop: (reason) => stopped.push(reason),
      agreement,
      clock,
      gatherMs,
      atWork: new Set([2]),
      say: (core, { kind }) => said.push(`${kind} to ${core}`),
      summon: () => Promise.resolve(),
    });
    load.ready(2, agreement);
    if (readyAtSec !== undefined) clock.at(readyAtSec * 1_000, () => load.usersReady(2));
    const came = await clock.live(
      load
        .gathered(new AbortController().signal)
        .then(async () => load.setUp(async () => clock.sleep(5_000)))
        .then(() => clock.now() / 1_000),
    );
    expect(came).toBe(atSec);
    expect(said[0]).toBe('setUp to 2');
    const began = await load.startsAt().then(
      () => 'all begin',
      (error: unknown) => (error as Error).message,
    );
    expect(began).toBe(says);
    expect(stopped).toEqual(says === 'all begin' ? [] : ['core 2 of 2 was lost']);
  });
}
