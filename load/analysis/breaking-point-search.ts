/**
 * Finds the level of load, a rate or a number of users, at which a server breaks: a geometric ramp until a level fails,
 * bisection between the last that held and the first that failed, and a confirmation of what held. It sends nothing: it
 * says which level to try next and is told how that went.
 */
import { throwProblems } from '../options-error.ts';
import {
  type BreakingPoint,
  describeBreakingPoint,
  formatLevel,
  type LevelOf,
  type LevelTally,
} from './breaking-point.ts';
import type { StepOutcome, StepPromise } from './load-step.ts';

/** How a search goes about it. */
export type BreakingPointOptions = {
  /** What its levels count. */
  readonly of: LevelOf;
  /** First level tried. */
  readonly from: number;
  /** Highest level tried. */
  readonly to: number;
  /** Lowest level tried, when even the first fails. */
  readonly least: number;
  /** Each level of the ramp is so many times the last. */
  readonly growth: number;
  /** Bisection ends when the failing level is at most so many times the one that holds. */
  readonly tolerance: number;
  /** Steps at the level that held, of which most must hold again. 0 confirms nothing. */
  readonly confirmations: number;
  /** What a level is multiplied with when it does not confirm. */
  readonly retreat: number;
  /** Steps in all, the end of patience. */
  readonly maxSteps: number;
  /** A level to decide about: where it lies in the bracket that is left, it is tried itself. */
  readonly atLeast?: number;
};

export const defaultBreakingPointOptions: Omit<BreakingPointOptions, 'from' | 'to'> = {
  of: 'rate',
  least: 1,
  growth: 2,
  tolerance: 1.05,
  confirmations: 3,
  retreat: 0.95,
  maxSteps: 40,
};

/**
 * Whether a step looks for a level that fails, for the border, once more at what held, or whether a server that fell
 * silent still answers where it did.
 */
export type StepPurpose = 'ramp' | 'narrow' | 'confirm' | 'alive';

/** What a search asks for next. */
export type NextStep =
  | {
      readonly kind: 'step';
      /** Arrivals per second, or users. */
      readonly level: number;
      /** What the search wants to know by it. */
      readonly purpose: StepPurpose;
    }
  | {
      readonly kind: 'done';
      /** What was found. */
      readonly result: BreakingPoint;
    };

/** A search that asks for one step after the other, and is told how it went. */
export type BreakingPointSearch = {
  /** The same answer until something is reported. */
  next(): NextStep;
  /** How the step that `next` asked for went. Throws once the search is done. */
  report(outcome: StepOutcome): void;
  /** Ends the search with what is known, such as when time is up. */
  stop(reason: string): void;
  /** `from 100/s times 2 up to 4,000/s, narrowed to 5 %, confirmed 3 times`. */
  describe(): string;
};

/**
 * Starts a search for the level at which a server breaks: a geometric ramp, bisection, confirmation. It sends nothing
 * itself; `load.breakingPoint` does. Throws an `OptionsError` for levels and factors that cannot be.
 *
 * @example
 * const search = breakingPointSearch({ from: 250, to: 4_000 });
 * for (let step = search.next(); step.kind === 'step'; step = search.next()) {
 *   const run = await load(arrivals(`${step.level}/s`).for('8s'), scenario, { unjudged: true, whenSaturated: 'warn' });
 *   search.report(judgeStep(run.step(step.level), { ...defaultObjective, p95: '200ms' }));
 * }
 */
export function breakingPointSearch(
  options: Pick<BreakingPointOptions, 'from' | 'to'> & Partial<BreakingPointOptions>,
): BreakingPointSearch {
  const least = Math.min(defaultBreakingPointOptions.least, options.from);
  const settings = { ...defaultBreakingPointOptions, least, ...options };
  throwProblems(problemsOf(settings));
  return new Search(settings);
}

type Tried = { readonly level: number; readonly outcome: StepOutcome };

class Search implements BreakingPointSearch {
  readonly #options: BreakingPointOptions;
  readonly #tried: Tried[] = [];
  /** Outcomes at the level being tried: a level fails only when it fails twice, a confirmation when most of it does. */
  #attempts: StepOutcome[] = [];
  #purpose: StepPurpose = 'ramp';
  #level: number;
  #low: number | undefined;
  #high: number | undefined;
  #firstBroken: readonly StepPromise[] = [];
  #result: BreakingPoint | undefined;
  /** What was being done when the server fell silent. */
  #before: StepPurpose = 'ramp';

  constructor(options: BreakingPointOptions) {
    this.#options = options;
    this.#level = options.from;
  }

