/**
 * Decisions on workflows, timed: each is a path of its own, which a generator of one prebuilt request has not; and how
 * soon after its decision a follower of the events is told.
 */
import { runToEnd } from './child.ts';
import { rootFolder, script } from './programs.ts';

export interface DecisionsAsk {
  /** Of the agent. */
  readonly url: string;
  readonly ids: readonly string[];
  /** At a time. */
  readonly connections: number;
  /**
   * `open` opens the stream of events and waits for the first. `follow` does so, approves, and is timed from then on
   * until the stream tells of it.
   */
  readonly what: 'approve' | 'reject' | 'cancel' | 'open' | 'follow';
}

export interface DecisionsRun {
  readonly failed: number;
  readonly perSec: number;
  /** Absent when all failed. */
  readonly tookMs?: { readonly p50: number; readonly p99: number };
}

const limitMs = 120_000;

export async function decisions(
  ask: DecisionsAsk,
  pin: (command: readonly string[]) => string[],
): Promise<DecisionsRun> {
  const program = script('bench/children/decisions-program.ts', JSON.stringify(ask));
  return JSON.parse(await runToEnd({ command: pin(program), cwd: rootFolder, limitMs })) as DecisionsRun;
}
