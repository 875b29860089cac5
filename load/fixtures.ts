/**
 * `test` with the `load` fixture, and `expect` with `toMeet`: all that a load test needs beside Playwright's own.
 */
import { type Page, test as base, type TestInfo } from '@playwright/test';
import { type Experiments, experimentsOf } from './experiments/experiments.ts';
import type { LoadRun } from './load-run.ts';
import { isPlayedOnce, onceOfEnvironment } from './measure/once-mode.ts';
import type { PageProbe } from './probe/page-probe.ts';
import type { ProbeOptions } from './probe/probe-options.ts';
import type { ProbeFunction } from './probe/round.ts';
import type { Profile } from './profile/profile.ts';
import type { ReplayedRequest } from './profile/replay/recorded-line.ts';
import { Replay } from './profile/replay/replay-profile.ts';
import { type CallSite, callSite, locationOf, pointedAt, siteOf } from './own-frames.ts';
import { contextOptionsOf } from './request/request-options.ts';
import { defaultLoadOptions, defaultUse, type LoadOptions, type UseLoadOptions } from './run/load-options.ts';
import { sendAsRecorded } from './run/replay.ts';
import type { Scenario } from './run/scenario.ts';
import { type LoadSegment, segmentOfThisProcess } from './session/load-segment.ts';
import { LoadSession } from './session/session.ts';
import type { RunLimits } from './verdict/limits.ts';

/**
 * Puts a load on the server and resolves with what was measured. Rejects with an `OptionsError` before anything is sent
 * when the profile, the scenario or an option is wrong; failed requests and a scenario that throws are results, not
 * errors. The test's timeout grows with the profile. Where `load-baseline/` lies beside the configuration, the run is held
 * against it, and sent once more where it is worse, unless `LOAD_BASELINE` is `off` (`update` records runs that pass).
 * With `LOAD_ONCE=1` it is played once, as a functional test; `LOAD_SCALE` and `LOAD_DURATION` make it smaller.
 *
 * @example
 * const run = await load(users(50).for('30s'), ({ request }) => request.get('/health'), { warmUp: '5s' });
 */
export interface Load extends Experiments {
  /**
   * Whether loads of this test are played once: as `LOAD_ONCE` says, or else `use: { loadOnce }`. Throws an `OptionsError`
   * for a value of either that is none.
   */
  readonly once: boolean;
  /** A log is sent as it is, unless a scenario makes something else of each request. */
  <State = undefined, UserRow = undefined>(
    profile: Replay,
    scenario?: Scenario<ReplayedRequest, State, UserRow>,
    options?: LoadOptions<undefined, RunLimits, State, UserRow>,
  ): Promise<LoadRun>;
  <Row = undefined, State = undefined, UserRow = undefined>(
    profile: Profile,
    scenario: Scenario<Row, State, UserRow>,
    options?: LoadOptions<Row, RunLimits, State, UserRow>,
  ): Promise<LoadRun>;
}

/**
 * Looks at a real page beside the loads of the test: calls `play` some times before them, and every so often while they run.
 * Resolves after the rounds before the loads; the rounds under load are in the runs, as `run.figures.probes`, and
 * `expect(ux).toMeet({ … })` judges them. Each round begins on an empty page, so `play` opens its own by `page.goto`; what it
 * throws has failed its round, which fails the run. LCP, INP, CLS and TTFB are those of web.dev/vitals, by npm's
 * `web-vitals`; `action` times what a user does. In each round a static page is shown too, which asks no server for anything:
 * where that is more than a fifth slower under load, the machine is too busy to say anything of the page, and the run is
 * invalid. Rejects with an `OptionsError` for what is wrong, before the page is touched. Of a load on several cores the first
 * one looks at the page, and of shards each.
 *
 * @example
 * const ux = await probe(page, async ({ action }) => {
 *   await page.goto('/');
 *   await action('add to cart', () => page.click('#add'));
 * });
 * await load(arrivals('50/s').for('1m'), ({ request }) => request.get('/products'));
 * expect(ux).toMeet({ lcp: { p75: '< 2.5s' }, added: { actions: { 'add to cart': '< 300ms' } } });
 */