  next(): NextStep {
    if (this.#result) return { kind: 'done', result: this.#result };
    return { kind: 'step', level: this.#level, purpose: this.#purpose };
  }

  report(outcome: StepOutcome): void {
    if (this.#result) throw new Error(`the search is done: ${describeBreakingPoint(this.#result, this.#options.of)}`);
    this.#tried.push({ level: this.#level, outcome });
    this.#attempts.push(outcome);
    const decided = this.#purpose === 'confirm' ? this.#confirmed() : this.#held();
    if (decided !== 'undecided') {
      const isSilent = decided === 'failed' && this.#attempts.every(isSilence);
      this.#attempts = [];
      this.#advance(decided, isSilent);
    }
    if (this.#tried.length >= this.#options.maxSteps)
      this.#stop('steps', `${this.#options.maxSteps} steps were not enough`);
  }

  stop(reason: string): void {
    this.#stop('told', reason);
  }

  #stop(because: 'steps' | 'silence' | 'told', reason: string): void {
    this.#result ??= {
      kind: 'stopped',
      because,
      reason,
      ...this.#heldSoFar(),
      ...(this.#high !== undefined && { fails: this.#tally(this.#high) }),
    };
  }

  describe(): string {
    const { from, to, growth, tolerance, confirmations, of } = this.#options;
    const percent = Number(((tolerance - 1) * 100).toFixed(1));
    const confirm = confirmations > 0 ? `, confirmed ${confirmations} times` : '';
    return `from ${formatLevel(from, of)} times ${growth} up to ${formatLevel(to, of)}, narrowed to ${percent} %${confirm}`;
  }

  /** A step that holds counts at once; one that fails, or says nothing about the server, is repeated first. */
  #held(): Decision {
    const count = (kind: StepOutcome['kind']): number =>
      this.#attempts.filter((outcome) => outcome.kind === kind).length;
    if (count('sustained') > 0) return 'held';
    if (count('generator-bound') > 1) return 'generator-bound';
    return count('broken') > 1 ? 'failed' : 'undecided';
  }

  /** Most of the confirmations must hold; it stops as soon as that is decided either way. */
  #confirmed(): Decision {
    const bound = this.#attempts.filter(({ kind }) => kind === 'generator-bound').length;
    const held = this.#attempts.filter(({ kind }) => kind === 'sustained').length;
    const failed = this.#attempts.length - held - bound;
    const majority = Math.floor(this.#options.confirmations / 2) + 1;
    if (bound >= 2) return 'generator-bound';
    if (failed >= majority) return 'failed';
    return held >= majority ? 'held' : 'undecided';
  }

  #advance(decision: Exclude<Decision, 'undecided'>, isSilent: boolean): void {
    if (decision === 'generator-bound') this.#endGeneratorBound();
    else if (this.#purpose === 'alive') this.#afterSilence(decision);
    else if (decision === 'held') this.#hold();
    else this.#fail(isSilent);
  }

  #hold(): void {
    this.#low = this.#level;
    if (this.#purpose !== 'confirm' || this.#isAskedBetween(this.#low, this.#high)) this.#chooseLevel();
    else this.#endFound();
  }

  #isAskedBetween(low: number, high = low): boolean {
    const { atLeast } = this.#options;
    return atLeast !== undefined && low < atLeast && atLeast < high;
  }

  /** A server that answers nothing any more would fail every level below, down to the last. */
  #fail(isSilent: boolean): void {
    this.#high = this.#level;
    const outcome = this.#tried.findLast(({ outcome: { kind } }) => kind === 'broken')?.outcome;
    if (outcome?.kind === 'broken') this.#firstBroken = outcome.by;
    const known = this.#lowestHeld();
    if (this.#low !== undefined && this.#low >= this.#high) this.#low = undefined;
    if (isSilent && known === undefined && this.#high > this.#options.least) {
      this.#level = this.#options.least; // nothing has ever answered: whether anything is there is seen at the least
      return;
    }
    if (!isSilent || known === undefined || known >= this.#high) {
      this.#chooseLevel();
      return;
    }
    this.#before = this.#purpose;
    this.#purpose = 'alive';
    this.#level = known;
  }

  #afterSilence(decision: 'held' | 'failed'): void {
    const fell = this.#high ?? this.#level;
    if (decision === 'failed') {
      this.#stop(
        'silence',
        `the server answers no more, not at ${formatLevel(this.#level, this.#options.of)} either, since ${formatLevel(fell, this.#options.of)} were asked of it`,
      );
      return;
    }
    this.#purpose = this.#before;
    this.#level = fell;
    this.#chooseLevel();
  }

  #lowestHeld(): number | undefined {
    const held = this.#levelsHeld();
    return held.length === 0 ? undefined : Math.min(...held);
  }

  #levelsHeld(): number[] {
    return this.#tried.flatMap(({ level, outcome }) => (outcome.kind === 'sustained' ? [level] : []));
  }

  /** The highest level that held and has not failed since: a level that did not confirm leaves those below it. */
  #heldSoFar(): { readonly sustains?: LevelTally } {
    const high = this.#high ?? Infinity;
    const highest = this.#levelsHeld()
      .filter((level) => level < high)
      .toSorted((a, b) => a - b)
      .at(-1);
    return highest === undefined ? {} : { sustains: this.#tally(highest) };
  }

  #chooseLevel(): void {
    const { growth, to, least, retreat } = this.#options;
    const [low, high] = [this.#low, this.#high];
    if (high === undefined) {
      if (this.#level >= to) this.#confirm(this.#level);
      else this.#level = Math.min(to, this.#above(this.#level * growth, this.#level));
    } else if (low === undefined) {
      if (high <= least)
        this.#result = { kind: 'never-sustained', fails: this.#tally(high), firstBroken: this.#firstBroken };
      else
        this.#level = Math.max(least, this.#below(this.#purpose === 'confirm' ? high * retreat : high / growth, high));
    } else {
      this.#narrow(low, high);
    }
  }

  #narrow(low: number, high: number): void {
    const { tolerance, atLeast } = this.#options;
    const middle = this.#readable(Math.sqrt(low * high));
    const isNarrow = high / low <= tolerance || middle <= low || middle >= high;
    const next = !isNarrow ? middle : this.#isAskedBetween(low, high) ? atLeast : undefined;
    if (next === undefined) {
      this.#confirm(low);
    } else {
      this.#purpose = 'narrow';
      this.#level = next;
    }
  }

  #confirm(level: number): void {
    this.#level = level;
    this.#purpose = 'confirm';
    if (this.#options.confirmations === 0) this.#endFound();
  }

  #endFound(): void {
    const sustains = this.#tally(this.#level);
    this.#result =
      this.#high === undefined
        ? { kind: 'not-reached', sustains }
        : { kind: 'found', sustains, fails: this.#tally(this.#high), firstBroken: this.#firstBroken };
  }

  #endGeneratorBound(): void {
    const outcome = this.#tried.findLast(({ outcome: { kind } }) => kind === 'generator-bound')?.outcome;
    const reason = outcome?.kind === 'generator-bound' ? outcome.reason : 'unknown';
    this.#result = {
      kind: 'generator-bound',
      atLevel: this.#level,
      reason,
      ...this.#heldSoFar(),
    };
  }

  #tally(level: number): LevelTally {
    const tries = this.#tried.filter((tried) => tried.level === level && tried.outcome.kind !== 'generator-bound');
    return { level, held: tries.filter(({ outcome }) => outcome.kind === 'sustained').length, tries: tries.length };
  }

  /** Three significant digits: nobody asks for 1,414.2136 requests a second. Users are whole. */
  #readable(level: number): number {
    const readable = Number(level.toPrecision(3));
    return this.#options.of === 'users' ? Math.max(1, Math.round(readable)) : readable;
  }

  /** Rounding must not leave a ramp where it is. */
  #above(level: number, than: number): number {
    const readable = this.#readable(level);
    return readable > than ? readable : than + 1;
  }

  #below(level: number, than: number): number {
    const readable = this.#readable(level);
    return readable < than || this.#options.of === 'rate' ? readable : than - 1;
  }
}

