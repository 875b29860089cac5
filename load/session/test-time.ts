/** A load test may take as long as its loads: nobody has to set a timeout. */
import type { TestInfo } from '@playwright/test';
import { longestTimerMs } from '../measure/units.ts';
import type { Profile } from '../profile/profile.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';
import { mostAtOnce } from '../run/user-lives.ts';

/** Time that a test needs beside its loads: fixtures, hooks, thresholds. */
const overheadMs = 30_000;

/** How long the load may take from its call, at most. */
export function longestMs(profile: Profile, options: ResolvedOptions): number {
  return (
    options.startAfterMs +
    options.observeBeforeMs +
    options.warmUpMs +
    (profile.durationMs ?? options.maxDurationMs) +
    options.gracefulStopMs +
    options.observeAfterMs +
    livesMs(profile, options)
  );
}

/** Both ends of all lives, where each takes as long as it may. */
function livesMs({ model, peak }: Profile, { hasLives, maxInFlight, userTimeoutMs }: ResolvedOptions): number {
  if (!hasLives) return 0;
  return 2 * userTimeoutMs * Math.ceil((model === 'open' ? maxInFlight : peak) / mostAtOnce);
}

/** `ms`: what the test needs from its begin, without what goes on beside its loads. */
export function extendTimeout(testInfo: TestInfo, ms: number): void {
  if (testInfo.timeout === 0) return;
  const neededMs = Math.max(testInfo.timeout, ms + overheadMs);
  testInfo.setTimeout(neededMs > longestTimerMs ? 0 : neededMs); // 0 is none: no timer could wait so long
}
