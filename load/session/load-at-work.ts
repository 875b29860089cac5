/**
 * One load from its first wait to its last response: when it begins, what is watched beside it, and what the other cores
 * are told of it, if there are any.
 */
import { type APIRequest, test, type TestInfo } from '@playwright/test';
import type { ProgressOf } from '../measure/progress.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { RunData } from '../measure/run-data.ts';
import { RoutePattern } from '../measure/samples/route-pattern.ts';
import { liveUrlVariable } from '../measure/snapshot.ts';
import { noteUncounted } from '../measure/uncounted.ts';
import { inTurn } from '../profile/partition.ts';
import { setUpUsers } from './users-step.ts';
import type { Probes, ProbesBeside } from '../probe/probes.ts';
import type { Profile, Share } from '../profile/profile.ts';
import type { RequestContextOptions } from '../request/request-options.ts';
import { watchUncounted } from '../request/uncounted.ts';
import { type GeneratorSampler, startGeneratorSampler } from '../resources/generator-sampler.ts';
import { quietly, quietlyLater } from '../resources/observing.ts';
import { type ProcessSampler, startProcessSampler } from '../resources/process-sampler.ts';
import type { Clock } from '../run/clock.ts';
import type { LoadOptions } from '../run/load-options.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';
import { Running } from '../run/run-load.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { Scenario } from '../run/scenario.ts';
import type { AbortRule } from './abort-rule.ts';
import { type Contexts, openContexts } from './contexts.ts';
import { inStep } from './request-steps.ts';
import type { SharedLoad } from './cores/shared-load.ts';
import { tellLivePage } from './live.ts';
import { markLoad } from './load-marker.ts';
import { type Look, lookAt } from './look.ts';
import type { Meeting } from './meeting/meeting.ts';
import { showProgress } from './progress.ts';
import { missingTimes } from './playwright-version.ts';
import type { Place } from './segment.ts';
import { segmentOf } from './segment-data.ts';
import type { SoftFailures } from './soft-failures.ts';
import { burdenOf, leaveStepsUnreported, unknownSteps, type UnreportedSteps } from './unreported-steps.ts';

/** What a load is to do, and what it needs of its session. */
export interface Work {
  readonly testInfo: TestInfo;
  /** What `use` says of requests, as for Playwright's own `request`. */
  readonly contextOptions: RequestContextOptions;
  /** Playwright's maker of contexts, for `transport: 'playwright'`. */
  readonly request: APIRequest;
  /** The server's process, where it is to be watched. */
  readonly serverPid: number | undefined;
  readonly clock: Clock;
  readonly softFailures: SoftFailures;
  readonly profile: Profile;
  readonly scenario: Scenario<unknown>;
  readonly data: LoadOptions<unknown>['data'];
  readonly user: LoadOptions<unknown>['user'];
  readonly userData: LoadOptions<unknown>['userData'];
  readonly resolved: ResolvedOptions;
  readonly place: Place;
  readonly share: Share;
  /** How `auto` came to so many cores, where it did. */
  readonly coresWhy: string | undefined;
  readonly recorder: Recorder;
  readonly abortRule: AbortRule | undefined;
  readonly signal: AbortSignal;
  /** Where the shards wait for each other, if they do. */
  readonly meeting: Meeting | undefined;
  /** When the shards begin, on the run's clock; undefined at once. */
  readonly shardsBeginAtMs: number | undefined;
  /** What it has in common with the other cores, if there are any. */
  readonly shared: SharedLoad | undefined;
  /** Pages that are looked at beside it, where it is such a load. */
  readonly probes: Probes | undefined;
  /** What befell the generator or its machine, a sentence each. */
  readonly incidents: string[];
}

export class LoadAtWork {
  readonly #work: Work;
  readonly #clock: Clock;
  /** Those of scenarios and of users' lives. */
  #steps: UnreportedSteps | undefined;

  constructor(work: Work) {
    this.#work = work;
    this.#clock = work.clock;
  }

