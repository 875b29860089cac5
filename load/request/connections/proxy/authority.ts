/** An IPv6 address stands in brackets where a port may follow (RFC 3986, 3.2.2), and without them where it is connected to. */
import { isIPv6 } from 'node:net';

export interface Destination {
  readonly hostname: string;
  readonly port: number;
}

/** `api.example.com:443`, `[::1]:443`. */
export function authorityOf({ hostname, port }: Destination): string {
  return `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
}

/** The host of a URL or a header as it is looked up and connected to. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
