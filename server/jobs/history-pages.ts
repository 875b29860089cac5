/**
 * Pages of histories, as the bytes that are sent. A snapshot never changes and fifty of them are a quarter of a
 * megabyte, so only their moments are asked for each time; a page of the same moments is the page that was made before.
 */
import type { SnapshotStore } from '../store/snapshots.ts';
import { LeastRecent } from './least-recent.ts';

interface HistoryRequest {
  readonly instanceId: string;
  /** Both included, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Only the last snapshot of each step. */
  readonly stepMs: number | undefined;
  readonly limit: number;
}

interface HistoryPage {
  readonly snapshots: number;
  /** A JSON array. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The moment of the last snapshot, when there are more after it. */
  readonly continuesAfterMs: number | undefined;
}

class Page {
  readonly body: Uint8Array<ArrayBuffer>;

  constructor(body: Uint8Array<ArrayBuffer>) {
    this.body = body;
  }

  get bytes(): number {
    return this.body.byteLength;
  }
}

/** Of all pages that are kept: some thirty of the usual length. */
const mostBytes = 8 * 1_024 * 1_024;

export class HistoryPages {
  readonly #snapshots: SnapshotStore;
  readonly #pages: LeastRecent<Page>;
  readonly #encoder = new TextEncoder();

  constructor(snapshots: SnapshotStore, limits = { bytes: mostBytes }) {
    this.#snapshots = snapshots;
    this.#pages = new LeastRecent(limits.bytes);
  }

  async page({ stepMs, limit, ...range }: HistoryRequest): Promise<HistoryPage> {
    const found =
      stepMs === undefined
        ? await this.#snapshots.times(range, limit + 1)
        : await this.#snapshots.timesByStep(range, stepMs, limit + 1);
    const times = found.slice(0, limit);
    return {
      snapshots: times.length,
      body: await this.#body(range.instanceId, times),
      continuesAfterMs: found.length > limit ? times.at(-1) : undefined,
    };
  }

  async #body(instanceId: string, times: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
    const key = `${instanceId} ${times.join()}`;
    const kept = this.#pages.get(key);
    if (kept !== undefined) return kept.body;
    const stored = await this.#snapshots.at(instanceId, times);
    const body = this.#encoder.encode(`[${stored.map(({ text }) => text).join(',')}]`);
    // A page from which something was deleted meanwhile is not the page of these moments.
    if (stored.length === times.length) this.#pages.put(key, new Page(body));
    return body;
  }
}
