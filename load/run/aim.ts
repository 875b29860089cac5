import type { CallSite } from '../own-frames.ts';

/** How a load is another than one that a test asks for by itself: what an experiment says of each of its loads. */
export interface Aim {
  /** What is aimed at in place of what `use` says. */
  readonly baseURL?: string;
  /** Of an experiment, which knows the size of its loads: they are not made smaller from outside. */
  readonly ofExperiment?: true;
  /** A step of a search, which counts whatever goes wrong in it: it breaks no test by itself. */
  readonly isStep?: true;
  /** It only confirms another load: no page is looked at beside it. */
  readonly unprobed?: true;
  /** Where the test asked for it. */
  readonly at?: CallSite;
}
