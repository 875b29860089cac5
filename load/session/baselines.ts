/**
 * Which loads of a test are held against a baseline, and what each is known by there. Each core of a load decides alike:
 * by what all measured together, and the same files.
 */
import { dirname } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { baselineMode } from '../baseline/baseline-mode.ts';
import { baselineKey, type BaselineKey, nthKey } from '../measure/baseline.ts';
import { reporterListens } from '../measure/listening.ts';
import type { RunPlan } from '../measure/run-data.ts';
import { OptionsError } from '../options-error.ts';
import type { NestedSettings } from './cores/nested-settings.ts';
import type { Place } from './segment.ts';

/** Why a load is not measured once more that ran beside another. */
export const besideAnother = 'it ran beside another load of its test, and alone it would be another load';

export class Baselines {
  /** Folder of the configuration. */
  readonly configDir: string;
  readonly #isFirstCore: boolean;
  readonly #test: Parameters<typeof baselineKey>[0];
  /** How many loads of the test were alike so far. */
  readonly #alike = new Map<string, number>();

  /** `nested`: on a further core, where the test is known by what the first core says. */
  constructor({ config, project, titlePath }: TestInfo, nested: NestedSettings | undefined) {
    const { configFile, rootDir } = nested ?? config;
    this.#isFirstCore = nested === undefined;
    this.configDir = configFile === undefined ? rootDir : dirname(configFile);
    this.#test = { project: nested?.project.name ?? project.name, titles: nested?.test.titlePath ?? titlePath };
  }

  /**
   * Undefined where the load is not compared by this process: by wish, or since the merge of all shards does it. Throws an
   * `OptionsError` for a `LOAD_BASELINE` that is none, and where nobody would record what is to be recorded.
   */
  keyOf(plan: RunPlan, { shard }: Place): BaselineKey | undefined {
    const mode = baselineMode(process.env);
    if (plan.unjudged === true || plan.once === true) return undefined;
    if (mode === 'update') this.#refuseUnrecorded();
    if (mode !== 'compare' || shard.of > 1) return undefined;
    const alike = JSON.stringify([plan.name, plan.profile]);
    const nth = (this.#alike.get(alike) ?? 0) + 1;
    this.#alike.set(alike, nth);
    return nthKey(baselineKey(this.#test, plan), nth);
  }

  /** The reporter records, once the test has passed. */
  #refuseUnrecorded(): void {
    if (this.#isFirstCore && !reporterListens(process.env, process.ppid))
      throw new OptionsError([
        '`LOAD_BASELINE=update` is carried out by the load reporter, and none listens: list `playload/reporter` in the configuration, and leave out `--reporter`, which replaces the reporters there',
      ]);
  }
}
