/**
 * Finds the rate at which a server breaks: a geometric ramp until a rate fails, bisection between the last that held
 * and the first that failed, and a confirmation of what held. It sends nothing: it says which rate to try next and is
 * told how that went.
 */
import { throwProblems } from '../options-error.ts';
import { formatRate } from '../measure/units.ts';
import type { StepOutcome, StepPromise } from './load-step.ts';

/** How a search goes about it. Rates are per second. */
export type BreakingPointOptions = {
  /** First rate tried, per second. */
  readonly startRate: number;
  /** Highest rate tried, per second. */
  readonly maxRate: number;
  /** Lowest rate tried, per second, when even the first fails. */
  readonly minRate: number;
  /** Each rate of the ramp is so many times the last. */
  readonly growth: number;
  /** Bisection ends when the failing rate is at most so many times the one that holds. */
  readonly tolerance: number;
  /** Steps at the rate that held, of which most must hold again. 0 confirms nothing. */
  readonly confirmations: number;
  /** What a rate is multiplied with when it does not confirm. */
  readonly retreat: number;
  /** Steps in all, the end of patience. */
  readonly maxSteps: number;
};

export const defaultBreakingPointOptions: Omit<BreakingPointOptions, 'startRate' | 'maxRate'> = {
  minRate: 1,
  growth: 2,
  tolerance: 1.1,
  confirmations: 3,
  retreat: 0.95,
  maxSteps: 60,
};

/** A rate with how often it held: `3 of 3`. */
export type RateTally = {
  /** Per second. */
  readonly rate: number;
  /** Steps at it that the server sustained. */
  readonly held: number;
  /** Steps at it that said something of the server. */
  readonly tries: number;
};

/**
 * What a search found. `found`: the server breaks between two rates. `not-reached`: the highest rate that may be tried
 * was held. `generator-bound`: the generator gave out before the server, which sustains at least `sustains`.
 */
export type BreakingPoint =
  | {
      readonly kind: 'found';
      /** The highest rate that held. */
      readonly sustains: RateTally;
      /** The lowest rate that did not. */
      readonly fails: RateTally;
      /** What broke first there: what the server ran out of. */
      readonly firstBroken: readonly StepPromise[];
    }
  | {
      readonly kind: 'not-reached';
      /** The highest rate that may be tried. */
      readonly sustains: RateTally;
    }
  | {
      readonly kind: 'generator-bound';
      /** Where it gave out, per second. */
      readonly atRate: number;
      /** What it lacked, in words. */
      readonly reason: string;
      /** The highest rate that held; absent when none did. */
      readonly sustains?: RateTally;
    }
  | {
      readonly kind: 'never-sustained';
      /** The lowest rate that may be tried. */
      readonly fails: RateTally;
      /** What broke first there. */
      readonly firstBroken: readonly StepPromise[];
    }
  | {
      readonly kind: 'stopped';
      /** Why, in words. */
      readonly reason: string;
      /** The highest rate that held so far. */
      readonly sustains?: RateTally;
      /** The lowest rate that did not so far. */
      readonly fails?: RateTally;
    };

/** What a search asks for next. */
export type NextStep =
  | {
      readonly kind: 'step';
      /** Arrivals per second. */
      readonly rate: number;
      /** Whether it looks for a rate that fails, for the border, or once more at what held. */
      readonly purpose: 'ramp' | 'narrow' | 'confirm';
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
  /** `from 100/s times 2 up to 4,000/s, narrowed to 10 %, confirmed 3 times`. */
  describe(): string;
};

/**
 * Starts a search for the rate at which a server breaks: a geometric ramp, bisection, confirmation. It sends nothing
 * itself. Throws an `OptionsError` for rates and factors that cannot be.
 *
 * @example
 * const search = breakingPointSearch({ startRate: 250, maxRate: 4_000 });
 * for (let step = search.next(); step.kind === 'step'; step = search.next()) {
 *   const run = await load(arrivals(`${step.rate}/s`).for('8s'), scenario, { unjudged: true, whenSaturated: 'warn' });
 *   search.report(judgeStep(run.step(step.rate), { ...defaultObjective, p95: '200ms' }));
 * }
 */
export function breakingPointSearch(
  options: Pick<BreakingPointOptions, 'startRate' | 'maxRate'> & Partial<BreakingPointOptions>,
): BreakingPointSearch {
  const minRate = Math.min(defaultBreakingPointOptions.minRate, options.startRate);
  const settings = { ...defaultBreakingPointOptions, minRate, ...options };
  throwProblems(problemsOf(settings));
  return new Search(settings);
}

/** `sustains 1,840/s (3 of 3), fails 2,000/s (0 of 2), first by p95`. */
export function describeBreakingPoint(result: BreakingPoint): string {
  const tally = ({ rate, held, tries }: RateTally): string => `${formatRate(rate)} (${held} of ${tries})`;
  switch (result.kind) {
    case 'found':
      return `sustains ${tally(result.sustains)}, fails ${tally(result.fails)}, first by ${result.firstBroken.join(' and ')}`;
    case 'not-reached':
      return `sustains ${tally(result.sustains)}, the highest rate asked for`;
    case 'generator-bound':
      return `${result.sustains ? `sustains at least ${tally(result.sustains)}; ` : ''}the generator gave out at ${formatRate(result.atRate)}: ${result.reason}`;
    case 'never-sustained':
      return `fails even ${tally(result.fails)}, first by ${result.firstBroken.join(' and ')}`;
    case 'stopped':
      return [
        `stopped: ${result.reason}`,
        ...(result.sustains ? [`sustains ${tally(result.sustains)}`] : []),
        ...(result.fails ? [`fails ${tally(result.fails)}`] : []),
      ].join('; ');
  }
}

