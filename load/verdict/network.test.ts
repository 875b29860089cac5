import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyRunData, type RunData } from '../measure/run-data.ts';
import { noteLookupFailure, peerOf } from '../measure/network.ts';
import { parseLimits } from './parse-limits.ts';
import { observed } from './observed.ts';

/** 200 requests: 8 sent once more, over the addresses of two names; one name is looked up in vain, thrice. */
function busy(): RunData {
  const run = emptyRunData({ index: 0, profile: '', model: 'closed', warmUpMs: 0, whenSaturated: 'invalid' });
  run.counts.ok = 150;
  run.counts.failed = 50;
  const { network } = run;
  network.staleConnections = 8;
  network.retryAfter.waits = 2;
  noteLookupFailure(network, { name: 'a', sample: 'no', count: 3 });
  peerOf(network, 'a:80', '10.0.0.1').requests = 90;
  peerOf(network, 'a:80', '10.0.0.2').requests = 10;
  peerOf(network, 'b:80', '10.0.0.3').requests = 100;
  peerOf(network, 'b:80', '10.0.0.3').failedConnects = 4;
  peerOf(network, 'a:80', '10.0.0.2').failedConnects = 1;
  return run;
}

function alone(): RunData {
  const run = busy();
  run.network.peers.delete('a:80 10.0.0.2');
  return run;
}

function unknown(): RunData {
  const run = busy();
  run.network.peers.clear();
  return run;
}

for (const { metric, limit, values } of [
  { metric: 'staleConnections', limit: '< 1%', values: [0.04, 0.04, undefined] },
  { metric: 'retryAfter', limit: '0', values: [2, 2, undefined] },
  { metric: 'lookupFailures', limit: '< 5', values: [3, 3, undefined] },
  { metric: 'failedConnects', limit: '0', values: [5, 4, undefined] },
  { metric: 'leastShare', limit: '> 10%', values: [0.1, undefined, undefined] },
]) {
  test(`\`network.${metric}\` of two addresses, of one each and of none is ${values.join(', ')}`, () => {
    const [threshold] = parseLimits(
      { network: { [metric]: limit } },
      { scope: { kind: 'run' }, model: 'closed', apdexGiven: false },
    );
    expect(threshold?.metric).toBe(`network.${metric}`);
    expect([busy(), alone(), unknown()].map((run) => threshold && observed(run, threshold))).toEqual(values);
  });
}

for (const [subject, says] of [
  [
    { scope: { kind: 'endpoint', name: 'GET /' } },
    '`network.retryAfter` is known of the whole run, not of an endpoint',
  ],
  [
    { scope: { kind: 'run' }, window: { kind: 'after', ms: 1_000 } },
    '`network.retryAfter` is not kept by time; windows know latencies, successRate, errorRate, throughput, requests, events, eventRate, tokens, tokenRate, messagesSent, messagesReceived, messageRate, firstEvent.* and gap.*',
  ],
] as const) {
  test(`of ${subject.scope.kind === 'run' ? 'a part of the time' : 'an endpoint'} nothing is known of the network: ${says}`, () => {
    const limits = { network: { retryAfter: '0' } };
    expect(() => parseLimits(limits, { ...subject, model: 'closed', apdexGiven: false } as never)).toThrow(says);
  });
}