function isSilence(outcome: StepOutcome): boolean {
  return outcome.kind === 'broken' && outcome.silent === true;
}

type Decision = 'undecided' | 'held' | 'failed' | 'generator-bound';

function problemsOf(options: BreakingPointOptions): string[] {
  const { of, from, to, least, growth, tolerance, confirmations, retreat, maxSteps } = options;
  const rules: readonly (readonly [ok: boolean, text: string, got: number])[] = [
    [from > 0 && from < Infinity, '`from` must be above 0', from],
    [to >= from && to < Infinity, '`to` must be at least `from`', to],
    [least > 0 && least <= from, '`least` must be above 0 and at most `from`', least],
    [of === 'rate' || (Number.isInteger(from) && Number.isInteger(to)), '`from` and `to` count whole users', from],
    [growth >= 1.05 && growth < Infinity, '`growth` must be at least 1.05', growth],
    [tolerance >= 1.01 && tolerance < Infinity, '`tolerance` must be at least 1.01', tolerance],
    [
      Number.isInteger(confirmations) && confirmations >= 0,
      '`confirmations` must be a whole number from 0',
      confirmations,
    ],
    [retreat > 0 && retreat <= 0.99, '`retreat` must be above 0 and at most 0.99', retreat],
    [Number.isInteger(maxSteps) && maxSteps > 0, '`maxSteps` must be a whole number above 0', maxSteps],
  ];
  return rules.filter(([ok]) => !ok).map(([, text, got]) => `${text}, got ${got}`);
}
