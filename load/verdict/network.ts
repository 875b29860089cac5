/** Sums over the names and addresses of a run's connections, as limits ask for them. */
import type { NetworkData } from '../measure/network.ts';

export function lookupFailures({ lookupFailures: names }: NetworkData): number {
  return sum([...names.values()].map(({ count }) => count));
}

export function failedConnects({ peers }: NetworkData): number {
  return sum([...peers.values()].map((peer) => peer.failedConnects));
}

/** Of the requests to a name with several addresses, the share of the one that had the fewest; the least of all such names. */
export function leastShare({ peers }: NetworkData): number | undefined {
  const byHost = new Map<string, number[]>();
  for (const { host, requests } of peers.values()) byHost.set(host, [...(byHost.get(host) ?? []), requests]);
  const shares = [...byHost.values()].flatMap((requests) =>
    requests.length < 2 || sum(requests) === 0 ? [] : [Math.min(...requests) / sum(requests)],
  );
  return shares.length === 0 ? undefined : Math.min(...shares);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
