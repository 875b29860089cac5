/** How many cores a load is sent from: as many as it says, or `auto`, which leaves one to the rest of the machine. */
import { OptionsError } from '../../options-error.ts';

/** Throws an `OptionsError` where the machine has fewer. `available`: what this process may use; `shards`: how many share that. */
export function coreCount(asked: number | 'auto', available: number, shards: number): number {
  if (asked === 'auto') return Math.max(1, Math.floor((available - 1) / shards));
  if (asked <= available) return asked;
  throw new OptionsError([
    `\`cores\` must be at most ${available}, which is what this process may use (its CPU affinity and the quota of its cgroup), got ${asked}: generators that share a core measure each other. Say \`'auto'\` to leave one to the rest of the machine, or add shards`,
  ]);
}
