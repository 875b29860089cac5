/**
 * Resolves names as Node does, and refuses the addresses that no engine may have. It is asked once for each connection,
 * and what it answers is what is connected to: a name that leads elsewhere a moment later gains nothing.
 */
import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { AllowedHosts } from './allowed-hosts.ts';

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
export type Resolve = (hostname: string, options: LookupAllOptions, found: Found) => void;

/** @param resolve Tells all addresses of a name. */
export function guardedLookup(allowed: AllowedHosts, resolve: Resolve = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const problem = error ?? refused(allowed, addresses);
      const [first] = addresses;
      if (problem !== undefined || first === undefined) {
        callback(problem ?? new Error(`\`${hostname}\` has no address`), []);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refused(allowed: AllowedHosts, addresses: readonly LookupAddress[]): Error | undefined {
  try {
    for (const { address } of addresses) allowed.assertAddress(address);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('refused', { cause: error });
  }
}
