/**
 * Which hosts the agent may send requests to. What a client registers decides where the agent connects, so without a
 * list it could be made to read its own neighbours (server-side request forgery; OWASP SSRF Prevention Cheat Sheet).
 *
 * An entry is a name (`vllm.internal`), a name with everything below it (`*.gpu.internal`), an address, or a network
 * (`10.0.0.0/8`); each may end in a port (`vllm.internal:8000`). A name that is on the list is trusted, the addresses
 * it resolves to are not: never a link-local one (cloud metadata), never multicast or "this host", and a loopback one
 * only if loopback is itself on the list.
 */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { ProblemError } from '../../domain/problem.ts';

/** Never the address of an engine. */
const forbidden = blockList([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
]);

const loopback = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

function blockList(networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, family(address));
  return list;
}

function family(address: string): 'ipv6' | 'ipv4' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

interface Entry {
  readonly text: string;
  readonly port: string | undefined;
  readonly allows: (host: string) => boolean;
}

export class AllowedHosts {
  readonly #entries: readonly Entry[];
  readonly #loopbackListed: boolean;

  /** @throws {@link TypeError} naming the first entry that can't be read. */
  constructor(entries: readonly string[]) {
    this.#entries = entries.map(readEntry);
    this.#loopbackListed = this.#entries.some(
      ({ allows }) => allows('127.0.0.1') || allows('::1') || allows('localhost'),
    );
  }

  /** @throws {@link ProblemError} `forbidden-host`, when the URL's host and port are not on the list. */
  assertUrl(url: URL): void {
    const host = bare(url.hostname);
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    const allowed = this.#entries.some((entry) => entry.allows(host) && (entry.port ?? port) === port);
    if (!allowed) throw new ProblemError('forbidden-host', `\`${url.host}\` is not among the hosts that may be asked`);
    if (isIP(host) !== 0) this.assertAddress(host);
  }

  /** @throws {@link ProblemError} `forbidden-host`, for an address that no engine may have, whatever name led to it. */
  assertAddress(address: string): void {
    const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
    if (forbidden.check(plain, family(plain)) || (loopback.check(plain, family(plain)) && !this.#loopbackListed)) {
      throw new ProblemError('forbidden-host', `the address ${address} may not be asked`);
    }
  }
}

/** IPv6 addresses stand in brackets in a URL. */
const bare = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();

function readEntry(text: string): Entry {
  const match =
    /^(?<host>\[[\da-fA-F:.]+\]|[\w.*-]+|[\da-fA-F]*:[\da-fA-F:.]+)(?:\/(?<prefix>\d{1,3}))?(?::(?<port>\d{1,5}))?$/.exec(
      text,
    );
  const { host: written = '', prefix, port } = match?.groups ?? {};
  const host = bare(written);
  if (host === '' || (port !== undefined && Number(port) > 65_535)) throw unreadable(text);
  return { text, port, allows: matcher(host, prefix, text) };
}

function matcher(host: string, prefix: string | undefined, text: string): Entry['allows'] {
  if (prefix !== undefined) return network(host, Number(prefix), text);
  if (host.startsWith('*.')) return (asked) => asked.endsWith(host.slice(1)) && asked.length > host.length - 1;
  if (host.includes('*')) throw unreadable(text);
  return (asked) => asked === host;
}

function network(address: string, prefix: number, text: string): Entry['allows'] {
  const version = isIP(address);
  if (version === 0 || prefix > (version === 6 ? 128 : 32)) throw unreadable(text);
  const list = blockList([[address, prefix]]);
  return (asked) => isIP(asked) === version && list.check(asked, family(asked));
}

const unreadable = (text: string) =>
  new TypeError(
    `a list of hosts, but \`${text}\` is none: expected a name, \`*.name\`, an address or a network, with or without a port`,
  );
