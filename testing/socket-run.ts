/** A whole run in this process against a real server, with the contexts that a load has: for tests of sockets. */
import { request as playwrightRequest } from '@playwright/test';
import { Recorder } from '../load/measure/recorder.ts';
import type { RunData } from '../load/measure/run-data.ts';
import { type Profile, wholeShare } from '../load/profile/profile.ts';
import type { RequestContextOptions } from '../load/request/request-options.ts';
import { realClock } from '../load/run/clock.ts';
import type { LoadOptions } from '../load/run/load-options.ts';
import { resolveOptions } from '../load/run/resolve-options.ts';
import { Running } from '../load/run/run-load.ts';
import type { Scenario } from '../load/run/scenario.ts';
import type { LoadUser } from '../load/run/user-life.ts';
import { openContexts } from '../load/session/contexts.ts';
import { watchUncounted } from '../load/request/uncounted.ts';

export interface SocketRunParts {
  readonly profile: Profile;
  readonly scenario: Scenario<unknown>;
  readonly contextOptions?: RequestContextOptions;
  readonly options?: LoadOptions;
  readonly user?: LoadUser;
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

export interface SocketRun {
  readonly data: RunData;
  /** Requests of this process that the load has not counted. */
  readonly uncounted: readonly string[];
}

export async function runSockets({
  profile,
  scenario,
  contextOptions = {},
  options = {},
  user,
  signal,
}: SocketRunParts): Promise<SocketRun> {
  const clock = realClock;
  const now = () => clock.now();
  const resolved = resolveOptions({ gracefulStop: '1s', requestTimeout: '20s', ...options }, profile);
  const { warmUpMs, requestTimeoutMs, gracefulStopMs, maxDurationMs, maxInFlight, seed, routes } = resolved;
  const recorder = new Recorder({
    plan: { index: 0, profile: profile.describe(), model: profile.model, warmUpMs, whenSaturated: 'invalid' },
    routes,
  });
  const parts = { profile, resolved, share: wholeShare, recorder, contextOptions };
  const contexts = await openContexts({ ...parts, request: playwrightRequest, now });
  const uncounted: string[] = [];
  const unwatch = watchUncounted({
    onUncounted: ({ method, url }) => uncounted.push(`${method} ${url}`),
    exceptUrl: undefined,
  });
  const run = new Running({
    ...{ profile, scenario, recorder, clock, share: wholeShare, seed },
    ...{ warmUpMs, requestTimeoutMs, gracefulStopMs, maxDurationMs, maxInFlight },
    makeContexts: contexts.make,
    giveUpContexts: contexts.giveUp,
    ...(signal !== undefined && { signal }),
    ...(user !== undefined && { lives: { user, limitMs: 20_000 } }),
  });
  try {
    await run.setUpUsers();
    await run.carryOut();
    return { data: recorder.data, uncounted };
  } finally {
    unwatch();
    await run.close();
    await contexts.close();
  }
}
