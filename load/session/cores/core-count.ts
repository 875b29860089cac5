/** How many cores a load is sent from: as many as it says, or `auto`, which leaves one to the rest of the machine. */
import { OptionsError } from '../../options-error.ts';
import type { AvailableCores } from '../../resources/available-cores.ts';

export interface CoreCount {
  readonly count: number;
  /** How `auto` came to it; absent for a number that was said. */
  readonly why?: string;
}

/** Throws an `OptionsError` where the machine has fewer. `available`: what this process may use; `shards`: how many share that. */
export function coreCount(asked: number | 'auto', available: AvailableCores, shards: number): CoreCount {
  if (asked === 'auto') {
    const count = Math.max(1, Math.floor((available.count - 1) / shards));
    return { count, why: autoWords(count, available, shards) };
  }
  if (asked <= available.count) return { count: asked };
  throw new OptionsError([
    `\`cores\` must be at most ${available.count}, which is what this process may use (its CPU affinity and the quota of its cgroup), got ${asked}: generators that share a core measure each other. Say \`'auto'\` to leave one to the rest of the machine, or add shards`,
  ]);
}

/** `2 by \`auto\`: 3 of the machine's 8 may be used (CPU quota of 3.5), less one for the rest`. */
function autoWords(count: number, { count: available, ofMachine, limit }: AvailableCores, shards: number): string {
  const share =
    available === ofMachine ? `${ofMachine} may be used` : `${available} of the machine's ${ofMachine} may be used`;
  const because = limit === undefined ? '' : ` (${limit})`;
  const rest = available > 1 ? ', less one for the rest' : '';
  const shared = shards > 1 ? `, for ${shards} shards` : '';
  return `${count} by \`auto\`: ${share}${because}${rest}${shared}`;
}