export type ProbePage = (page: Page, play: ProbeFunction, options?: ProbeOptions) => Promise<PageProbe>;

/** What a load test has beside Playwright's own fixtures; all but `load` and `probe` are set by `use`. */
export interface LoadFixtures {
  /** Puts a load on the server: `load(profile, scenario, options)`. */
  load: Load;
  /** Looks at a page beside the loads of the test: `probe(page, async ({ action }) => { … })`, before `load` is called. */
  probe: ProbePage;
  /** Process id of the server, to watch its CPU and memory. By default that of the server Playwright started (`SERVER_PID`). */
  serverPid: number | undefined;
  /**
   * Whether loads keep the head of bodies, secrets masked, of the few requests shown; `true` by default. A load's own option
   * wins.
   */
  keepBodies: boolean;
  /**
   * Options for every load that does not say otherwise, such as `use: { loadOptions: { routes: ['/shop/:slug'] } }`. They
   * go before `keepBodies` and `actionTimeout`. Those of a single load (`name`, `data`, `user` and the like) are
   * refused; one that does not fit a load, such as `maxInFlight` a closed model, is not looked at there.
   */
  loadOptions: UseLoadOptions<RunLimits>;
  /** Cores that loads send from which do not say `cores`: a whole number, 1 by default, or `auto` for all but one. */
  loadCores: number | 'auto';
  /**
   * Whether loads are played once, as functional tests: one user, each task of a `mix` once, and nothing judged that is
   * speed or a count. It is what `use` says; `LOAD_ONCE` in the environment goes before it, and `load.once` tells which it is.
   */
  loadOnce: boolean;
  /**
   * Where this process stands in a load that is sent from several: a test and its fixtures run once on each core of each
   * shard, and `loadSegment.core === 1` is true on one core of a machine. `LOAD_CORE` in the environment is the same number,
   * unset on the first.
   */
  loadSegment: LoadSegment;
}

const ownServer = process.env['BASE_URL'] === undefined ? Number(process.env['SERVER_PID']) : Number.NaN;

/**
 * Playwright's `test` with the fixture `load`. What `use` says of requests holds for the requests of a load: `baseURL`,
 * `extraHTTPHeaders`, …, whatever `contextOptions` adds to them, and `actionTimeout` where a load has no `requestTimeout`.
 * `loadOptions` are options of all loads.
 *
 * @example
 * test('health answers', async ({ load }) => {
 *   const run = await load(arrivals('200/s').for('10s'), ({ request }) => request.get('/health'));
 *   expect(run).toMeet({ p95: '< 50ms' });
 * });
 */
