/**
 * The loads of one test: makes users' request contexts as the test's configuration says, runs the load on as many cores as
 * it asks for, and hands what was measured to the reporters, whatever became of the test.
 */
import { type APIRequest, test, type TestInfo } from '@playwright/test';
import { AbortRule } from './abort-rule.ts';
import { Baselines, besideAnother } from './baselines.ts';
import { type Agreement, agreementOf } from './cores/agreement.ts';
import { coreCount } from './cores/core-count.ts';
import { FirstCore } from './cores/first-core.ts';
import { FollowedLoad, FurtherCore } from './cores/further-core.ts';
import { nestedWorker } from './cores/nested-settings.ts';
import type { SharedLoad, SharedLoadParts } from './cores/shared-load.ts';
import { attachFindings, attachRuns, sayTheRest, showRuns, type ToldFinding } from './hand-over.ts';
import { LoadAtWork, type Work } from './load-at-work.ts';
import { loadStep } from './load-step.ts';
import { earlierLoad, type LoadMark, refuseRetry } from './load-marker.ts';
import { type Meeting, meetingOf } from './meeting/meeting.ts';
import { holdAgainstBaseline } from '../baseline/held-against-baseline.ts';
import { LoadRun, partOf } from '../load-run.ts';
import type { BaselineKey } from '../measure/baseline.ts';
import { isPlayedOnce } from '../measure/once-mode.ts';
import type { Finding } from '../measure/finding.ts';
import type { Probes } from '../probe/probes.ts';
import { Recorder } from '../measure/recorder.ts';
import type { RunData } from '../measure/run-data.ts';
import { stopReasons } from '../measure/stop-reason.ts';
import { omit } from '../omit.ts';
import type { CallSite } from '../own-frames.ts';
import { type Profile, wholeShare } from '../profile/profile.ts';
import { SoftFailures } from './soft-failures.ts';
import type { RequestContextOptions } from '../request/request-options.ts';
import { availableCores } from '../resources/available-cores.ts';
import type { Aim } from '../run/aim.ts';
import { type Clock, realClock } from '../run/clock.ts';
import type { LoadOptions, UseLoadOptions } from '../run/load-options.ts';
import { resolveOptions, type ResolvedOptions, saidOf } from '../run/resolve-options.ts';
import type { Scenario } from '../run/scenario.ts';
import { hurriedMs } from '../run/user-lives.ts';
import { refuseOwnShard } from './playwright-version.ts';
import { probesBeside, probesOf } from './probes-beside.ts';
import { refuseAlone, refuseInHook, refuseOtherArguments, refuseShard } from './refusals.ts';
import { type ReducedLoad, reducedLoad } from './reduced-load.ts';
import { type Reduction, reductionOf, unshrunk } from './reduction.ts';
import { planOf } from './run-plan.ts';
import { tellOfAbsentReporter } from './absent-reporter.ts';
import { putUnderTest, releaseRun } from '../runs-under-test.ts';
import { clockOffsetMs, type Place, shardsHere, shareOf, shareOfThisProcess, startAtEpochMs } from './segment.ts';
import { extendTimeout, longestMs } from './test-time.ts';
import type { RunLimits } from '../verdict/limits.ts';
import { parseLimits, wholeRun } from '../verdict/parse-limits.ts';

export interface SessionParts {
  readonly testInfo: TestInfo;
  /** What `use` says of requests, as for Playwright's own `request`. */
  readonly contextOptions: RequestContextOptions;
  /** Playwright's maker of contexts, for `transport: 'playwright'`. */
  readonly request: APIRequest;
  /** The server's process, where it runs on this machine and is known. */
  readonly serverPid: number | undefined;
  /** What `use` says of all loads, over what follows. */
  readonly loadOptions?: UseLoadOptions<RunLimits>;
  /** What `use` says of bodies, for loads that do not say it themselves. */
  readonly keepBodies?: boolean;
  /** What `use` says of cores, likewise. */
  readonly loadCores?: number | 'auto';
  /** What `use` says of a request's time, in milliseconds, for loads that do not say it themselves; 0 says nothing. */
  readonly requestTimeoutMs?: number;
  /** What `use` says of once mode, which the environment may say otherwise. */
  readonly loadOnce?: boolean;
  readonly clock?: Clock;
}

