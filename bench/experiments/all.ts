/** Every experiment, in the order in which they run. */
import type { Experiment } from '../experiment.ts';
import { agent } from './agent.ts';
import { assertingExperiment } from './asserting.ts';
import { bodies } from './bodies.ts';
import { cores } from './cores.ts';
import { endpoints } from './endpoints.ts';
import { fleet } from './fleet.ts';
import { frozen } from './frozen.ts';
import { generators } from './generators.ts';
import { heldRate } from './held-rate.ts';
import { http2 } from './http2.ts';
import { live } from './live.ts';
import { memoryOfAMillion, memoryOfOneTest } from './memory.ts';
import { merge } from './merge.ts';
import { overload } from './overload.ts';
import { pacing } from './pacing.ts';
import { pagesExperiment } from './pages.ts';
import { playwrightContextExperiment } from './playwright-context.ts';
import { recording } from './recording.ts';
import { replayed } from './replayed.ts';
import { report } from './report.ts';
import { reporter } from './reporter.ts';
import { sockets } from './sockets.ts';
import { streamsExperiment } from './streams.ts';
import { tls } from './tls.ts';
import { traces } from './traces.ts';
import { waitingUsers } from './waiting.ts';

export const experiments: readonly Experiment[] = [
  recording,
  reporter,
  live,
  report,
  merge,
  generators,
  tls,
  http2,
  bodies,
  streamsExperiment,
  playwrightContextExperiment,
  traces,
  assertingExperiment,
  agent,
  endpoints,
  fleet,
  frozen,
  cores,
  pacing,
  heldRate,
  replayed,
  sockets,
  waitingUsers,
  pagesExperiment,
  overload,
  memoryOfOneTest,
  memoryOfAMillion,
];
