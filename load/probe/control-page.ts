/**
 * A static page of the same browser with a fixed amount of work: script, styles and layout. It asks no server for anything, so
 * whatever it takes longer under load is the machine's doing. It is timed by the page's own clock: a generator that is
 * busy in this process is not in it.
 */
import type { Page } from '@playwright/test';
import type { Clock } from '../run/clock.ts';
import { bounded, GivenUp } from './bounded.ts';

/** The longest that is waited for it: so long a control page says that the machine is of no use. */
export const longestControlMs = 10_000;

/** Parts of the work; their sum is told. Long enough that a hiccup of a few milliseconds is no fifth of it. */
const parts = 24;

const work = `(() => {
  const main = document.body;
  const began = performance.now();
  let sum = 0;
  for (let part = 0; part < ${parts}; part += 1) {
    main.replaceChildren(...Array.from({ length: 250 }, (_, row) => {
      const line = document.createElement('p');
      line.style.width = (30 + (row % 60)) + '%';
      line.textContent = 'row ' + row + ' of part ' + part;
      return line;
    }));
    sum += main.offsetHeight;
    for (let step = 0; step < 400000; step += 1) sum = (sum * 31 + step) % 1000003;
  }
  main.replaceChildren();
  return { ms: performance.now() - began, sum };
})()`;

export class ControlPage {
  readonly #clock: Clock;
  readonly #page: Page;
  readonly #close: () => Promise<void>;

  private constructor(clock: Clock, page: Page, close: () => Promise<void>) {
    this.#clock = clock;
    this.#page = page;
    this.#close = close;
  }

  /** A context of its own, where the browser can make one: what is set for the probed page is not in it. */
  static async open(beside: Page, clock: Clock): Promise<ControlPage> {
    const browser = beside.context().browser();
    const context = await browser?.newContext({ javaScriptEnabled: true });
    const page = await (context ?? beside.context()).newPage();
    await page.setContent('<!doctype html><title>control page</title><body></body>');
    return new ControlPage(clock, page, async () => context?.close() ?? page.close());
  }

  /** Milliseconds of its own clock; the limit where it takes longer, and undefined where it is gone. */
  async ms(): Promise<number | undefined> {
    const read = this.#page.evaluate<{ readonly ms: number }>(work).then(({ ms }) => ms);
    try {
      const ms = await bounded(read, { clock: this.#clock, limitMs: longestControlMs, tooLong: 'it took too long' });
      return Math.round(ms * 10) / 10;
    } catch (error) {
      return error instanceof GivenUp ? longestControlMs : undefined; // without its page or browser there is no reading
    }
  }

  /** Never rejects: it may be gone already. */
  async close(): Promise<void> {
    await this.#close().catch(() => undefined); // with its browser, which is gone
  }
}
