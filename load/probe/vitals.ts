/**
 * The vitals of a page as npm's `web-vitals` takes them (web.dev/vitals), told by each document as they change, so that
 * those of a page that is left are known too.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { type ProbeRound, type Vital, vitals } from '../measure/probe-data.ts';
import { libraryFile } from '../run/calling-file.ts';
import type { Clock } from '../run/clock.ts';
import { bounded, GivenUp } from './bounded.ts';

const binding = '__playloadVital';
/** How long a page that is at rest may take to tell the last of them. */
const longestTellingMs = 1_000;

let script: Promise<string> | undefined;

/** What each document of the page runs before anything of its own; a frame and an empty page have no vitals. */
async function vitalsScript(): Promise<string> {
  const library = createRequire(libraryFile('probe/vitals')).resolve('web-vitals');
  const source = await readFile(join(dirname(library), 'web-vitals.iife.js'), 'utf8');
  return `(() => {
  if (window !== window.top || location.href === 'about:blank') return;
  ${source}
  const tell = window.${binding};
  const of = String(performance.timeOrigin + Math.random());
  const told = (name) => ({ value }) => {
    state.vitals[name] = value;
    if (typeof tell === 'function') void tell(of, name, value);
  };
  const state = { of, vitals: {} };
  Object.defineProperty(window, '${binding}s', { value: state });
  webVitals.onLCP(told('lcp'), { reportAllChanges: true });
  webVitals.onINP(told('inp'), { reportAllChanges: true, durationThreshold: 16 });
  webVitals.onCLS(told('cls'), { reportAllChanges: true });
  webVitals.onTTFB(told('ttfb'), { reportAllChanges: true });
})();`;
}

/** Past the next frame and what waits for an idle moment, which is when entries come to who observes them. */
const lastTold = `new Promise((done) => {
  const tell = () => done(window.${binding}s ?? null);
  setTimeout(tell, ${longestTellingMs});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(
    () => 'requestIdleCallback' in window ? requestIdleCallback(() => setTimeout(tell, 0)) : tell(), 20)));
})`;

const known = `window.${binding}s ?? null`;
/** Scripts may be off, and a test may have stopped the page's clock. */
const standingStill = { limitMs: 2 * longestTellingMs, tooLong: 'its timers stand still' };

type Told = Partial<Record<Vital, number>>;

/** Collects what the documents of one page tell. */
export class VitalsWatch {
  static readonly #ofPage = new WeakMap<Page, Promise<VitalsWatch>>();
  readonly #page: Page;
  /** By document. */
  readonly #told = new Map<string, Told>();

  private constructor(page: Page) {
    this.#page = page;
  }

  /** A page is watched once, whoever asks for it. */
  static async of(page: Page): Promise<VitalsWatch> {
    const known = VitalsWatch.#ofPage.get(page) ?? VitalsWatch.#watch(page);
    VitalsWatch.#ofPage.set(page, known);
    return known;
  }

  static async #watch(page: Page): Promise<VitalsWatch> {
    const watch = new VitalsWatch(page);
    await page.exposeBinding(binding, ({ frame }, of: unknown, name: unknown, value: unknown) => {
      if (frame === page.mainFrame()) watch.#take(of, name, value);
    });
    await page.addInitScript({ content: await (script ??= vitalsScript()) });
    return watch;
  }

  /** What came before is of another round. */
  reset(): void {
    this.#told.clear();
  }

  /** Of all documents since the last `reset`; of several the worst. Rejects where the page is gone. */
  async read(clock: Clock): Promise<ProbeRound['vitals']> {
    const state: unknown = await this.#ofLastDocument(clock);
    if (typeof state === 'object' && state !== null && 'of' in state && 'vitals' in state)
      for (const [name, value] of Object.entries(state.vitals ?? {})) this.#take(state.of, name, value);
    return worstOf([...this.#told.values()]);
  }

  /** One that is left while it is asked is asked no more: the next one is. */
  async #ofLastDocument(clock: Clock): Promise<unknown> {
    try {
      return await bounded(this.#page.evaluate(lastTold), { clock, ...standingStill });
    } catch (error) {
      if (error instanceof GivenUp) return await this.#page.evaluate(known); // of a page without timers, told so far
      await this.#page.waitForLoadState('domcontentloaded'); // it navigated, or is gone, which this says
      return await this.#page.evaluate(lastTold);
    }
  }

  /** A page may say anything: only what can be a vital is taken. */
  #take(of: unknown, name: unknown, value: unknown): void {
    if (typeof of !== 'string' || !isVital(name) || typeof value !== 'number' || !(value >= 0 && value < Infinity))
      return;
    const told = this.#told.get(of);
    if (told !== undefined) told[name] = value;
    else if (this.#told.size < mostDocuments) this.#told.set(of, { [name]: value });
  }
}

/** Of a round; a page that makes up documents fills no memory. */
const mostDocuments = 100;

function isVital(name: unknown): name is Vital {
  return vitals.some((vital) => vital === name);
}

/** The greatest of each, to a tenth of a millisecond; of CLS to its fourth digit. */
export function worstOf(documents: readonly Told[]): ProbeRound['vitals'] {
  return Object.fromEntries(
    vitals.flatMap((vital) => {
      const values = documents.flatMap((told) => told[vital] ?? []);
      const digits = vital === 'cls' ? 10_000 : 10;
      return values.length === 0 ? [] : [[vital, Math.round(Math.max(...values) * digits) / digits]];
    }),
  );
}
