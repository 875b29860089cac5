/**
 * The addresses of the hosts that a load calls. Connections take them in turn, so that each server behind a name gets
 * its share. Node does not tell how long an answer holds, so one is asked for anew after a while, and at once when nothing
 * answers at the addresses of the last; the last good one is kept for when the question fails.
 */
import { lookup as lookupOnce, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { NetworkWatch } from '../network-watch.ts';

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
type Resolve = (hostname: string, options: LookupAllOptions, callback: Answer) => void;

export interface AddressesParts {
  readonly now: () => number;
  /** Told of lookups that fail while an earlier answer is there. */
  readonly network: NetworkWatch;
  readonly resolve?: Resolve;
  /** Calls once after so many milliseconds, unless it is cancelled by what this returns. */
  readonly later?: (ms: number, then: () => void) => () => void;
}

export const lookupTimes = {
  /** An answer is used for new connections for so long. */
  keptMs: 10_000,
  /** With an earlier answer at hand, a question is not waited for longer. */
  patienceMs: 1_000,
  /** After a question that failed, the earlier answer is used for so long. */
  retryMs: 1_000,
} as const;

/** What is known of a host. */
interface Known {
  addresses: LookupAddress[];
  /** From then on it is asked for anew. */
  staleAtMs: number;
  /** How often it was used. */
  turn: number;
  /** Who waits for the question that is under way; absent when there is none. */
  waiting: Answer[] | undefined;
}

export class Addresses {
  readonly #now: () => number;
  readonly #network: NetworkWatch;
  readonly #resolve: Resolve;
  readonly #later: NonNullable<AddressesParts['later']>;
  readonly #hosts = new Map<string, Known>();

  constructor({ now, network, resolve = lookupOnce, later = unreferencedTimer }: AddressesParts) {
    this.#now = now;
    this.#network = network;
    this.#resolve = resolve;
    this.#later = later;
  }

  /** For `net.connect` with `autoSelectFamily`, which asks for all addresses and tries them in this order. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    const answer = callback as Answer; // all addresses are asked for
    let known = this.#hosts.get(hostname);
    if (known === undefined) {
      known = { addresses: [], staleAtMs: -Infinity, turn: 0, waiting: undefined };
      this.#hosts.set(hostname, known);
    }
    if (this.#now() < known.staleAtMs) {
      const addresses = inTurn(known);
      process.nextTick(() => answer(null, addresses)); // whoever asks listens only then
      return;
    }
    if (known.waiting !== undefined) known.waiting.push(answer);
    else this.#ask(hostname, known, { hints: options.hints ?? 0, first: answer });
  };

  /** Nothing could be connected to at any of its addresses: the next connection asks for them anew. */
  distrust(hostname: string): void {
    const known = this.#hosts.get(hostname);
    if (known !== undefined) known.staleAtMs = -Infinity;
  }

  #ask(hostname: string, known: Known, { hints, first }: { readonly hints: number; readonly first: Answer }): void {
    known.waiting = [first];
    const fallBack = (error: Error): void => {
      this.#network.lookupFailed(hostname, error);
      known.staleAtMs = this.#now() + lookupTimes.retryMs;
      this.#answer(known);
    };
    const stopWaiting =
      known.addresses.length === 0
        ? () => undefined
        : this.#later(lookupTimes.patienceMs, () => {
            fallBack(new Error(`getaddrinfo ${hostname}: no answer in ${lookupTimes.patienceMs} ms`));
          });
    this.#resolve(hostname, { all: true, hints }, (error, addresses) => {
      stopWaiting();
      if (error === null) this.#learn(known, addresses);
      else if (known.waiting === undefined)
        return; // it is told already
      else if (known.addresses.length > 0) fallBack(error);
      else this.#answer(known, error);
    });
  }

  #learn(known: Known, addresses: LookupAddress[]): void {
    known.addresses = addresses;
    known.staleAtMs = this.#now() + lookupTimes.keptMs;
    this.#answer(known);
  }

  #answer(known: Known, error: Error | null = null): void {
    const { waiting = [] } = known;
    known.waiting = undefined;
    for (const answer of waiting) answer(error, error === null ? inTurn(known) : []);
  }
}

/**
 * Each time another address comes first. They change places within the family that the system prefers alone: the other
 * one is most often the same server's (RFC 6724), and is tried when this one does not answer (RFC 8305).
 */
function inTurn(known: Known): LookupAddress[] {
  const first = preferred(known.addresses);
  const rest = known.addresses.filter((each) => !first.includes(each));
  const at = first.length === 0 ? 0 : known.turn++ % first.length;
  return [...first.slice(at), ...first.slice(0, at), ...rest];
}

/** Those of the family that the system prefers, which is that of the first. */
export function preferred(addresses: readonly LookupAddress[]): LookupAddress[] {
  return addresses.filter(({ family }) => family === addresses[0]?.family);
}

function unreferencedTimer(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms).unref();
  return () => clearTimeout(timer);
}
