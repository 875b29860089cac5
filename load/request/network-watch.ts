/** Who is told of connections beside their requests. */

export interface NetworkWatch {
  /** A new connection's own counter; `host` is `api.example.com:443`, `address` the IP address behind it. */
  connected(host: string, address: string): PeerUse;
  /** The host has this address, whether or not anything is sent to it. */
  addressKnown(host: string, address: string): void;
  connectFailed(host: string, address: string): void;
  /** A lookup failed, and the last good answer stands in for it. */
  lookupFailed(name: string, error: Error): void;
}

/** Counts what one connection carries. */
export interface PeerUse {
  countRequest(): void;
}
