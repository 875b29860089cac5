/** Every experiment, in the order in which they run: what needs a cold machine first, what stores much last. */
import type { Experiment } from '../experiment.ts';
import { generators } from './generators.ts';
import { playwrightContextExperiment } from './playwright-context.ts';

export const experiments: readonly Experiment[] = [generators, playwrightContextExperiment];
