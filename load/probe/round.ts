/**
 * One round of a probe: the control page, an empty page, then the function with its actions timed, and the vitals. It always
 * comes to an end, and what went wrong in it is its failure, in words.
 */
import type { Page } from '@playwright/test';
import { EntryNames } from '../measure/entry-name.ts';
import { keptMessage } from '../measure/exemplar.ts';
import type { ProbeRound } from '../measure/probe-data.ts';
import { thrownWords } from '../measure/thrown-words.ts';
import { formatMs, show } from '../measure/units.ts';
import type { Clock } from '../run/clock.ts';
import { bounded, GivenUp } from './bounded.ts';
import { ControlPage, longestControlMs } from './control-page.ts';
import { VitalsWatch } from './vitals.ts';

/** What the function of a probe has beside its page. */
export interface ProbeContext {
  /**
   * Times a part of the round, such as a click and what it leads to, from its call to its end, by the clock of the test.
   * Of one that is done twice in a round the slower counts. Resolves and rejects as its function does.
   */
  readonly action: <Result>(name: string, work: () => Result | Promise<Result>) => Promise<Result>;
}

/** What is done in each round, its own `page.goto` first. */
export type ProbeFunction = (context: ProbeContext) => unknown;

/** A round without its place in a load. */
export interface PlayedRound extends Pick<ProbeRound, 'vitals' | 'actions' | 'ms' | 'controlMs' | 'failure'> {
  /** When its function was called, on the clock of the run. */
  readonly beganAtMs: number;
}

/** On the axis of a load. */
export function placed({ beganAtMs, ...round }: PlayedRound, phase: ProbeRound['phase'], zeroMs: number): ProbeRound {
  return { atMs: Math.round(beganAtMs - zeroMs), phase, ...round };
}

/** Shows a part of the round as a step of the test. */
export type ProbeStep = <Result>(title: string, body: () => Promise<Result>) => Promise<Result>;

export interface RoundParts {
  readonly page: Page;
  readonly play: ProbeFunction;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly step: ProbeStep;
}

const longestLookMs = 1_000;
/** Those beyond the names that are told apart. */
const otherActions = '(other actions)';

/** The longest of one round, from its begin to its end, in milliseconds. */
export function longestRoundMs(timeoutMs: number): number {
  return 5 * timeoutMs + 2 * longestControlMs + longestLookMs;
}

export class RoundPlayer {
  readonly #parts: RoundParts;
  readonly #vitals: VitalsWatch;
  readonly #control: ControlPage;
  /** Aborted with the words for it once the page can show nothing any more. */
  readonly #gone = new AbortController();
  readonly #forget: () => void;
  /** A function that was given up and may still be at work. */
  #lingering: Promise<unknown> | undefined;
  /** Bounded, whatever actions are called. */
  readonly #names = new EntryNames();

  private constructor(parts: RoundParts, vitals: VitalsWatch, control: ControlPage) {
    this.#parts = parts;
    this.#vitals = vitals;
    this.#control = control;
    const { page } = parts;
    const crashed = () => this.#gone.abort('the page crashed');
    const closed = () => this.#gone.abort('the page was closed');
    page.on('crash', crashed).on('close', closed);
    this.#forget = () => page.off('crash', crashed).off('close', closed);
    if (page.isClosed()) closed();
  }

  /** Rejects where the page or its browser is gone already. */
  static async open(parts: RoundParts): Promise<RoundPlayer> {
    const vitals = await VitalsWatch.of(parts.page);
    return new RoundPlayer(parts, vitals, await ControlPage.open(parts.page, parts.clock));
  }

  /** Never rejects. One on a page that is gone has failed at once. */
  async play(): Promise<PlayedRound> {
    const { clock } = this.#parts;
    const before = this.#gone.signal.aborted ? undefined : await this.#control.ms();
    const played = await this.#playPage();
    const after = this.#gone.signal.aborted || clock.now() === played.beganAtMs ? undefined : await this.#control.ms();
    const readings = [before, after].filter((ms) => ms !== undefined);
    if (readings.length === 0) return played;
    return { ...played, controlMs: inTenths(readings.reduce((sum, ms) => sum + ms, 0) / readings.length) };
  }

  async close(): Promise<void> {
    this.#forget();
    await this.#control.close();
  }

