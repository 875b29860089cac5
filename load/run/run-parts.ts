/** What a run is made of: the load as it was asked for, and what it is carried out with. */
import type { Recorder } from '../measure/recorder.ts';
import type { Profile, Share } from '../profile/profile.ts';
import type { Clock } from './clock.ts';
import type { InStep } from './scenario-zone.ts';
import type { StreamingRequestContext, Scenario } from './scenario.ts';
import type { MakeContexts } from './simulated-user.ts';
import type { LivesOptions } from './user-lives.ts';

export interface RunParts {
  readonly profile: Profile;
  readonly scenario: Scenario<unknown>;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly share: Share;
  readonly warmUpMs: number;
  readonly maxInFlight: number;
  /** How long a measured call may take. */
  readonly requestTimeoutMs: number;
  /** How long iterations may go on after the last was started. */
  readonly gracefulStopMs: number;
  /** End of a profile that does not know its own. */
  readonly maxDurationMs: number;
  readonly seed: number;
  readonly makeContexts: MakeContexts;
  /** Closes whatever contexts there are beside the users' own. */
  readonly giveUpContexts?: () => Promise<void>;
  /** Makes a context that of a stranger again: each arrival of an open model is one. Absent where that cannot be. */
  readonly renew?: (request: StreamingRequestContext) => void;
  /** What users do before and after their iterations; absent where they have no life of their own. */
  readonly lives?: LivesOptions;
  /** The next row of data, or undefined when there is none left. Absent without a feeder. */
  readonly nextRow?: () => unknown;
  /** What an iteration that has ended without throwing has failed in all the same. */
  readonly softFailure?: () => Error | undefined;
  /** Present where what its scenarios do makes steps of the test, `expect` and `test.step` included, as outside of a load. */
  readonly inStep?: InStep;
  /** Asked once a second; a reason ends the run at once. */
  readonly shouldAbort?: () => string | undefined;
  /** Ends the run from outside; a reason that is words is why. */
  readonly signal?: AbortSignal;
  /** Told what befell the run's machine. */
  readonly onIncident?: (what: string) => void;
}
