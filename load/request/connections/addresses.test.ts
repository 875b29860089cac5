import type { LookupAddress } from 'node:dns';
import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { emptyNetwork } from '../../measure/network.ts';
import { NetworkBook } from '../../measure/network-book.ts';
import { Addresses, lookupTimes } from './addresses.ts';

const v4 = (...ends: number[]): LookupAddress[] => ends.map((end) => ({ address: `10.0.0.${end}`, family: 4 }));
const v6: LookupAddress = { address: '::1', family: 6 };

/** A resolver whose questions and time are in the test's hands. */
function resolver() {
  const data = emptyNetwork();
  const asked: { readonly hostname: string; readonly answer: (addresses: LookupAddress[] | Error) => void }[] = [];
  const timers = new Set<() => void>();
  let nowMs = 0;
  const addresses = new Addresses({
    now: () => nowMs,
    network: new NetworkBook(data, () => true),
    resolve: (hostname, _options, callback) =>
      void asked.push({
        hostname,
        answer: (given) => {
          if (given instanceof Error) callback(given, []);
          else callback(null, given);
        },
      }),
    later: (_ms, then) => {
      timers.add(then);
      return () => void timers.delete(then);
    },
  });
  const ask = async (hostname = 'a.test') =>
    new Promise<unknown>((resolve) =>
      addresses.lookup(hostname, { all: true }, (error, list) =>
        resolve(error === null ? (list as LookupAddress[]).map(({ address }) => address) : error.message),
      ),
    );
  return {
    ask,
    asked,
    data,
    addresses,
    pass: (ms: number) => (nowMs += ms),
    loosePatience: () => {
      for (const then of timers) then();
    },
    answer: (given: LookupAddress[] | Error) => asked.at(-1)?.answer(given),
  };
}

test('those who ask while a lookup is under way share its answer, each with another address first', async () => {
  const { ask, asked, answer } = resolver();
  const answers = [ask(), ask(), ask(), ask('b.test')];
  expect(asked.map(({ hostname }) => hostname)).toEqual(['a.test', 'b.test']);
  asked[0]?.answer(v4(1, 2));
  answer(v4(9));
  expect(await Promise.all(answers)).toEqual([
    ['10.0.0.1', '10.0.0.2'],
    ['10.0.0.2', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.2'],
    ['10.0.0.9'],
  ]);
});

test('addresses change places within the family that the system prefers', async () => {
  const { ask, answer } = resolver();
  const answers = [ask(), ask()];
  answer([v6, ...v4(1, 2)]);
  expect(await Promise.all(answers)).toEqual([
    ['::1', '10.0.0.1', '10.0.0.2'],
    ['::1', '10.0.0.1', '10.0.0.2'],
  ]);
});

test('an answer is kept for its time, then asked for anew, and a new address is followed', async () => {
  const { ask, asked, answer, pass } = resolver();
  const first = ask();
  answer(v4(1));
  expect(await first).toEqual(['10.0.0.1']);
  pass(lookupTimes.keptMs - 1);
  expect(await ask()).toEqual(['10.0.0.1']);
  expect(asked).toHaveLength(1);
  pass(1);
  const second = ask();
  answer(v4(2));
  expect(await second).toEqual(['10.0.0.2']);
});

test('a lookup that fails while nothing is known fails for all who wait, and nothing of it is kept', async () => {
  const { ask, asked, answer, data } = resolver();
  const answers = [ask(), ask()];
  answer(new Error('getaddrinfo ENOTFOUND a.test'));
  expect(await Promise.all(answers)).toEqual(['getaddrinfo ENOTFOUND a.test', 'getaddrinfo ENOTFOUND a.test']);
  void ask();
  expect(asked).toHaveLength(2);
  expect(data.lookupFailures.size).toBe(0);
});

test('a lookup that fails later is counted, and the last good answer is used until it is asked again', async () => {
  const { ask, asked, answer, pass, data } = resolver();
  const first = ask();
  answer(v4(1));
  await first;
  pass(lookupTimes.keptMs);
  const second = ask();
  answer(new Error('getaddrinfo EAI_AGAIN a.test'));
  expect(await second).toEqual(['10.0.0.1']);
  pass(lookupTimes.retryMs - 1);
  expect(await ask()).toEqual(['10.0.0.1']);
  expect(asked).toHaveLength(2);
  pass(1);
  const third = ask();
  answer(v4(2));
  expect(await third).toEqual(['10.0.0.2']);
  expect([...data.lookupFailures]).toEqual([['a.test', { count: 1, sample: 'getaddrinfo EAI_AGAIN a.test' }]]);
});

test('a lookup that hangs is not waited for while an earlier answer is there; what it says at last holds', async () => {
  const { ask, answer, pass, data, loosePatience } = resolver();
  const first = ask();
  answer(v4(1));
  await first;
  pass(lookupTimes.keptMs);
  const second = ask();
  loosePatience();
  expect(await second).toEqual(['10.0.0.1']);
  answer(v4(2));
  expect(await ask()).toEqual(['10.0.0.2']);
  expect([...data.lookupFailures]).toEqual([
    ['a.test', { count: 1, sample: 'getaddrinfo a.test: no answer in 1000 ms' }],
  ]);
});

test('where nothing answers at the addresses, they are asked for at once', async () => {
  const { ask, asked, answer, addresses } = resolver();
  const first = ask();
  answer(v4(1));
  await first;
  addresses.distrust('a.test');
  addresses.distrust('unknown.test');
  const second = ask();
  answer(v4(2));
  expect(await second).toEqual(['10.0.0.2']);
  expect(asked).toHaveLength(2);
});
