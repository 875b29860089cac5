/** What pools tell of their connections while a run is measured. */
import { entryName } from './entry-name.ts';
import { type NetworkData, noteInvalidTraceparent, noteLookupFailure, type PeerCounts, peerOf } from './network.ts';
import { keptMessage } from './exemplar.ts';

export class NetworkBook {
  readonly #data: NetworkData;
  readonly #isMeasured: () => boolean;

  /** `isMeasured`: whether what happens now is of the measured part; all else is in no number. */
  constructor(data: NetworkData, isMeasured: () => boolean) {
    this.#data = data;
    this.#isMeasured = isMeasured;
  }

  /** A new connection's own counter. */
  connected(host: string, address: string): PeerUse {
    return new PeerUse(() => peerOf(this.#data, host, address));
  }

  /** The host has this address, whether or not anything is sent to it. */
  addressKnown(host: string, address: string): void {
    peerOf(this.#data, host, address);
  }

  connectFailed(host: string, address: string): void {
    if (this.#isMeasured()) peerOf(this.#data, host, address).failedConnects += 1;
  }

  /** A lookup failed, and the last good answer stands in for it. */
  lookupFailed(name: string, error: Error): void {
    if (this.#isMeasured()) noteLookupFailure(this.#data, { name, sample: keptMessage(error.message) });
  }

  /** A call carries a `traceparent` of its own that is none. */
  traceparentInvalid(traceparent: string): void {
    if (this.#isMeasured()) noteInvalidTraceparent(this.#data, { count: 1, sample: entryName(traceparent) });
  }
}

/** Counts the requests of one connection, and the connection itself with the first of them. */
export class PeerUse {
  readonly #rowOf: () => PeerCounts;
  #row: PeerCounts | undefined;

  constructor(rowOf: () => PeerCounts) {
    this.#rowOf = rowOf;
  }

  countRequest(): void {
    let row = this.#row;
    if (row === undefined) {
      row = this.#row = this.#rowOf();
      row.connections += 1;
    }
    row.requests += 1;
  }
}
