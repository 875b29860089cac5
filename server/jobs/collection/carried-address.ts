/**
 * IPv6 addresses that stand for an IPv4 address: what is connected to in the end is that one. Mapped and compatible
 * addresses (RFC 4291, 2.5.5), those of translators (RFC 6052, RFC 8215) and tunnels (6to4, RFC 3056; Teredo, RFC 4380).
 */
import { isIPv6, SocketAddress } from 'node:net';

interface Carrier {
  /** The first 16-bit groups of such an address. */
  readonly prefix: readonly number[];
  /** Where in the eight groups the IPv4 address begins. */
  readonly at: number;
  /** Teredo writes it with every bit turned. */
  readonly inverted?: boolean;
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

const carriers: readonly Carrier[] = [
  { prefix: [...zeros(5), 0xffff], at: 6 }, // ::ffff:127.0.0.1
  { prefix: zeros(6), at: 6 }, // ::127.0.0.1
  { prefix: [...zeros(4), 0xffff, 0], at: 6 }, // ::ffff:0:127.0.0.1 (RFC 2765)
  { prefix: [0x64, 0xff9b, ...zeros(4)], at: 6 }, // 64:ff9b::127.0.0.1
  { prefix: [0x64, 0xff9b, 1], at: 6 }, // 64:ff9b:1::127.0.0.1
  { prefix: [0x2002], at: 1 }, // 2002:7f00:1::
  { prefix: [0x2001, 0], at: 6, inverted: true },
];

/** The IPv4 addresses that an IPv6 address may lead to; none for most. */
export function carriedAddresses(address: string): string[] {
  if (!isIPv6(address)) return [];
  const groups = groupsOf(address);
  if (groups.slice(0, 7).every((group) => group === 0)) return []; // `::` and `::1` are themselves
  return carriers
    .filter(({ prefix }) => prefix.every((group, index) => groups[index] === group))
    .map(({ at, inverted = false }) => {
      const [high = 0, low = 0] = groups.slice(at, at + 2).map((group) => (inverted ? group ^ 0xffff : group));
      return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
    });
}

/** The eight groups of 16 bits. */
function groupsOf(address: string): number[] {
  // Node writes an address its one way: at most one `::`, and an IPv4 tail only where it is mapped or compatible.
  const { address: written } = new SocketAddress({ address, family: 'ipv6' });
  const hex = written.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = hex.split('::');
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return read(head);
  const [first, last] = [read(head), read(tail)];
  return [...first, ...zeros(8 - first.length - last.length), ...last];
}
