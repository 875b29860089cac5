/** Every experiment, in the order in which they run. */
import type { Experiment } from '../experiment.ts';
import { agent } from './agent.ts';
import { endpoints } from './endpoints.ts';
import { frozen } from './frozen.ts';
import { generators } from './generators.ts';
import { heldRate } from './held-rate.ts';
import { memoryOfAMillion, memoryOfOneTest } from './memory.ts';
import { overload } from './overload.ts';
import { pacing } from './pacing.ts';
import { playwrightContextExperiment } from './playwright-context.ts';
import { recording } from './recording.ts';
import { reporter } from './reporter.ts';

export const experiments: readonly Experiment[] = [
  recording,
  reporter,
  generators,
  playwrightContextExperiment,
  agent,
  endpoints,
  frozen,
  pacing,
  heldRate,
  overload,
  memoryOfOneTest,
  memoryOfAMillion,
];