export const test = base.extend<LoadFixtures>({
  serverPid: [Number.isInteger(ownServer) && ownServer > 0 ? ownServer : undefined, { option: true, box: true }],
  keepBodies: [defaultUse.keepBodies, { option: true, box: true }],
  loadOptions: [{}, { option: true, box: true }],
  loadCores: [defaultLoadOptions.cores, { option: true, box: true }],
  loadOnce: [
    async ({}, use, testInfo) => {
      const isAsked = await pointing(siteOf(testInfo), () => onceOfEnvironment(process.env));
      await use(isAsked ?? false);
    },
    { option: true, box: true },
  ],
  loadSegment: [
    async ({ loadOnce }, use, testInfo) => {
      const { env, pid } = process;
      const { shard } = testInfo.config;
      await use(
        await pointing(siteOf(testInfo), () =>
          segmentOfThisProcess({ shard, env, pid, once: isPlayedOnce(env, loadOnce) }),
        ),
      );
    },
    { box: true },
  ],
  load: [
    async (
      {
        baseURL,
        extraHTTPHeaders,
        httpCredentials,
        ignoreHTTPSErrors,
        proxy,
        storageState,
        userAgent,
        clientCertificates,
        contextOptions,
        actionTimeout,
        playwright,
        serverPid,
        keepBodies,
        loadOptions,
        loadCores,
        loadOnce,
      },
      use,
      testInfo,
    ) => {
      const said = given({
        baseURL,
        extraHTTPHeaders,
        httpCredentials,
        ignoreHTTPSErrors,
        proxy,
        storageState,
        userAgent,
        clientCertificates,
      });
      const session = await pointing(siteOf(testInfo), () => {
        const { timeout, ...others } = contextOptionsOf(contextOptions);
        return new LoadSession({
          testInfo,
          contextOptions: { ...others, ...said },
          requestTimeoutMs: timeout ?? actionTimeout,
          request: playwright.request,
          serverPid,
          keepBodies,
          loadOptions,
          loadCores,
          loadOnce,
        });
      });
      sessions.set(testInfo, session);
      try {
        await use(loadOf(session));
      } finally {
        await session.close();
      }
    },
    { box: true },
  ],
  probe: [
    async ({ load }, use, testInfo) => {
      const session = sessions.get(testInfo);
      if (session === undefined) throw new Error(`\`load\` is no fixture of this package, but ${typeof load}`);
      await use(async (page, play, options) =>
        pointing(callSite(), async () => session.probes.probe(page, play, options)),
      );
    },
    { box: true },
  ],
});

const sessions = new WeakMap<TestInfo, LoadSession>();

function loadOf(session: LoadSession): Load {
  const one = async <Row, State, UserRow>(
    profile: Profile,
    scenario: Scenario<Row, State, UserRow> = ofProfile(profile),
    options?: LoadOptions<Row, RunLimits, State, UserRow>,
  ): Promise<LoadRun> => {
    const at = callSite();
    return pointing(at, async () => session.load(profile, scenario, options, { at }));
  };
  const load = Object.assign(one, askedExperiments(session));
  return Object.defineProperty(load, 'once', { enumerable: true, get: () => session.once }) as Load;
}

/** Whatever an experiment does is done where the test has asked for it; one that begins beside it is refused. */
function askedExperiments(session: LoadSession): Experiments {
  let at: CallSite = [];
  let underWay = 0;
  const experiments = experimentsOf({
    load: async (profile, scenario, options, aim) =>
      session.load(profile, scenario, options, { ...aim, at, ofExperiment: true }),
    once: () => session.once,
    tell: (finding) => session.tell(finding, at),
    step: async (title, body) => {
      const location = locationOf(at);
      return base.step(title, body, { ...(location !== undefined && { location }) });
    },
    refuseShards: (what) => session.refuseShards(what),
    untilSaid: async (experiment) => session.untilSaid(experiment),
  });
  const asked =
    (find: Find) =>
    async (...args: readonly unknown[]) => {
      const from = callSite();
      if (underWay === 0) at = from;
      underWay += 1;
      try {
        return await pointing(from, async () => find(...args));
      } finally {
        underWay -= 1;
      }
    };
  return Object.fromEntries(
    Object.entries(experiments).map(([name, find]) => [name, asked(find as Find)]),
  ) as object as Experiments;
}

type Find = (...args: readonly unknown[]) => Promise<unknown>;

/** What the work throws points at the site, unless it is of the test's own code. */
async function pointing<Value>(at: CallSite, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw pointedAt(error, at);
  }
}

/** What a load does that says no scenario; of a profile that is no log that is an error of its own. */
function ofProfile(profile: Profile): Scenario<unknown> {
  return (profile instanceof Replay ? sendAsRecorded : undefined) as Scenario<unknown>;
}

/** Options that were given: an option that is undefined would hide its default. */
function given<Values extends object>(values: Values): { [Key in keyof Values]: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]: Exclude<Values[Key], undefined>;
  };
}

export { expect } from './to-meet.ts';
