/**
 * What is said of a run's connections where there is something to say. Names come as they were called: whoever prints
 * makes them harmless.
 */
import type { NetworkSummary, PeerSummary } from '../../load/measure/summary.ts';
import { formatCount, formatMs } from '../../load/measure/units.ts';

/** The others are in `summary.json`. */
const mostAddresses = 6;
const mostNames = 3;

/** A sentence for each; none of an ordinary run. */
export function networkWords(network: NetworkSummary | undefined): string[] {
  if (network === undefined) return [];
  const { staleConnections, retryAfter, lookupFailures = [], invalidTraceparents, peers } = network;
  return [
    ...(staleConnections === 0 ? [] : [staleWords(staleConnections)]),
    ...(retryAfter === undefined
      ? []
      : [
          `${counted(retryAfter.waits, 'Retry-After', 'Retry-After')} waited out, ${formatMs(retryAfter.waitedMs)} in all`,
        ]),
    ...lookupFailures
      .slice(0, mostNames)
      .map(
        ({ host, count, sample }) =>
          `${counted(count, 'lookup')} of ${host} failed, and its last addresses were used: ${sample}`,
      ),
    ...(invalidTraceparents === undefined
      ? []
      : [
          `${counted(invalidTraceparents.count, 'request')} carried a \`traceparent\` that is none, which servers ignore: ${invalidTraceparents.sample}`,
        ]),
    ...hostsOf(peers).flatMap(spreadWords),
  ];
}

function staleWords(count: number): string {
  const [was, their, them] = count === 1 ? ['was', 'its', 'it'] : ['were', 'their', 'them'];
  return `${counted(count, 'request')} ${was} sent once more: the server had closed ${their} connection, or refused ${them} unread`;
}

function hostsOf(peers: readonly PeerSummary[]): (readonly PeerSummary[])[] {
  return [...new Set(peers.map(({ host }) => host))].map((host) => peers.filter((peer) => peer.host === host));
}

/** How the load fell to the addresses of one host; nothing of a single one, nor of `localhost`, which is one machine. */
function spreadWords(peers: readonly PeerSummary[]): string[] {
  const host = peers[0]?.host ?? '';
  if (peers.length < 2 || host.startsWith('localhost:')) return [];
  const shown = peers.slice(0, mostAddresses).map(peerWords);
  const more = peers.length > mostAddresses ? [`and ${formatCount(peers.length - mostAddresses)} more`] : [];
  return [`${host}: ${[...shown, ...more].join('; ')}`];
}

/** `10.0.0.1 had 2,717 requests over 50 connections`. */
export function peerWords({ address, connections, requests, failedConnects }: Omit<PeerSummary, 'host'>): string {
  const failed = failedConnects === 0 ? '' : `, ${formatCount(failedConnects)} failed to connect`;
  if (requests === 0) return `${address} had no request${failed}`;
  return `${address} had ${counted(requests, 'request')} over ${counted(connections, 'connection')}${failed}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
