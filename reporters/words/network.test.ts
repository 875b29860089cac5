import { expect } from '@playwright/test';
import type { NetworkSummary, PeerSummary } from '../../load/measure/summary.ts';
import { test } from '../../testing/plain-test.ts';
import { networkWords } from './network.ts';

const peer = (address: string, counts: Partial<PeerSummary> = {}): PeerSummary => ({
  host: 'api.test:443',
  address,
  connections: 0,
  requests: 0,
  failedConnects: 0,
  ...counts,
});

const cases: readonly {
  readonly title: string;
  readonly network: NetworkSummary | undefined;
  readonly words: string[];
}[] = [
  { title: 'connections that are not ours', network: undefined, words: [] },
  {
    title: 'an ordinary run',
    network: { staleConnections: 0, peers: [peer('10.0.0.1', { connections: 5, requests: 50 })] },
    words: [],
  },
  {
    title: 'one stale connection',
    network: { staleConnections: 1, peers: [] },
    words: ['1 request was sent once more: the server had closed its connection, or refused it unread'],
  },
  {
    title: 'everything at once',
    network: {
      staleConnections: 725,
      retryAfter: { waits: 12, waitedMs: 24_000 },
      lookupFailures: [{ host: 'api.test', count: 2, sample: 'getaddrinfo EAI_AGAIN api.test' }],
      peers: [
        peer('10.0.0.1', { connections: 50, requests: 2_717 }),
        peer('10.0.0.2', { connections: 1, requests: 1 }),
        peer('10.0.0.3', { failedConnects: 17 }),
        peer('10.0.0.4'),
      ],
    },
    words: [
      '725 requests were sent once more: the server had closed their connection, or refused them unread',
      '12 Retry-After waited out, 24.0 s in all',
      '2 lookups of api.test failed, and its last addresses were used: getaddrinfo EAI_AGAIN api.test',
      'api.test:443: 10.0.0.1 had 2,717 requests over 50 connections; 10.0.0.2 had 1 request over 1 connection; 10.0.0.3 had no request, 17 failed to connect; 10.0.0.4 had no request',
    ],
  },
  {
    title: 'a `traceparent` that is none',
    network: { staleConnections: 0, invalidTraceparents: { count: 3, sample: 'abc' }, peers: [] },
    words: ['3 requests carried a `traceparent` that is none, which servers ignore: abc'],
  },
  {
    title: 'the two families of localhost',
    network: {
      staleConnections: 0,
      peers: [
        peer('127.0.0.1', { host: 'localhost:80', connections: 5, requests: 50 }),
        peer('::1', { host: 'localhost:80', failedConnects: 5 }),
      ],
    },
    words: [],
  },
  {
    title: 'more addresses than a line holds',
    network: { staleConnections: 0, peers: Array.from({ length: 8 }, (_, n) => peer(`10.0.0.${n}`)) },
    words: [
      'api.test:443: 10.0.0.0 had no request; 10.0.0.1 had no request; 10.0.0.2 had no request; 10.0.0.3 had no request; 10.0.0.4 had no request; 10.0.0.5 had no request; and 2 more',
    ],
  },
];
for (const { title, network, words } of cases) {
  test(`of ${title} is said ${words.length === 0 ? 'nothing' : `in ${words.length} sentences`}`, () => {
    expect(networkWords(network)).toEqual(words);
  });
}
