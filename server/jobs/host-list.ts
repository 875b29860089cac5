/**
 * A list of hosts as an operator writes it: a name (`vllm.internal`), a name with everything below it
 * (`*.gpu.internal`), an address, or a network (`10.0.0.0/8`); each may end in a port (`vllm.internal:8000`). Names are
 * compared without case and without the dot of the root at their end, addresses as numbers.
 */
import { BlockList, isIP, isIPv6 } from 'node:net';

interface Entry {
  readonly port: string | undefined;
  readonly allows: (host: string) => boolean;
}

export class HostList {
  readonly #entries: readonly Entry[];

  /** @throws {@link TypeError} naming the first entry that can't be read. */
  constructor(entries: readonly string[]) {
    this.#entries = entries.map(readEntry);
  }

  /** @param host as {@link plainHost} gives it */
  has(host: string, port: string): boolean {
    return this.#entries.some((entry) => (entry.port ?? port) === port && entry.allows(host));
  }

  /** Whether the host is on the list with any port. */
  mentions(host: string): boolean {
    return this.#entries.some((entry) => entry.allows(host));
  }
}

/** As hosts are compared: lower case, an IPv6 address without its brackets, a name without the dot of the root. */
export function plainHost(written: string): string {
  return written
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}

export function addressFamily(address: string): 'ipv6' | 'ipv4' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function readEntry(text: string): Entry {
  const match =
    /^(?<host>\[[\da-fA-F:.]+\]|[\w.*-]+|[\da-fA-F]*:[\da-fA-F:.]+)(?:\/(?<prefix>\d{1,3}))?(?::(?<port>\d{1,5}))?$/.exec(
      text,
    );
  const { host: written = '', prefix, port } = match?.groups ?? {};
  const host = plainHost(written);
  if (host === '' || (port !== undefined && Number(port) > 65_535)) throw unreadable(text);
  return { port: port === undefined ? undefined : String(Number(port)), allows: matcher(host, prefix, text) };
}

function matcher(host: string, prefix: string | undefined, text: string): Entry['allows'] {
  const version = isIP(host);
  const bits = version === 6 ? 128 : 32;
  if (prefix !== undefined && (version === 0 || Number(prefix) > bits)) throw unreadable(text);
  if (version !== 0) return network(host, prefix === undefined ? bits : Number(prefix));
  if (host.startsWith('*.')) return (asked) => asked.endsWith(host.slice(1)) && asked.length > host.length - 1;
  if (host.includes('*')) throw unreadable(text);
  return (asked) => asked === host;
}

function network(address: string, prefix: number): Entry['allows'] {
  const version = isIP(address);
  const list = new BlockList();
  list.addSubnet(address, prefix, addressFamily(address));
  return (asked) => isIP(asked) === version && list.check(asked, addressFamily(asked));
}

const unreadable = (text: string) =>
  new TypeError(
    `a list of hosts, but \`${text}\` is none: expected a name, \`*.name\`, an address or a network, with or without a port`,
  );
