/**
 * A token bucket per client: a second's worth of requests may come at once, and then as many per second as allowed.
 * One process counts for itself; in front of several agents the limit belongs into the gateway.
 */

/** Clients remembered at most; the longest unseen are forgotten first, and are full again anyway after a second. */
const rememberedClients = 10_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param perSecond 0 does not limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** 0 when the request may pass, else after how many seconds it may be tried again, at least 1. */
  take(client: string, nowMs: number): number {
    if (this.#perSecond === 0) return 0;
    const bucket = this.#bucket(client, nowMs);
    const gained = Math.max(0, nowMs - bucket.filledAtMs) * (this.#perSecond / 1_000);
    bucket.tokens = Math.min(this.#perSecond, bucket.tokens + gained);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#perSecond));
    bucket.tokens -= 1;
    return 0;
  }

  #bucket(client: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(client) ?? { tokens: this.#perSecond, filledAtMs: nowMs };
    this.#buckets.delete(client); // to the end: the first one is always the longest unseen
    this.#buckets.set(client, bucket);
    const [longestUnseen] = this.#buckets.keys();
    if (this.#buckets.size > rememberedClients && longestUnseen !== undefined) this.#buckets.delete(longestUnseen);
    return bucket;
  }
}
