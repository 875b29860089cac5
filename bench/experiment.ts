/** One experiment of the bench: starts what it needs, measures, ends what it started. */
import type { Cores } from './children/cores.ts';
import type { Reading } from './reading.ts';

export interface Setting {
  /** Short blocks and few repeats. */
  readonly quick: boolean;
  readonly cores: Cores;
  /** The Node that runs Playwright, its worker, and what that starts. */
  readonly node: string;
  /** A folder of this bench's own, removed afterwards. */
  readonly folder: string;
}

export interface Experiment {
  /** As `--only` takes it. */
  readonly name: string;
  /** What is measured, and how, in one sentence. */
  readonly about: string;
  /** Whether it is measured again under each other Node that is given: generators are compared, and they alone. */
  readonly ofGenerators?: boolean;
  readonly measure: (setting: Setting) => Promise<readonly Reading[]>;
}