  /** Resolves with what was measured: on all cores, where there are several. */
  async carryOut(): Promise<RunData> {
    const letGo = this.#work.profile.isTimed ? await this.#keepExact() : undefined;
    try {
      return await this.#carryOutNow();
    } finally {
      await letGo?.();
    }
  }

  #keepExact(): Promise<() => Promise<void>> {
    const { incidents } = this.#work;
    return this.#clock.keepExact((why) =>
      incidents.push(`what wakes it at the right time is gone, and Node's timers do it a millisecond later: ${why}`),
    );
  }

  async #carryOutNow(): Promise<RunData> {
    const { signal, shared } = this.#work;
    await shared?.gathered(signal);
    const calledAtMs = await this.#restOfServer();
    const contexts = await openContexts({ ...this.#work, now: () => this.#clock.now() });
    if (!this.#makesSteps) this.#leaveStepsUnreported();
    this.#noteMissingTimes();
    const run = new Running(this.#runParts(contexts));
    try {
      await this.#setUpUsers(run);
      return await this.#carryOutReady(run, calledAtMs);
    } finally {
      await run.close();
      this.#steps?.end();
      await contexts.close();
    }
  }

  /** A load that is played once is a functional test, whose report shows what it did. */
  get #makesSteps(): boolean {
    return this.#work.recorder.data.plan.once === true;
  }

  #leaveStepsUnreported(): void {
    const { testInfo, incidents } = this.#work;
    this.#steps = leaveStepsUnreported(testInfo);
    if (this.#steps === undefined) incidents.push(unknownSteps);
  }

  #noteMissingTimes(): void {
    const { testInfo, resolved, incidents } = this.#work;
    const words = missingTimes(testInfo.config.version, resolved.transport);
    if (words !== undefined) incidents.push(words);
  }

  /**
   * A server that a step of a search has broken may still have to recover: nobody logs in meanwhile. Resolves with when
   * the load was called.
   */
  async #restOfServer(): Promise<number> {
    const { recorder, resolved, place, signal } = this.#work;
    const nowMs = this.#clock.now();
    if (resolved.hasLives && recorder.data.plan.isStep === true && place.core.index === 0)
      await this.#clock.sleepUntil(nowMs + resolved.startAfterMs, signal);
    return nowMs;
  }

  /** Before any wait for a common start, so that all begin together whose users took more or less time. */
  async #setUpUsers(run: Running): Promise<void> {
    const { resolved, shared } = this.#work;
    if (!resolved.hasLives) return;
    const own = async () => setUpUsers(run, this.#clock);
    await (shared === undefined ? own() : shared.setUp(own));
  }

  async #carryOutReady(run: Running, calledAtMs: number): Promise<RunData> {
    const { resolved, recorder, place } = this.#work;
    const isFirst = place.core.index === 0;
    if (isFirst) await this.#waitForStart(calledAtMs);
    const watched = isFirst ? this.#watchServer() : undefined;
    try {
      if (isFirst && resolved.observeBeforeMs > 0) await this.#observe(watched, 'baseline', resolved.observeBeforeMs);
      await watched?.begin('load');
      const whole = await this.#measure(run, watched);
      if (isFirst && resolved.observeAfterMs > 0) await this.#observe(watched, 'after', resolved.observeAfterMs);
      return whole;
    } finally {
      if (watched !== undefined) recorder.data.resources.push(await watched.stop());
    }
  }

  /** The load itself, with what goes on beside it while it lasts: progress, and a look at the generator each second. */
  async #measure(run: Running, watched: ProcessSampler | undefined): Promise<RunData> {
    const { recorder, resolved, softFailures, shared, testInfo, place } = this.#work;
    const over = new AbortController();
    const measured = new AbortController();
    const generator: Pick<GeneratorSampler, 'since' | 'stop'> = { since: () => [], stop: () => [] };
    let stopWatching = (): void => undefined;
    let probed: ProbesBeside | undefined;
    try {
      if (shared !== undefined) await this.#beginTogether(shared);
      softFailures.begin();
      if (place.core.index === 0 && recorder.data.plan.once !== true)
        markLoad(testInfo, recorder.data.plan.profile, new Date(this.#clock.epochMs()));
      const end = await run.carryOut({
        onBegin: (zeroMs) => {
          watched?.setOrigin(zeroMs);
          probed = this.#lookAtPages(zeroMs);
          stopWatching = this.#watchUncounted(recorder, resolved.routes);
          void this.#clock.sleepUntil(zeroMs, measured.signal).then(() => {
            if (!measured.signal.aborted) Object.assign(generator, this.#watchGenerator());
          });
          this.#tell(zeroMs, (second) => generator.since(second), over.signal);
        },
        onEnd: async () => {
          measured.abort();
          generator.stop();
          await watched?.rest();
        },
      });
      recorder.data.segments.push(
        segmentOf({ ...this.#work, end, generator: generator.stop(), burden: burdenOf(this.#steps) }),
      );
      await probed?.end(end.endedAtMs, recorder.data);
      over.abort();
      return shared === undefined ? recorder.data : await shared.whole(recorder.data);
    } finally {
      over.abort();
      measured.abort();
      generator.stop();
      stopWatching();
      softFailures.end();
    }
  }

  #lookAtPages(zeroMs: number): ProbesBeside | undefined {
    const { probes, profile, signal } = this.#work;
    const plannedEndMs = profile.durationMs === undefined ? undefined : zeroMs + profile.durationMs;
    return probes?.begin({ zeroMs, plannedEndMs, signal });
  }

  async #beginTogether(shared: SharedLoad): Promise<void> {
    await this.#clock.sleepUntil(await shared.startsAt(), this.#work.signal);
  }

  /** Whoever looks on: the other cores, the limits of despair, the live page and the terminal. */
  #tell(zeroMs: number, generatorSince: GeneratorSampler['since'], signal: AbortSignal): void {
    const { abortRule, recorder, shared, profile, place } = this.#work;
    const clock = this.#clock;
    const look = lookAt({
      data: recorder.data,
      place,
      startedAtEpochMs: clock.epochMs() + zeroMs - clock.now(),
      elapsedMs: () => clock.now() - zeroMs,
      generatorSince,
      lost: () => shared?.lost ?? [],
    });
    abortRule?.begin(zeroMs);
    shared?.begun(look, zeroMs);
    this.#tellLivePage(look, signal);
    if (place.core.index > 0) return; // the first one shows how all are going
    const plannedMs = profile.durationMs;
    void quietlyLater('the progress of the run', async () =>
      showProgress({
        of: this.#shownAs,
        look,
        others: () => shared?.others ?? [],
        clock,
        zeroMs,
        plannedMs,
        signal,
      }),
    );
  }

  /** Warm-up is in no number, so what is sent beside it is missing from none. */
  #watchUncounted(recorder: Recorder, routes: readonly string[]): () => void {
    const patterns = routes.map((route) => new RoutePattern(route));
    return watchUncounted({
      exceptUrl: process.env[liveUrlVariable],
      onUncounted: (request) => {
        if (recorder.isMeasured(this.#clock.now())) noteUncounted(recorder.data.uncounted, request, patterns);
      },
    });
  }

  #tellLivePage(look: Look, signal: AbortSignal): void {
    const url = process.env[liveUrlVariable];
    if (url === undefined) return;
    const { share } = this.#work;
    const segment = share.of === 1 ? {} : { segment: share.index };
    const shown = { ...this.#test, ...segment };
    void quietlyLater('the live page', async () =>
      tellLivePage({ url, look, test: shown, clock: this.#clock, signal }),
    );
  }

  get #shownAs(): ProgressOf {
    const { title, project } = this.#test;
    const { name } = this.#work.recorder.data.plan;
    return { title: name === undefined ? title : [...title, name], project };
  }

  /** As the reporter names it; the repetitions of a nested Playwright are cores. */
  get #test(): ProgressOf {
    const { testInfo, place } = this.#work;
    const { titlePath, repeatEachIndex, project } = testInfo;
    const repeated = repeatEachIndex > 0 && place.core.of === 1 ? [`repetition ${repeatEachIndex + 1}`] : [];
    return { title: [...titlePath, ...repeated], project: project.name };
  }

  #runParts(contexts: Contexts): RunParts {
    const { profile, scenario, recorder, share, resolved, signal, data, softFailures, incidents, user, userData } =
      this.#work;
    const shouldAbort = this.#shouldAbort();
    return {
      profile,
      scenario,
      recorder,
      clock: this.#clock,
      share,
      warmUpMs: resolved.warmUpMs,
      requestTimeoutMs: resolved.requestTimeoutMs,
      maxInFlight: inTurn(resolved.maxInFlight, share),
      gracefulStopMs: resolved.gracefulStopMs,
      maxDurationMs: resolved.maxDurationMs,
      seed: resolved.seed,
      signal,
      onIncident: (what: string) => incidents.push(what),
      softFailure: () => softFailures.take(),
      ...(this.#makesSteps && { inStep }),
      makeContexts: contexts.make,
      giveUpContexts: contexts.giveUp,
      ...(contexts.renew !== undefined && !resolved.keepUsers && { renew: contexts.renew }),
      ...(user !== undefined && {
        lives: {
          user,
          makesSteps: this.#makesSteps,
          limitMs: resolved.userTimeoutMs,
          ...(userData !== undefined && { nextRow: userData.rows(share) }),
        },
      }),
      ...(data !== undefined && { nextRow: data.rows(share, profile) }),
      ...(shouldAbort !== undefined && { shouldAbort }),
    };
  }

  /** The first core looks at the sums of all, and ends the load on all. */
  #shouldAbort(): (() => string | undefined) | undefined {
    const { abortRule, shared } = this.#work;
    if (abortRule === undefined || shared === undefined) return abortRule && (() => abortRule.reason());
    if (shared.core.index > 0) return undefined;
    return () => {
      const reason = abortRule.reason(shared.sums);
      if (reason !== undefined) shared.stop(reason);
      return reason;
    };
  }

  /** Nothing where it cannot be watched. */
  #watchGenerator(): Pick<GeneratorSampler, 'since' | 'stop'> | undefined {
    const now = () => this.#clock.now();
    const sampler = quietly('the watch on the generator', () =>
      startGeneratorSampler({ now, spunMs: () => this.#clock.spunMs }),
    );
    return sampler && { since: (second) => sampler.since(second), stop: () => sampler.stop() };
  }

  #watchServer(): ProcessSampler | undefined {
    const { serverPid } = this.#work;
    return serverPid === undefined
      ? undefined
      : startProcessSampler({ name: 'server', pid: serverPid, now: () => this.#clock.now(), phase: 'baseline' });
  }

  async #observe(watched: ProcessSampler | undefined, phase: 'baseline' | 'after', ms: number): Promise<void> {
    const titles = { baseline: 'watch the idle server', after: 'watch the server settle' };
    await test.step(titles[phase], async () => {
      await watched?.begin(phase);
      await this.#clock.sleepUntil(this.#clock.now() + ms, this.#work.signal);
    });
  }

  /** From the call of the load, or from when all shards are there: users who take their time put off neither. */
  async #waitForStart(calledAtMs: number): Promise<void> {
    const { resolved, meeting, shardsBeginAtMs, signal } = this.#work;
    await meeting?.wait({ clock: this.#clock, signal });
    const fromMs = Math.max(meeting === undefined ? calledAtMs : this.#clock.now(), shardsBeginAtMs ?? 0);
    await this.#clock.sleepUntil(fromMs + resolved.startAfterMs, signal);
  }
}
