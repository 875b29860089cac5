/**
 * The pages that one test looks at beside its loads: makes them, hands their rounds to each load, and says what no load
 * has said of them.
 */
import { type Page, test } from '@playwright/test';
import { entry, type RunData } from '../measure/run-data.ts';
import { addProbe, emptyProbe, type ProbeData, type ProbeRound } from '../measure/probe-data.ts';
import { show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';
import type { Clock } from '../run/clock.ts';
import { PageProbe } from './page-probe.ts';
import { type ProbeOptions, type ResolvedProbe, resolveProbe } from './probe-options.ts';
import { type ProbedLoad, Probing } from './probing.ts';
import { Turns } from './turns.ts';
import { longestRoundMs, type PlayedRound, type ProbeFunction, RoundPlayer } from './round.ts';

export interface ProbesParts {
  readonly clock: Clock;
  /** Of the test: whether they are played once, and whether one is under way. */
  readonly loads: { readonly once: boolean; readonly isLoading: boolean };
  /** Another process looks at the pages: this one sends its part of the load. */
  readonly isFurtherCore: boolean;
  /** The test needs so many milliseconds more than it has lasted. */
  readonly needs: (ms: number) => void;
}

interface Probed {
  readonly handle: PageProbe;
  /** Absent where another process looks at it. */
  readonly at?: {
    readonly page: Page;
    readonly probing: Probing;
    readonly player: RoundPlayer;
    readonly timeoutMs: number;
  };
}

/** What a load does about the pages beside it. */
export interface ProbesBeside {
  /** Ends the rounds of the load, once that under way is over, and files them. */
  readonly end: (endedAtMs: number, into: RunData) => Promise<void>;
}

export class Probes {
  readonly #parts: ProbesParts;
  readonly #probed: Probed[] = [];
  readonly #names = new Set<string>();
  readonly #pages = new Set<unknown>();
  readonly #turns = new Turns();
  #hasLoads = false;
  /** What the idle rounds that are still played may take. */
  #openingMs = 0;
  #opening = 0;

  constructor(parts: ProbesParts) {
    this.#parts = parts;
  }

  /** Resolves after the idle rounds. Throws an `OptionsError` before the page is touched where anything is wrong. */
  async probe(page: unknown, play: unknown, options: ProbeOptions = {}): Promise<PageProbe> {
    const problems: string[] = [];
    const resolved = resolveProbe(options, problems);
    if (!isPage(page)) problems.push(`\`probe\` takes a page first, got ${show(page)}`);
    if (typeof play !== 'function')
      problems.push(
        `\`probe\` takes a function second, which opens the page and does what a user does, got ${show(play)}`,
      );
    if (this.#names.has(resolved.name))
      problems.push(
        `the page "${resolved.name}" is looked at already: give each probe of a test a \`name\` of its own`,
      );
    if (this.#pages.has(page))
      problems.push(
        'the page is looked at already: two probes would navigate it at the same time, so give each its own',
      );
    if (this.#parts.loads.isLoading)
      problems.push(
        'a load is under way, so no round before it would be idle: `await` the probe before the load begins',
      );
    if (problems.length > 0) throw new OptionsError(problems);
    this.#names.add(resolved.name);
    this.#pages.add(page);
    this.#opening += 1;
    try {
      return await this.#open(page as Page, play as ProbeFunction, resolved);
    } finally {
      this.#opening -= 1;
      if (this.#opening === 0) this.#openingMs = 0;
    }
  }

  /** Throws an `OptionsError` where a load would begin among the idle rounds of a probe. */
  refuseUnready(): void {
    if (this.#opening > 0)
      throw new OptionsError([
        'a probe is still at its idle rounds, which this load would be beside: `await` the probe before the load begins',
      ]);
  }

  /** Of a load that is about to begin. */
  begin(load: ProbedLoad): ProbesBeside {
    this.#hasLoads ||= this.#probed.length > 0;
    const ends = this.#probed.flatMap(({ handle, at }) =>
      at === undefined ? [] : [{ name: handle.name, end: at.probing.begin(load) }],
    );
    return {
      end: async (endedAtMs, into) => {
        const all = await Promise.all(ends.map(async ({ name, end }) => ({ name, probe: await end(endedAtMs) })));
        for (const { name, probe } of all) file(into, name, probe);
      },
    };
  }

  /** The longest that the rounds of a load may take beyond its end, in milliseconds. */
  get longestEndMs(): number {
    return this.#probed.reduce((sum, { at }) => sum + (at === undefined ? 0 : longestRoundMs(at.timeoutMs)), 0);
  }

  get any(): boolean {
    return this.#probed.length > 0;
  }

  /** The load has resolved, and may be judged by what the pages showed meanwhile. */
  resolved(data: RunData): void {
    for (const { handle } of this.#probed) if (data.probes.has(handle.name)) PageProbe.beside(handle, data);
  }

  /** The pages of the control are closed. Resolves with what failed before a load, where no load came that says it. */
  async close(): Promise<string | undefined> {
    await Promise.all(this.#probed.map(async ({ at }) => at?.player.close()));
    if (this.#hasLoads) return undefined;
    const failed = this.#probed.flatMap(({ handle }) => {
      const [first] = handle.summary.rounds.flatMap(({ failure }) => failure ?? []);
      return first === undefined ? [] : [`page "${handle.name}" failed before any load: ${first}`];
    });
    return failed.length === 0 ? undefined : failed.join('\n');
  }

  async #open(page: Page, play: ProbeFunction, { name, everyMs, idle, timeoutMs }: ResolvedProbe): Promise<PageProbe> {
    const { clock, loads, isFurtherCore, needs } = this.#parts;
    if (isFurtherCore) {
      const handle = new PageProbe({ name, everyMs, idle: () => [] });
      this.#probed.push({ handle });
      return handle;
    }
    this.#openingMs += (idle + 1) * longestRoundMs(timeoutMs);
    needs(this.#openingMs);
    const step = async <Result>(title: string, body: () => Promise<Result>) => test.step(title, body);
    const player = await RoundPlayer.open({ page, play, clock, timeoutMs, step });
    const shown = async (phase: ProbeRound['phase']) =>
      asStep(`page "${name}"${phase === 'load' ? ' under load' : ''}`, async () => player.play());
    const probing = new Probing({ everyMs, clock, isOnce: loads.once, play: shown, turns: this.#turns });
    const handle = new PageProbe({ name, everyMs, idle: () => probing.idleRounds });
    this.#probed.push({ handle, at: { page, probing, player, timeoutMs } });
    await probing.idle(idle);
    return handle;
  }
}

/** A round that failed is a step that failed, and data. Never rejects. */
async function asStep(title: string, play: () => Promise<PlayedRound>): Promise<PlayedRound> {
  let round: PlayedRound | undefined;
  try {
    await test.step(title, async () => {
      round = await play();
      if (round.failure !== undefined) throw new Error(round.failure);
    });
  } catch {
    // Its failure is in the round; a test that is over makes no steps.
  }
  return round ?? play();
}

function isPage(value: unknown): value is Page {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['goto', 'addInitScript', 'exposeBinding', 'context'].every(
      (name) => typeof Reflect.get(value, name) === 'function',
    )
  );
}

function file(into: RunData, name: string, probe: ProbeData): void {
  addProbe(
    entry(into.probes, name, () => emptyProbe(probe.everyMs)),
    probe,
  );
}
