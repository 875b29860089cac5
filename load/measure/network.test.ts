import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { addAgain, addNetwork, emptyNetwork, isEmptyNetwork, type NetworkData } from './network.ts';
import { NetworkBook } from './network-book.ts';

test('a connection counts with its first request; addresses and failures of the warm-up are in no number', () => {
  const data = emptyNetwork();
  let isMeasured = false;
  const book = new NetworkBook(data, () => isMeasured);
  book.addressKnown('a:80', '10.0.0.2');
  book.connectFailed('a:80', '10.0.0.1');
  book.lookupFailed('a', new Error('getaddrinfo EAI_AGAIN a'));
  book.traceparentInvalid('of the warm-up');
  const [first, second] = [book.connected('a:80', '10.0.0.1'), book.connected('a:80', '10.0.0.1')];
  isMeasured = true;
  book.connectFailed('a:80', '10.0.0.1');
  book.lookupFailed('a', new Error('getaddrinfo EAI_AGAIN a'));
  for (const use of [first, first, second]) use.countRequest();
  book.connected('a:80', '10.0.0.3'); // never used
  for (const own of ['a\r\nb', 'c', '']) book.traceparentInvalid(own);
  expect(data.invalidTraceparents).toEqual({ count: 3, sample: 'a b' });
  expect([...data.peers.values()]).toEqual([
    { host: 'a:80', address: '10.0.0.2', connections: 0, requests: 0, failedConnects: 0 },
    { host: 'a:80', address: '10.0.0.1', connections: 2, requests: 3, failedConnects: 1 },
  ]);
  expect([...data.lookupFailures]).toEqual([['a', { count: 1, sample: 'getaddrinfo EAI_AGAIN a' }]]);
});

test('however many addresses and names there are, few rows are kept and nothing is lost', () => {
  const all = emptyNetwork();
  for (const host of ['a', 'b']) {
    const data: NetworkData = emptyNetwork();
    const book = new NetworkBook(data, () => true);
    for (let n = 0; n < 500; n++) {
      book.connected(`${host}:80`, `10.0.0.${n}`).countRequest();
      book.lookupFailed(`${host}${n}`, new Error('no'));
    }
    expect([data.peers.size, data.lookupFailures.size]).toEqual([201, 51]);
    book.connected(`${host}:80`, '10.0.0.7').countRequest(); // which is known
    expect(data.peers.get(`${host}:80 10.0.0.7`)?.requests).toBe(2);
    const others = { host: '(others)', address: '(others)', connections: 300, requests: 300, failedConnects: 0 };
    expect([...data.peers.values()].at(-1)).toEqual(others);
    expect([...data.lookupFailures].at(-1)).toEqual(['(others)', { count: 450, sample: 'no' }]);
    addNetwork(all, data);
  }
  expect([all.peers.size, all.lookupFailures.size]).toEqual([201, 51]);
  expect([...all.peers.values()].reduce((sum, { requests }) => sum + requests, 0)).toBe(1_002);
  expect([...all.lookupFailures.values()].reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
});

const tellings: Readonly<Record<string, (data: NetworkData) => void>> = {
  'a request that was sent once more': (data) => addAgain(data, { staleConnections: 1, waits: 0, waitedMs: 0 }),
  'an answer that was waited out': (data) => addAgain(data, { staleConnections: 0, waits: 1, waitedMs: 0 }),
  'a name that was not found': (data) => new NetworkBook(data, () => true).lookupFailed('a', new Error('no')),
  'a `traceparent` that is none': (data) => new NetworkBook(data, () => true).traceparentInvalid('x'),
  'an address': (data) => new NetworkBook(data, () => true).addressKnown('a:80', '10.0.0.1'),
};
for (const [what, tell] of Object.entries(tellings))
  test(`a network is not empty once it has ${what}`, () => {
    const data = emptyNetwork();
    expect(isEmptyNetwork(data)).toBe(true);
    tell(data);
    expect(isEmptyNetwork(data)).toBe(false);
  });

for (const [one, tellOne] of Object.entries(tellings))
  for (const [other, tellOther] of Object.entries(tellings))
    if (one < other)
      test(`a network that has ${one} and ${other} is not empty`, () => {
        const data = emptyNetwork();
        tellOne(data);
        tellOther(data);
        expect(isEmptyNetwork(data)).toBe(false);
      });

test('networks of two segments add up, address by address and name by name', () => {
  const [into, from] = [emptyNetwork(), emptyNetwork()];
  for (const [data, message] of [
    [into, 'mine'],
    [from, 'theirs'],
  ] as const) {
    const book = new NetworkBook(data, () => true);
    book.connected('a:80', '10.0.0.1').countRequest();
    book.connectFailed('a:80', '10.0.0.1');
    book.lookupFailed('a', new Error(message));
    book.lookupFailed('a', new Error('again'));
    addAgain(data, { staleConnections: 1, waits: 2, waitedMs: 30 });
  }
  new NetworkBook(from, () => true).addressKnown('b:80', '10.0.0.1');
  addNetwork(into, from);
  expect(into).toEqual({
    staleConnections: 2,
    retryAfter: { waits: 4, waitedMs: 60 },
    lookupFailures: new Map([['a', { count: 4, sample: 'mine' }]]),
    peers: new Map([
      ['a:80 10.0.0.1', { host: 'a:80', address: '10.0.0.1', connections: 2, requests: 2, failedConnects: 2 }],
      ['b:80 10.0.0.1', { host: 'b:80', address: '10.0.0.1', connections: 0, requests: 0, failedConnects: 0 }],
    ]),
  });
});

test('of two segments the odd `traceparent`s are counted together, and the first is shown', () => {
  const all = emptyNetwork();
  for (const own of ['a', 'b', 'c']) {
    const data = emptyNetwork();
    new NetworkBook(data, () => true).traceparentInvalid(own);
    addNetwork(all, data);
  }
  expect(all.invalidTraceparents).toEqual({ count: 3, sample: 'a' });
});
