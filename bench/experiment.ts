/** One experiment of the bench: starts what it needs, measures, ends what it started. */
import type { Cores } from './children/cores.ts';
import type { Reading } from './reading.ts';

export interface Setting {
  /** Short blocks and few repeats. */
  readonly quick: boolean;
  readonly cores: Cores;
  /** A folder of this bench's own, removed afterwards. */
  readonly folder: string;
}

export interface Experiment {
  /** As `--only` takes it. */
  readonly name: string;
  /** What is measured, and how, in one sentence. */
  readonly about: string;
  readonly measure: (setting: Setting) => Promise<readonly Reading[]>;
}
