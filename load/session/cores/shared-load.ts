/** A load of which this process sends a part, as the session sees it, whichever core it runs on. */
import type { RunData } from '../../measure/run-data.ts';
import type { Share } from '../../profile/profile.ts';
import type { Look } from '../look.ts';

export interface SharedLoad {
  /** Which core of how many. */
  readonly core: Share;
  /** Resolves once every core is there and all are at one. Rejects with who is not, before anything is sent. */
  gathered(signal: AbortSignal): Promise<void>;
  /**
   * Sets up this core's users, once every core is there and all are at one. Resolves on the first core when those of all
   * are set up. Rejects like `gathered`.
   */
  setUp(own: () => Promise<void>): Promise<void>;
  /** When all begin together, on this process's clock; to be asked once all is open. Rejects like `gathered`. */
  startsAt(): Promise<number>;
  /** The measured part begins then, and may be looked at from now on. */
  begun(look: Look, zeroMs: number): void;
  /** How the other cores stand, as far as this one knows. */
  readonly others: readonly RunData[];
  /** Which of them are lost, a sentence each. */
  readonly lost: readonly string[];
  /** All that limits may ask of the other cores. */
  readonly sums: readonly RunData[];
  /** Ends the load on every core. */
  stop(reason: string): void;
  /** This core's part has ended. Resolves with the whole once every part has, or is known to be lost. */
  whole(data: RunData): Promise<RunData>;
  /** Hands the whole to the other cores, or why there is none. */
  handOver(data: RunData): void;
  fail(reason: string): void;
}

/** What a session's loads have in common with those of the other cores. */
export interface SharedLoadParts {
  /** Which load of its test, from 0. */
  readonly index: number;
  readonly cores: number;
  /** Whether somebody asks for the sums while it runs. */
  readonly wantsSums: boolean;
  /** Told why the load is to end on this core too. */
  readonly onStop: (reason: string) => void;
}
