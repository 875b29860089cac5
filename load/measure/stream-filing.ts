/**
 * Files what comes of one stream into its row's book while it comes: each event by the moment at which its bytes did. What
 * comes after the run's end is in no number.
 */
import { entry, type EndpointData } from './run-data.ts';
import {
  emptyStreamBook,
  emptyStreamWindow,
  type StreamBook,
  type StreamCount,
  type StreamWindow,
} from './stream-book.ts';

/**
 * How a stream ended: `server`, as it should; `client`, left by its scenario; `failed`, in a way that is counted with the
 * other failures of requests alone.
 */
export type StreamEndedBy = 'server' | 'client' | 'cut' | 'stalled' | 'empty' | 'failed';

export interface StreamEnding {
  readonly by: StreamEndedBy;
  /** From the first byte sent to the last received. */
  readonly durationMs: number;
  /** As the server told them, where it did: they stand in the place of those that were counted. */
  readonly toldTokens?: number | undefined;
}

export interface StreamFilingParts {
  readonly row: EndpointData;
  /** Rows of its tags, in whose books it stands too. */
  readonly tagged?: readonly { readonly data: EndpointData }[];
  /** Where the time to its first event begins, on the run's clock. */
  readonly fromMs: number;
  /** Start of the measured part. */
  readonly zeroMs: number;
  /** Whether the run is over. */
  readonly isOver: () => boolean;
}

const counterOf: Partial<Record<StreamEndedBy, StreamCount>> = {
  client: 'left',
  cut: 'cut',
  stalled: 'stalled',
  empty: 'empty',
};

export class StreamFiling {
  readonly #book: StreamBook;
  readonly #fromMs: number;
  readonly #zeroMs: number;
  readonly #isOver: () => boolean;
  /** The same in the books of its tags; empty without any. */
  readonly #tagged: readonly StreamFiling[];
  #events = 0;
  #tokens = 0;
  #lastAtMs = 0;
  #firstTokenAtMs = 0;
  #lastTokenAtMs = 0;
  #window: StreamWindow = emptyStreamWindow();
  #windowSecond = Number.NaN;

  constructor({ row, tagged = [], fromMs, zeroMs, isOver }: StreamFilingParts) {
    this.#book = row.stream ??= emptyStreamBook();
    this.#book.streams += 1;
    this.#fromMs = fromMs;
    this.#zeroMs = zeroMs;
    this.#isOver = isOver;
    this.#tagged = tagged.map(({ data }) => new StreamFiling({ row: data, fromMs, zeroMs, isOver }));
  }

  /** An event whose bytes came at this moment of the run's clock, and the tokens in it. */
  event(atMs: number, tokens: number): void {
    if (this.#isOver()) return;
    const window = this.#at(atMs);
    this.#book.events += 1;
    window.events += 1;
    if (this.#events === 0) {
      const ms = Math.max(0, atMs - this.#fromMs);
      this.#book.firstEvent.recordMs(ms);
      window.firstEvent.record(ms);
    } else {
      this.#book.gap.recordMs(atMs - this.#lastAtMs);
      window.gap.record(atMs - this.#lastAtMs);
    }
    this.#events += 1;
    this.#lastAtMs = atMs;
    if (tokens > 0) this.#tokensCame(atMs, tokens, window);
    for (const filing of this.#tagged) filing.event(atMs, tokens);
  }

  /** One more of the counted things that befell it. */
  count(what: 'reconnects' | 'pauses'): void {
    if (this.#isOver()) return;
    this.#book[what] += 1;
    for (const filing of this.#tagged) filing.count(what);
  }

  ended(ending: StreamEnding): void {
    if (this.#isOver()) return;
    for (const filing of this.#tagged) filing.ended(ending);
    const { by, durationMs, toldTokens } = ending;
    const book = this.#book;
    if (toldTokens !== undefined) this.#correct(toldTokens);
    const counter = counterOf[by];
    if (counter !== undefined) book[counter] += 1;
    if (this.#events > 0) book.eventsPerStream.recordMs(this.#events);
    if (this.#tokens > 0) book.tokensPerStream.recordMs(this.#tokens);
    if (by !== 'server') return;
    book.duration.recordMs(durationMs);
    if (this.#tokens > 1 && this.#firstTokenAtMs > 0)
      book.timePerOutputToken.recordMs((this.#lastTokenAtMs - this.#firstTokenAtMs) / (this.#tokens - 1));
  }

  #tokensCame(atMs: number, tokens: number, window: StreamWindow): void {
    const book = this.#book;
    if (this.#tokens === 0) {
      book.timeToFirstToken.recordMs(Math.max(0, atMs - this.#fromMs));
      this.#firstTokenAtMs = atMs;
    } else book.interTokenLatency.recordMs(atMs - this.#lastTokenAtMs);
    this.#lastTokenAtMs = atMs;
    this.#tokens += tokens;
    book.tokens += tokens;
    window.tokens += tokens;
  }

  /** The seconds are set right in the last, as far as it goes: which one a token was missed in nobody knows. */
  #correct(toldTokens: number): void {
    const more = toldTokens - this.#tokens;
    this.#tokens = toldTokens;
    this.#book.tokens += more;
    this.#window.tokens = Math.max(0, this.#window.tokens + more);
  }

  #at(atMs: number): StreamWindow {
    const second = Math.floor((atMs - this.#zeroMs) / 1_000);
    if (second !== this.#windowSecond) {
      this.#window = entry(this.#book.windows, second, emptyStreamWindow);
      this.#windowSecond = second;
    }
    return this.#window;
  }
}
