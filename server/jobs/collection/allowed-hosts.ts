/**
 * Which hosts the agent may send requests to. What a client registers decides where the agent connects, so without a
 * list it could be made to read its own neighbours (server-side request forgery; OWASP SSRF Prevention Cheat Sheet).
 *
 * A name that is on the list is trusted, the addresses it resolves to are not: never a link-local one or another of
 * cloud metadata, never multicast or "this host", and a loopback one only if loopback is itself on the list. An IPv6
 * address that stands for an IPv4 address is judged as that one, too.
 */
import { BlockList, isIP } from 'node:net';
import { ProblemError } from '../../domain/problem.ts';
import { addressFamily, HostList, plainHost } from '../host-list.ts';
import { carriedAddresses } from './carried-address.ts';

/** Never the address of an engine. */
const forbidden = blockList([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  // Cloud metadata that is not link-local: Alibaba, Azure's host, Oracle (classic), AWS and Google over IPv6.
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
]);

const loopback = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

function blockList(networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, addressFamily(address));
  return list;
}

export class AllowedHosts {
  readonly #list: HostList;
  readonly #loopbackListed: boolean;

  /** @throws {@link TypeError} naming the first entry that can't be read. */
  constructor(entries: readonly string[]) {
    this.#list = new HostList(entries);
    this.#loopbackListed = ['127.0.0.1', '::1', 'localhost'].some((host) => this.#list.mentions(host));
  }

  /** @throws {@link ProblemError} `forbidden-host`, when the URL's host and port are not on the list. */
  assertUrl(url: URL): void {
    if (url.username !== '' || url.password !== '') {
      throw new ProblemError('forbidden-host', 'a URL with a user or a password may not be asked: it would be shown');
    }
    if (url.port === '0') throw new ProblemError('forbidden-host', 'nobody listens on port 0');
    const host = plainHost(url.hostname);
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    if (!this.#list.has(host, port)) {
      throw new ProblemError('forbidden-host', `\`${url.host}\` is not among the hosts that may be asked`);
    }
    if (isIP(host) !== 0) this.assertAddress(host);
  }

  /** @throws {@link ProblemError} `forbidden-host`, for an address that no engine may have, whatever name led to it. */
  assertAddress(address: string): void {
    const plain = address.replace(/%.*$/, ''); // the zone of a link-local address
    const meant = [plain, ...carriedAddresses(plain)];
    if (meant.some((one) => this.#refuses(one))) {
      throw new ProblemError('forbidden-host', `the address ${address} may not be asked`);
    }
  }

  #refuses(address: string): boolean {
    const family = addressFamily(address);
    return forbidden.check(address, family) || (loopback.check(address, family) && !this.#loopbackListed);
  }
}