  async #playPage(): Promise<PlayedRound> {
    const { clock } = this.#parts;
    const actions = new Map<string, number>();
    let [beganAtMs, endedAtMs, vitals] = [clock.now(), undefined as number | undefined, {}];
    let failure: string | undefined;
    try {
      if (this.#gone.signal.aborted) throw new GivenUp(String(this.#gone.signal.reason));
      await this.#settle();
      await this.#leave();
      this.#vitals.reset();
      beganAtMs = clock.now();
      await this.#perform(actions);
      endedAtMs = clock.now();
      vitals = await this.#within(this.#vitals.read(clock), 'its vitals could not be read');
    } catch (error) {
      await this.#lookWhetherGone();
      failure = this.#wordsOf(error);
    }
    return {
      beganAtMs,
      vitals,
      actions: Object.fromEntries(actions),
      ms: inTenths((endedAtMs ?? clock.now()) - beganAtMs),
      ...(failure !== undefined && { failure }),
    };
  }

  /** Rounds never overlap: a function that was given up comes to its end first, as it does once its page is taken away. */
  async #settle(): Promise<void> {
    if (this.#lingering === undefined) return;
    await this.#leave();
    await this.#within(this.#lingering, 'what an earlier round did has not come to an end');
    this.#lingering = undefined;
  }

  async #leave(): Promise<void> {
    await this.#within(this.#parts.page.goto('about:blank'), 'the page could not be left');
  }

  /** What was done on a page that crashes may fail before anybody is told of the crash; asking the page takes so long. */
  async #lookWhetherGone(): Promise<void> {
    const { clock, page } = this.#parts;
    if (this.#gone.signal.aborted) return;
    const bounds = { clock, limitMs: longestLookMs, tooLong: 'it does not answer', signal: this.#gone.signal };
    await bounded(page.evaluate('0'), bounds).catch(() => undefined); // what failed is known already
  }

  async #perform(actions: Map<string, number>): Promise<void> {
    const over = new AbortController();
    const underWay = new Set<{ readonly name: string }>();
    const done = (async () => this.#parts.play({ action: this.#actionOf(actions, underWay, over.signal) }))();
    try {
      await this.#within(done, `it took longer than ${formatMs(this.#parts.timeoutMs)}`);
      const [unawaited] = underWay;
      if (unawaited !== undefined)
        throw new Error(`${unawaited.name}: the round was over before it: \`await\` the action`);
    } catch (error) {
      if (error instanceof GivenUp) this.#lingering = done.catch(() => undefined); // its round is given up
      throw error;
    } finally {
      over.abort();
    }
  }

  #actionOf(
    actions: Map<string, number>,
    underWay: Set<{ readonly name: string }>,
    over: AbortSignal,
  ): ProbeContext['action'] {
    const { clock, step } = this.#parts;
    const isOver = () => over.aborted;
    return async (given, work) => {
      refuseOther(given, work);
      const name = this.#names.of(given, otherActions);
      if (isOver()) throw new Error(`\`${name}\` was begun after its round`);
      const mine = { name };
      underWay.add(mine);
      const beganAtMs = clock.now();
      try {
        return await step(name, async () => work());
      } catch (cause) {
        throw new Error(`${name}: ${wordsOfThrown(cause)}`, { cause });
      } finally {
        const ms = inTenths(clock.now() - beganAtMs);
        underWay.delete(mine);
        if (!isOver()) actions.set(name, Math.max(ms, actions.get(name) ?? 0));
      }
    };
  }

  async #within<Value>(work: Promise<Value>, tooLong: string): Promise<Value> {
    const { clock, timeoutMs } = this.#parts;
    return bounded(work, { clock, limitMs: timeoutMs, tooLong, signal: this.#gone.signal });
  }

  /** What the page's end made fail has failed by its end. */
  #wordsOf(error: unknown): string {
    const gone: unknown = this.#gone.signal.reason;
    return keptMessage(this.#gone.signal.aborted ? String(gone) : wordsOfThrown(error)) || 'an error without words';
  }
}

/** A spec may be plain JavaScript. */
function refuseOther(name: unknown, work: unknown): void {
  if (typeof name === 'string' && typeof work === 'function') return;
  throw new TypeError(`\`action\` takes a name and a function, got ${show(name)} and ${show(work)}`);
}

/** An error of the test's own is told without its class. */
function wordsOfThrown(thrown: unknown): string {
  const words = thrownWords(thrown);
  return words.replace(/^(?:Error|GivenUp): /, '').replaceAll(/\u001b\[[0-9;]*m/g, '');
}

function inTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
