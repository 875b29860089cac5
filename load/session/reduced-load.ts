/**
 * A load as it is carried out when loads are made smaller from outside: played once, with the same options as far as they
 * are not of its size, or shrunk in its profile and in the times beside it.
 */
import type { RunPlan } from '../measure/run-data.ts';
import { type Profile, wholeShare } from '../profile/profile.ts';
import { playedOnce, shrunk } from '../profile/reduced.ts';
import type { LoadOptions } from '../run/load-options.ts';
import { inTurns, tasksOf } from '../run/mix.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';
import type { Scenario } from '../run/scenario.ts';
import type { Reduction } from './reduction.ts';

export interface AskedLoad {
  readonly profile: Profile;
  readonly scenario: Scenario<unknown>;
  readonly resolved: ResolvedOptions;
  readonly data: LoadOptions<unknown>['data'];
  readonly user: LoadOptions<unknown>['user'];
  readonly userData: LoadOptions<unknown>['userData'];
}

export interface ReducedLoad extends AskedLoad {
  /** What a reader of the results has to know. */
  readonly plan: Pick<RunPlan, 'once' | 'shrunk'>;
  /** Stretches that a spec speaks of are those of its own profile, also where they are not lived through. */
  readonly steady: RunPlan['steady'];
}

export function reducedLoad(asked: AskedLoad, reduction: Reduction): ReducedLoad {
  switch (reduction.kind) {
    case 'full':
      return { ...asked, plan: {}, steady: asked.profile.steady };
    case 'once':
      return onceOf(asked);
    case 'shrunk':
      return shrunkOf(asked, reduction);
  }
}

/** Each task with the first row of the feeder, or of the log, by the user who has the first of its own. */
function onceOf({ profile, scenario, resolved, data, user, userData }: AskedLoad): ReducedLoad {
  const tasks = tasksOf(scenario);
  const row = data === undefined ? firstOfLog(profile) : data.rows(wholeShare, profile)();
  return {
    profile: playedOnce(profile, tasks.length),
    scenario: tasks.length === 1 ? scenario : inTurns(tasks),
    resolved: { ...resolved, ...withoutTime, cores: 1, whenSaturated: 'warn' },
    data:
      row === undefined && data === undefined
        ? undefined
        : { order: 'in-order', size: 1, ...data, rows: () => () => row },
    user,
    userData,
    plan: { once: true },
    steady: profile.steady,
  };
}

/** The request that a replay begins with. */
function firstOfLog({ parts: [part] }: Profile): unknown {
  return part?.kind === 'arrivals' && part.distribution === 'listed' ? part.timetable.rows[0] : undefined;
}

const withoutTime = { warmUpMs: 0, startAfterMs: 0, observeBeforeMs: 0, observeAfterMs: 0, abortAfterMs: 0 } as const;

/** What comes before and beside a shorter profile is shorter too; a longer one needs no longer warm-up. */
function shrunkOf(asked: AskedLoad, reduction: Extract<Reduction, { kind: 'shrunk' }>): ReducedLoad {
  const { profile, stretch, countFactor, rateFactor } = shrunk(asked.profile, reduction);
  const { warmUpMs, observeBeforeMs, observeAfterMs, startAfterMs, abortAfterMs } = asked.resolved;
  const shorter = Math.min(1, stretch);
  return {
    ...asked,
    profile,
    resolved: {
      ...asked.resolved,
      warmUpMs: warmUpMs * shorter,
      observeBeforeMs: observeBeforeMs * shorter,
      observeAfterMs: observeAfterMs * shorter,
      startAfterMs: startAfterMs * stretch,
      abortAfterMs: abortAfterMs * shorter,
    },
    plan: {
      shrunk: {
        ...(reduction.scale !== 1 && { scale: reduction.scale }),
        ...(stretch !== 1 && { stretch }),
        ...(countFactor !== undefined && { countFactor }),
        ...(rateFactor !== undefined && { rateFactor }),
      },
    },
    steady: profile.steady,
  };
}
