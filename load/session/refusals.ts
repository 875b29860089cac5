/** What `load` refuses before it sends anything, beside options that are wrong in themselves. */
import type { TestInfo } from '@playwright/test';
import { reporterListens } from '../measure/listening.ts';
import { OptionsError, throwProblems } from '../options-error.ts';
import { Profile } from '../profile/profile.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';
import { areShared } from './contexts.ts';
import { type Place, shareOf } from './segment.ts';

/** Throws an `OptionsError` that says what each place takes. */
export function refuseOtherArguments(profile: unknown, scenario: unknown, options: unknown): void {
  if (!(profile instanceof Profile))
    throw new OptionsError([
      'the first argument of `load` is a profile, such as `users(10).for("30s")` or `arrivals("500/s").for("1m")`',
    ]);
  if (typeof scenario !== 'function')
    throw new OptionsError([
      'the second argument of `load` is the scenario, such as `({ request }) => request.get("/health")`',
    ]);
  if (typeof options !== 'object' || options === null)
    throw new OptionsError(['the third argument of `load` is an object of options, such as `{ warmUp: "2s" }`']);
}

interface HookParts {
  readonly testInfo: TestInfo;
  readonly cores: number;
  readonly isFurtherCore: boolean;
}

/**
 * `beforeAll` and `afterAll` run for themselves on each core, often for another test than on the first: no load in them can
 * be shared, and on a further core it would be sent once more.
 */
export function refuseInHook({ testInfo, cores, isFurtherCore }: HookParts): void {
  const hook = hookOf(testInfo);
  if (hook !== 'beforeAll' && hook !== 'afterAll') return;
  throwProblems([
    ...(cores > 1
      ? [
          `a load in \`${hook}\` is sent from one core: say \`cores: 1\` there, or move it into the test or \`beforeEach\``,
        ]
      : []),
    ...(isFurtherCore
      ? [
          `\`${hook}\` runs once on each core, and would send its load from each: say \`if (loadSegment.core === 1)\` before it, or move it into the test or \`beforeEach\``,
        ]
      : []),
  ]);
}

/** Playwright keeps to itself in which hook a test is; where that is gone, nothing is refused. */
function hookOf(testInfo: TestInfo): string | undefined {
  const { _currentHookType: hook } = testInfo as TestInfo & { readonly _currentHookType?: () => string | undefined };
  return hook?.call(testInfo);
}

/** A share of a load is worth nothing alone: somebody has to put it together with the rest and judge it. */
export function refuseAlone(place: Place, { model }: Profile, resolved: ResolvedOptions): void {
  const { maxInFlight, maxConnections } = resolved;
  const { shard: own, core } = place;
  const { of } = shareOf(place);
  const shard = `shard ${own.index + 1} of ${own.of}`;
  const parts = core.of === 1 ? 'shards' : own.of === 1 ? 'cores' : 'cores of all shards';
  throwProblems([
    ...(own.of > 1 && !reporterListens(process.env, process.ppid)
      ? [
          `${shard} sends only its part of the load, and no load reporter listens that would have all parts judged together: \`--reporter\` replaces the reporters of the configuration, so say \`--add-reporter=blob\` instead, and list \`playload/reporter\` in the configuration`,
        ]
      : []),
    ...(model === 'open' && maxInFlight < of
      ? [`\`maxInFlight\` must be at least the number of ${parts}, which is ${of}, got ${maxInFlight}`]
      : []),
    ...(maxConnections !== undefined && areShared(resolved) && maxConnections < of
      ? [`\`maxConnections\` must be at least the number of ${parts}, which is ${of}, got ${maxConnections}`]
      : []),
  ]);
}

/** Throws where a shard of a load is all that is measured here. */
export function refuseShard(what: string, { index, of }: Place['shard']): void {
  if (of > 1)
    throw new OptionsError([
      `\`${what}\` decides by what it has measured, and shard ${index + 1} of ${of} measures its part alone: run its test without shards; \`cores\` takes all cores of a machine`,
    ]);
}