type Tried = { readonly rate: number; readonly outcome: StepOutcome };

class Search implements BreakingPointSearch {
  readonly #options: BreakingPointOptions;
  readonly #tried: Tried[] = [];
  /** Outcomes at the rate being tried: a rate fails only when it fails twice, a confirmation when most of it does. */
  #attempts: StepOutcome[] = [];
  #purpose: 'ramp' | 'narrow' | 'confirm' = 'ramp';
  #rate: number;
  #low: number | undefined;
  #high: number | undefined;
  #firstBroken: readonly StepPromise[] = [];
  #result: BreakingPoint | undefined;

  constructor(options: BreakingPointOptions) {
    this.#options = options;
    this.#rate = Math.min(options.startRate, options.maxRate);
  }

  next(): NextStep {
    if (this.#result) return { kind: 'done', result: this.#result };
    return { kind: 'step', rate: this.#rate, purpose: this.#purpose };
  }

  report(outcome: StepOutcome): void {
    if (this.#result) throw new Error(`the search is done: ${describeBreakingPoint(this.#result)}`);
    this.#tried.push({ rate: this.#rate, outcome });
    this.#attempts.push(outcome);
    const decided = this.#purpose === 'confirm' ? this.#confirmed() : this.#held();
    if (decided !== 'undecided') {
      this.#attempts = [];
      this.#advance(decided);
    }
    if (this.#tried.length >= this.#options.maxSteps) this.stop(`${this.#options.maxSteps} steps were not enough`);
  }

  stop(reason: string): void {
    this.#result ??= {
      kind: 'stopped',
      reason,
      ...(this.#low !== undefined && { sustains: this.#tally(this.#low) }),
      ...(this.#high !== undefined && { fails: this.#tally(this.#high) }),
    };
  }

  describe(): string {
    const { startRate, maxRate, growth, tolerance, confirmations } = this.#options;
    const percent = Number(((tolerance - 1) * 100).toFixed(1));
    const confirm = confirmations > 0 ? `, confirmed ${confirmations} times` : '';
    return `from ${formatRate(startRate)} times ${growth} up to ${formatRate(maxRate)}, narrowed to ${percent} %${confirm}`;
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
    return held + failed >= this.#options.confirmations ? 'held' : 'undecided';
  }

  #advance(decision: Exclude<Decision, 'undecided'>): void {
    if (decision === 'generator-bound') {
      this.#endGeneratorBound();
      return;
    }
    if (decision === 'held') this.#low = this.#rate;
    else this.#fail();
    if (decision === 'held' && this.#purpose === 'confirm') this.#endFound();
    else this.#chooseRate();
  }

  #fail(): void {
    this.#high = this.#rate;
    const outcome = this.#tried.findLast(({ outcome: { kind } }) => kind === 'broken')?.outcome;
    if (outcome?.kind === 'broken') this.#firstBroken = outcome.by;
    if (this.#low !== undefined && this.#low >= this.#high) this.#low = undefined;
  }

  #chooseRate(): void {
    const { growth, maxRate, minRate, retreat } = this.#options;
    const [low, high] = [this.#low, this.#high];
    if (high === undefined) {
      if (this.#rate >= maxRate) this.#confirm(this.#rate);
      else this.#rate = Math.min(maxRate, readable(this.#rate * growth));
    } else if (low === undefined) {
      if (high <= minRate)
        this.#result = { kind: 'never-sustained', fails: this.#tally(high), firstBroken: this.#firstBroken };
      else this.#rate = Math.max(minRate, readable(this.#purpose === 'confirm' ? high * retreat : high / growth));
    } else {
      this.#narrow(low, high);
    }
  }

  #narrow(low: number, high: number): void {
    const middle = readable(Math.sqrt(low * high));
    if (high / low <= this.#options.tolerance || middle <= low || middle >= high) {
      this.#confirm(low);
    } else {
      this.#purpose = 'narrow';
      this.#rate = middle;
    }
  }

  #confirm(rate: number): void {
    this.#rate = rate;
    this.#purpose = 'confirm';
    if (this.#options.confirmations === 0) this.#endFound();
  }

  #endFound(): void {
    const sustains = this.#tally(this.#rate);
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
      atRate: this.#rate,
      reason,
      ...(this.#low !== undefined && { sustains: this.#tally(this.#low) }),
    };
  }

  #tally(rate: number): RateTally {
    const tries = this.#tried.filter((tried) => tried.rate === rate && tried.outcome.kind !== 'generator-bound');
    return { rate, held: tries.filter(({ outcome }) => outcome.kind === 'sustained').length, tries: tries.length };
  }
}

type Decision = 'undecided' | 'held' | 'failed' | 'generator-bound';

/** Three significant digits: nobody asks for 1,414.2136 requests a second. */
function readable(rate: number): number {
  return Number(rate.toPrecision(3));
}

function problemsOf(options: BreakingPointOptions): string[] {
  const { startRate, maxRate, minRate, growth, tolerance, confirmations, retreat, maxSteps } = options;
  const rules: readonly (readonly [ok: boolean, text: string, got: number])[] = [
    [startRate > 0 && startRate < Infinity, '`startRate` must be above 0', startRate],
    [maxRate >= startRate && maxRate < Infinity, '`maxRate` must be at least `startRate`', maxRate],
    [minRate > 0 && minRate <= startRate, '`minRate` must be above 0 and at most `startRate`', minRate],
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