/** The options of `load` with the limits that `abortOn` takes. */
export type Options<Row, State = unknown, UserRow = unknown> = LoadOptions<Row, RunLimits, State, UserRow>;

interface Measuring {
  data: RunData;
  /** Where the test asked for it. */
  readonly at: CallSite;
  readonly agreement: () => Agreement;
  readonly stop: AbortController;
  over: Promise<RunData>;
  ended: boolean;
  /** Another load of the test ran meanwhile. */
  beside: boolean;
  shared: SharedLoad | undefined;
  /** Made for a finding, which is what there is to show. */
  readonly ofExperiment: boolean;
  /** Its users are to be torn down, whatever ends it. */
  readonly hasLives: boolean;
}

/** What a load that only confirms another says of itself: by itself it has nothing to pass. */
const onceMore = { unjudged: true, whenSaturated: 'warn' } as const;

/** Where a test that is played once stands: Playwright deals such tests to its shards. */
const alone: Place = { shard: wholeShare, core: wholeShare };

/** What is asked of a load of an experiment that is played once. */
const allWell = { successRate: '100%' } as const;

/** How long an interrupted load may take to come to rest. */
const restMs = 5_000;

export class LoadSession {
  /** How long loads of this worker have taken; a worker of a further core has the rest of its life to live through. */
  static #loadsMs = 0;
  readonly #parts: SessionParts;
  readonly #clock: Clock;
  readonly #runs: Measuring[] = [];
  readonly #findings: ToldFinding[] = [];
  readonly #experiments: Promise<unknown>[] = [];
  readonly #baselines: Baselines;
  readonly #softFailures: SoftFailures;
  readonly #beganAtMs: number;
  /** What an earlier attempt of this test has sent. */
  readonly #earlier: LoadMark | undefined;
  readonly #nested = nestedWorker(process.env, process.pid);
  /** This one, once a load has asked for more than one core. */
  #first: FirstCore | undefined;
  /** This one, where another process leads it. */
  #further: FurtherCore | undefined;
  #closed = false;
  /** Pages beside the loads. */
  readonly probes: Probes;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? realClock;
    this.#baselines = new Baselines(parts.testInfo, this.#nested?.settings);
    this.#softFailures = new SoftFailures(parts.testInfo.errors);
    this.#beganAtMs = this.#clock.now();
    this.probes = probesOf(parts.testInfo, { clock: this.#clock, session: this, nested: this.#nested });
    this.#earlier = this.#nested === undefined ? earlierLoad(parts.testInfo) : undefined;
    if (this.#nested !== undefined) {
      parts.testInfo.setTimeout(0); // the first core says how long it takes
      Object.assign(parts.testInfo, this.#nested.settings.attempt);
    }
  }

  /** `aim`: what an experiment says of its loads, and a test does not. */
  async load<Row, State, UserRow>(
    asked: Profile,
    scenario: Scenario<Row, State, UserRow>,
    options: Options<Row, State, UserRow> = {},
    aim: Aim = {},
  ): Promise<LoadRun> {
    if (this.#closed) throw new Error('no load begins once its test has ended: an `await` was forgotten before it');
    refuseOtherArguments(asked, scenario, options);
    this.probes.refuseUnready();
    const { testInfo } = this.#parts;
    const { isStep, ofExperiment, at = [], ...aimedAt } = omit(aim, ['unprobed']);
    const reduction = this.#reductionOf(ofExperiment === true);
    const isOnce = reduction.kind === 'once';
    if (!isOnce) refuseRetry(this.#earlier);
    const contextOptions = { ...this.#parts.contextOptions, ...aimedAt };
    const load = this.#reduced(asked, scenario, { options, reduction });
    const { profile, resolved, data } = load;
    const { cores, coresWhy, place } = this.#placed(load, isOnce);
    const index = this.#runs.length;
    const meeting = isOnce ? undefined : this.#meetingOf(place, index);
    const { keepBodies, expectStatus, routes, versionHeader } = resolved;
    const plan = planOf(load, { index, ...(isStep && { isStep }), ...(ofExperiment && { ofExperiment }) });
    const baseline = this.#baselines.keyOf(plan, place);
    const recorder = new Recorder({ plan, keepBodies, routes, versionHeader, ...(expectStatus && { expectStatus }) });
    const abortRule = this.#abortRule(saidOf(options, this.#ofUse()).abortOn, recorder.data, resolved.abortAfterMs);
    const { title: words, options: inReport } = loadStep(load, { plan, place, at });
    const { baseURL } = contextOptions;
    const { user, userData } = load;
    const agreement = () =>
      agreementOf({ words, profile, scenario, resolved, data, user, userData, baseURL, specFile: testInfo.file });
    const stop = new AbortController();
    const wantsSums = abortRule !== undefined;
    const shared = this.#share({ index, cores, wantsSums, onStop: (reason) => stop.abort(reason) }, agreement);
    if (!isOnce) this.#extendTimeout(profile, resolved, { shared, meeting });
    const run: Measuring = {
      data: recorder.data,
      at,
      agreement,
      stop,
      over: Promise.resolve(recorder.data),
      ended: false,
      beside: false,
      shared,
      ofExperiment: ofExperiment === true,
      hasLives: resolved.hasLives,
    };
    const underWay = this.#runs.filter(({ ended }) => !ended);
    this.#runs.push(run);
    if (underWay.length > 0) for (const each of [...underWay, run]) each.beside = true;
    const work = new LoadAtWork({
      ...this.#parts,
      contextOptions,
      serverPid: this.#nested === undefined ? this.#parts.serverPid : undefined,
      clock: this.#clock,
      softFailures: this.#softFailures,
      ...load,
      place,
      share: shareOf(place),
      coresWhy,
      recorder,
      signal: stop.signal,
      meeting,
      shardsBeginAtMs: isOnce ? undefined : this.#shardsBeginAtMs(),
      shared: cores === 1 ? undefined : shared,
      abortRule,
      probes: probesBeside(this.probes, testInfo, aim),
      incidents: [],
    });
    run.over = test.step(words, async () => this.#carriedOut(run, work, place), inReport);
    run.data = await run.over;
    if (isOnce && ofExperiment === true) run.data.thresholds.push(...parseLimits(allWell, wholeRun(plan)));
    this.probes.resolved(run.data);
    putUnderTest(run.data, this.#nested === undefined ? 'at hand' : 'elsewhere');
    if (baseline !== undefined)
      await this.#holdAgainst(baseline, run, async () =>
        this.load(asked, scenario, { ...options, name: `${words} again`, ...onceMore }, { ...aim, unprobed: true }),
      );
    return new LoadRun(run.data);
  }

  #reduced<Row, State, UserRow>(
    profile: Profile,
    scenario: Scenario<Row, State, UserRow>,
    { options, reduction }: { readonly options: Options<Row, State, UserRow>; readonly reduction: Reduction },
  ): ReducedLoad {
    const use = this.#ofUse();
    const resolved = resolveOptions(options, profile, use);
    const asked = { profile, scenario: scenario as Scenario<unknown>, resolved, ...rowsAndUsersOf(options) };
    const load = reducedLoad(asked, reduction);
    if (reduction.kind === 'shrunk') resolveOptions(options, load.profile, use); // which may be larger: rows have to suffice
    return load;
  }

  /** Throws where the load cannot be sent from here, before anything is. */
  #placed(
    { profile, resolved }: ReducedLoad,
    isOnce: boolean,
  ): { cores: number; coresWhy: string | undefined; place: Place } {
    const { count: cores, why: coresWhy } = coreCount(resolved.cores, availableCores(), shardsHere(process.env));
    const isFurtherCore = this.#nested !== undefined;
    refuseInHook({ testInfo: this.#parts.testInfo, cores, isFurtherCore });
    const place = isOnce ? alone : this.#placeOf(cores);
    clockOffsetMs(process.env);
    if (isFurtherCore) return { cores, coresWhy, place };
    if (!isOnce) refuseOwnShard(this.#parts.testInfo.config);
    refuseAlone(place, profile, resolved);
    if (!isOnce) tellOfAbsentReporter(this.#parts.testInfo);
    return { cores, coresWhy, place };
  }

  /** Experiments are played once too, and otherwise as large as they are. */
  #reductionOf(ofExperiment: boolean): Reduction {
    const reduction = reductionOf(process.env, this.#parts.loadOnce);
    return ofExperiment ? unshrunk(reduction, this.#parts.testInfo) : reduction;
  }

  /** Whether a load is under way. */
  get isLoading(): boolean {
    return this.#runs.some(({ ended }) => !ended);
  }

  /** Whether loads are played once. */
  get once(): boolean {
    return isPlayedOnce(process.env, this.#parts.loadOnce);
  }

  async #holdAgainst(load: BaselineKey, { data, at, beside }: Measuring, again: () => Promise<LoadRun>): Promise<void> {
    await holdAgainstBaseline({
      configDir: this.#baselines.configDir,
      load,
      data,
      again: beside ? besideAnother : async () => partOf(await again()).data,
      tell: (finding) => this.tell(finding, at),
    });
  }

  /** What came of several loads together. Every core of a load finds the same; the first one tells it. */
  tell(finding: Finding, at: CallSite): void {
    if (this.#nested === undefined) this.#findings.push({ finding, at });
  }

  /** The end of the test waits for what its experiments have to say, also of loads that it interrupts. */
  async untilSaid<Value>(experiment: Promise<Value>): Promise<Value> {
    this.#experiments.push(experiment);
    return experiment;
  }

  /** Throws an `OptionsError` where this process sends only a shard of the load: what it measures decides nothing. */
  refuseShards(what: string): void {
    if (!this.once) refuseShard(what, this.#placeOf(1).shard);
  }

  /** Ends what is still running, attaches what was measured, and says what no `toMeet` has said. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { stop, shared } of this.#runs.filter(({ ended }) => !ended)) {
      stop.abort();
      shared?.stop(stopReasons.interrupted);
    }
    const rest = new AbortController();
    const forUsersMs = this.#runs.some(({ hasLives }) => hasLives) ? hurriedMs : 0;
    await Promise.race([
      Promise.allSettled([...this.#runs.map(({ over }) => over), ...this.#experiments]),
      this.#clock.sleepUntil(this.#clock.now() + restMs + forUsersMs, rest.signal),
    ]);
    rest.abort();
    const { testInfo } = this.#parts;
    await this.#first?.close(testInfo.status !== 'interrupted');
    const unheard = await this.probes.close();
    const runs = this.#runs.map(({ data }) => data);
    for (const data of runs) releaseRun(data);
    if (this.#nested !== undefined) return; // the first core has it all
    attachRuns(testInfo, runs);
    showRuns(testInfo, this.#runs);
    attachFindings(testInfo, this.#findings);
    sayTheRest(testInfo, this.#runs, this.#findings);
    if (unheard !== undefined) throw new Error(unheard);
  }

  async #carriedOut(run: Measuring, work: LoadAtWork, { core }: Place): Promise<RunData> {
    const { shared } = run;
    const beganAtMs = this.#clock.now();
    try {
      if (shared instanceof FollowedLoad && core.index >= core.of) return await shared.looksOn();
      const whole = await work.carryOut();
      shared?.handOver(whole);
      return whole;
    } catch (error) {
      shared?.fail(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      run.ended = true;
      LoadSession.#loadsMs += this.#clock.now() - beganAtMs;
    }
  }

  #placeOf(cores: number): Place {
    const { config } = this.#parts.testInfo;
    const shard = this.#nested?.settings.shard ?? shareOfThisProcess(config.shard, process.env);
    return { shard, core: { index: (this.#nested?.core ?? 1) - 1, of: cores } };
  }

  /** Every load of a test that has other cores is shared with them, also one that only the first of them sends. */
  #share(parts: SharedLoadParts, agreement: () => Agreement): SharedLoad | undefined {
    const { testInfo, contextOptions } = this.#parts;
    if (this.#nested !== undefined) {
      this.#further ??= new FurtherCore({
        ...this.#nested,
        clock: this.#clock,
        test: { title: testInfo.titlePath, project: testInfo.project.name },
      });
      return this.#further.follow({ ...parts, agreement });
    }
    if (parts.cores > 1)
      this.#first ??= new FirstCore({
        testInfo,
        clock: this.#clock,
        baseURL: contextOptions.baseURL,
        shard: this.#placeOf(1).shard,
        spentMs: Math.max(0, this.#clock.now() - LoadSession.#loadsMs),
        past: this.#runs.map((run) => ({ agreement: run.agreement(), over: run.over })),
      });
    return this.#first?.lead({ ...parts, agreement: agreement() });
  }

  #ofUse(): UseLoadOptions<RunLimits> {
    const { requestTimeoutMs = 0, keepBodies, loadCores, loadOptions } = this.#parts;
    return {
      ...(keepBodies !== undefined && { keepBodies }),
      ...(loadCores !== undefined && { cores: loadCores }),
      ...(requestTimeoutMs !== 0 && { requestTimeout: `${requestTimeoutMs}ms` }),
      ...loadOptions,
    };
  }

  #abortRule(limits: RunLimits | undefined, data: RunData, afterMs: number): AbortRule | undefined {
    if (limits === undefined) return undefined;
    const parsed = parseLimits(limits, wholeRun(data.plan), 'abortOn');
    if (data.plan.once === true) return undefined; // a single call is never beyond hope
    return new AbortRule({ data, limits: parsed, clock: this.#clock, afterMs });
  }

  /** The first core of each shard meets those of the others. */
  #meetingOf({ shard }: Place, loadIndex: number): Meeting | undefined {
    if (this.#nested !== undefined) return undefined;
    return meetingOf({ env: process.env, testInfo: this.#parts.testInfo, share: shard, loadIndex });
  }

  #shardsBeginAtMs(): number | undefined {
    const atEpochMs = startAtEpochMs(process.env);
    return atEpochMs === undefined ? undefined : this.#clock.now() + atEpochMs - this.#clock.epochMs();
  }

  #extendTimeout(
    profile: Profile,
    options: ResolvedOptions,
    { shared, meeting }: { readonly shared: SharedLoad | undefined; readonly meeting: Meeting | undefined },
  ): void {
    if (this.#nested !== undefined) {
      this.#parts.testInfo.setTimeout(0); // the first core says how long it takes, whatever the test has said meanwhile
      return;
    }
    const now = this.#clock.now();
    const waitMs = Math.max(0, (this.#shardsBeginAtMs() ?? 0) - now) + (meeting?.timeoutMs ?? 0);
    const { start = 0, load = 0 } = (shared === undefined ? undefined : this.#first?.gatherMs) ?? {};
    const besideMs = start + load + this.probes.longestEndMs;
    extendTimeout(this.#parts.testInfo, now - this.#beganAtMs + waitMs + besideMs + longestMs(profile, options));
  }
}

/** What a load takes of its options as it is, whatever its rows and users are. */
function rowsAndUsersOf<Row, State, UserRow>({ data, user, userData }: Options<Row, State, UserRow>) {
  return { data, user: user as Work['user'], userData };
}
