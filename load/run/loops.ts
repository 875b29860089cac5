/**
 * What the loops share: when the part began, whose share of it they carry, and how an iteration is started.
 */
import type { Share } from '../profile/profile.ts';
import type { Random } from '../random.ts';
import type { Clock } from './clock.ts';

/** One iteration to be started: when it was due, and whether it is still warm-up. */
export interface Start {
  /** On the run's clock. */
  readonly dueMs: number;
  readonly warmUp: boolean;
  /** What this start brings along, in place of a feeder's row. */
  readonly row?: unknown;
}

export interface LoopParts {
  readonly clock: Clock;
  readonly share: Share;
  /** Where the part begins on the run's clock. */
  readonly beginMs: number;
  readonly warmUp: boolean;
  readonly random: Random;
  /** Aborted when nothing more is to be started. */
  readonly stopping: AbortSignal;
  /** Runs an iteration as the user with that number; it never rejects. */
  readonly iterate: (user: number, start: Start) => Promise<void>;
  /** Where users have to be set up first: resolves with whether this one is, and it begins no iteration if not. */
  readonly ready?: (user: number) => Promise<boolean>;
  /** Whether it is by now. */
  readonly isReady?: (user: number) => boolean;
}
