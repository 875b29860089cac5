/** What the connections went through, where they are ours. */
import type { NetworkSummary } from '../../load/measure/summary.ts';
import { plainLine } from '../words/plain-text.ts';
import { atEnd, type ExportedRun } from './exported-run.ts';
import type { Family, Labels } from './metric-family.ts';

interface Described {
  readonly name: string;
  readonly otel?: string;
  readonly unit: string;
  readonly help: string;
}

export function networkFamilies(runs: readonly ExportedRun[]): Family[] {
  const family = (
    { name, otel = name, unit, help }: Described,
    figures: (network: NetworkSummary) => readonly (readonly [own: Labels, count: number])[],
  ): Family => ({
    name: `playload_${name}`,
    otel: `playload.${otel}`,
    unit,
    type: 'counter',
    help,
    series: runs.flatMap((run) =>
      (run.summary.network === undefined ? [] : figures(run.summary.network)).map(([own, count]) =>
        atEnd(run, { ...run.labels, ...own }, count),
      ),
    ),
  });
  const peers = (figure: 'requests' | 'connections' | 'failedConnects') => (network: NetworkSummary) =>
    network.peers.map(
      (peer) => [{ host: plainLine(peer.host), address: plainLine(peer.address) }, peer[figure]] as const,
    );
  return [
    family(
      {
        name: 'resent_requests',
        unit: '{request}',
        help: 'Requests sent once more: their connection was closed by the server, or they were refused unread.',
      },
      ({ staleConnections }) => [[{}, staleConnections]],
    ),
    family(
      { name: 'retry_after', unit: '{answer}', help: 'Answers with Retry-After that were waited out.' },
      ({ retryAfter }) => [[{}, retryAfter?.waits ?? 0]],
    ),
    family(
      {
        name: 'lookup_failures',
        unit: '{lookup}',
        help: 'Lookups of a name that failed while its last addresses were used.',
      },
      ({ lookupFailures = [] }) => lookupFailures.map(({ host, count }) => [{ host: plainLine(host) }, count]),
    ),
    family(
      {
        name: 'peer_requests',
        otel: 'peer.requests',
        unit: '{request}',
        help: 'Requests by address, redirects and repetitions too.',
      },
      peers('requests'),
    ),
    family(
      {
        name: 'peer_connections',
        otel: 'peer.connections',
        unit: '{connection}',
        help: 'Connections that carried a request, by address.',
      },
      peers('connections'),
    ),
    family(
      {
        name: 'peer_failed_connects',
        otel: 'peer.failed_connects',
        unit: '{attempt}',
        help: 'Attempts to connect that failed, by address.',
      },
      peers('failedConnects'),
    ),
  ];
}
