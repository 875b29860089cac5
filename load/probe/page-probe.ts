/** What `probe(…)` resolves with: the figures of a page beside loads, which `expect(…).toMeet(…)` can judge. */
import { Measured } from '../load-run.ts';
import { emptyProbe } from '../measure/probe-data.ts';
import { type ProbeSummary, summarizeProbe } from '../measure/probe-summary.ts';
import type { RunData } from '../measure/run-data.ts';
import { OptionsError } from '../options-error.ts';
import type { ProbeLimits } from '../verdict/probe-limits.ts';
import { type PlayedRound, placed } from './round.ts';

/** What a probe knows before any load. */
export interface BeforeLoads {
  readonly name: string;
  readonly everyMs: number;
  readonly idle: () => readonly PlayedRound[];
}

/**
 * A page that is looked at beside the loads of a test. `expect(ux).toMeet({ … })` judges it beside each load that has
 * resolved by then; a load that begins later is asked anew.
 */
export class PageProbe extends Measured<ProbeLimits> {
  /** As `probe` was given it. */
  readonly name: string;
  readonly #before: BeforeLoads;
  readonly #loads: RunData[];

  /** @internal */
  constructor(before: BeforeLoads) {
    const loads: RunData[] = [];
    super(() => {
      const [data] = loads;
      if (data !== undefined) return { data, scope: { kind: 'probe', name: before.name } };
      throw new OptionsError([
        `no load has run beside the page "${before.name}": judge it once \`load\` has resolved; experiments such as \`load.soak\` are not looked at`,
      ]);
    });
    this.name = before.name;
    this.#before = before;
    this.#loads = loads;
  }

  /** @internal */
  static beside(probe: PageProbe, load: RunData): void {
    probe.#loads.push(load);
  }

  /** @internal */
  static loadsOf(probe: PageProbe): readonly RunData[] {
    return probe.#loads;
  }

  /** As `summary.json` has it beside the newest load that has resolved; before any, its idle rounds. */
  get summary(): ProbeSummary {
    const data = this.#loads.at(-1)?.probes.get(this.name);
    if (data !== undefined) return summarizeProbe(this.name, data);
    const before = emptyProbe(this.#before.everyMs);
    before.rounds.push(...this.#before.idle().map((round) => placed(round, 'idle', 0)));
    return summarizeProbe(this.name, before);
  }
}
