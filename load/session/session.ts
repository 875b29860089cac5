/**
 * The loads of one test: makes users' request contexts as the test's configuration says, runs the load, watches the
 * processes, and hands what was measured to the reporters, whatever became of the test.
 */
import { type APIRequest, test, type TestInfo } from '@playwright/test';
import { AbortRule } from './abort-rule.ts';
import { type Contexts, openContexts } from './contexts.ts';
import { tellLivePage } from './live.ts';
import { earlierLoad, type LoadMark, markLoad } from './load-marker.ts';
import { LoadRun } from '../load-run.ts';
import { leftToMerge } from '../measure/left-to-merge.ts';
import { encodeRun, payloadAttachment } from '../measure/payload.ts';
import { liveUrlVariable } from '../measure/snapshot.ts';
import { Recorder } from '../measure/recorder.ts';
import { noteUncounted } from '../measure/uncounted.ts';
import type { GeneratorSeries } from '../measure/generator-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { RoutePattern } from '../measure/samples/route-pattern.ts';
import { longestTimerMs } from '../measure/units.ts';
import { quietly, quietlyLater } from '../resources/observing.ts';
import { inTurn } from '../profile/partition.ts';
import type { Profile } from '../profile/profile.ts';
import { showProgress } from './progress.ts';
import { SoftFailures } from './soft-failures.ts';
import type { RequestContextOptions } from '../request/request-options.ts';
import { watchUncounted } from '../request/uncounted.ts';
import { startGeneratorSampler } from '../resources/generator-sampler.ts';
import { type ProcessSampler, startProcessSampler } from '../resources/process-sampler.ts';
import { type Clock, realClock } from '../run/clock.ts';
import type { LoadOptions, UseLoadOptions } from '../run/load-options.ts';
import { resolveOptions, type ResolvedOptions, saidOf } from '../run/resolve-options.ts';
import { runLoad } from '../run/run-load.ts';
import type { Scenario } from '../run/scenario.ts';
import { refuseAlone, refuseOtherArguments } from './refusals.ts';
import { planOf } from './run-plan.ts';
import { putUnderTest, releaseRun } from '../runs-under-test.ts';
import { clockOffsetMs, shareOfThisProcess, startAtEpochMs } from './segment.ts';
import { segmentOf } from './segment-data.ts';
import { unsaidOf } from './unsaid.ts';
import type { RunLimits } from '../verdict/limits.ts';
import { parseLimits } from '../verdict/parse-limits.ts';
import { uncountedRequests } from '../verdict/uncounted.ts';

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
  /** What `use` says of a request's time, in milliseconds, for loads that do not say it themselves; 0 says nothing. */
  readonly requestTimeoutMs?: number;
  readonly clock?: Clock;
}

/** The options of `load` with the limits that `abortOn` takes. */
export type Options<Row> = LoadOptions<Row, RunLimits>;

interface Measuring {
  readonly data: RunData;
  readonly stop: AbortController;
  over: Promise<unknown>;
  ended: boolean;
}

/** Time that a test needs beside its loads: fixtures, hooks, thresholds. */
const overheadMs = 30_000;
/** How long an interrupted load may take to come to rest. */
const restMs = 5_000;

export class LoadSession {
  readonly #parts: SessionParts;
  readonly #clock: Clock;
  readonly #runs: Measuring[] = [];
  readonly #softFailures: SoftFailures;
  readonly #beganAtMs: number;
  /** What an earlier attempt of this test has sent. */
  readonly #earlier: LoadMark | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? realClock;
    this.#softFailures = new SoftFailures(parts.testInfo.errors);
    this.#beganAtMs = this.#clock.now();
    this.#earlier = earlierLoad(parts.testInfo);
  }

  async load<Row>(profile: Profile, scenario: Scenario<Row>, options: Options<Row> = {}): Promise<LoadRun> {
    this.#refuseRetry();
    refuseOtherArguments(profile, scenario, options);
    const use = this.#ofUse();
    const resolved = resolveOptions(options, profile, use);
    const share = shareOfThisProcess(this.#parts.testInfo.config.shard, process.env);
    clockOffsetMs(process.env); // throws before anything is sent
    refuseAlone(share, profile, resolved);
    const plan = planOf(profile, resolved, this.#runs.length);
    const { keepBodies, expectStatus, routes } = resolved;
    const recorder = new Recorder({ plan, keepBodies, routes, ...(expectStatus && { expectStatus }) });
    const abortRule = this.#abortRule(
      saidOf(options, use).abortOn,
      recorder.data,
      resolved.abortAfterMs,
    );
    this.#extendTimeout(profile, resolved);
    const run: Measuring = { data: recorder.data, stop: new AbortController(), over: Promise.resolve(), ended: false };
    this.#runs.push(run);
    const words = resolved.name === undefined ? profile.describe() : `${resolved.name}: ${profile.describe()}`;
    run.over = test.step(
      words,
      async () =>
        this.#carryOut({
          profile,
          resolved,
          share,
          recorder,
          run,
          scenario: scenario as Scenario<unknown>,
          options,
          abortRule,
          incidents: [],
        }),
      {
        subtitle: share.of === 1 ? plan.model : `${plan.model}, segment ${share.index + 1} of ${share.of}`,
      },
    );
    await run.over;
    putUnderTest(recorder.data);
    return new LoadRun(recorder.data);
  }

  /** Ends what is still running, attaches what was measured, and says what no `toMeet` has said. */
  async close(): Promise<void> {
    for (const run of this.#runs.filter(({ ended }) => !ended)) run.stop.abort();
    const rest = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#runs.map(({ over }) => over)),
      this.#clock.sleepUntil(this.#clock.now() + restMs, rest.signal),
    ]);
    rest.abort();
    const { testInfo } = this.#parts;
    for (const { data } of this.#runs) {
      releaseRun(data);
      if (data.segments.length === 0) continue; // it never began: its error is the test's
      const uncounted = data.plan.uncounted === 'allowed' ? uncountedRequests(data) : undefined;
      if (uncounted !== undefined) testInfo.annotations.push({ type: 'beside the load', description: uncounted });
      testInfo.attachments.push({
        name: payloadAttachment,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify(encodeRun(data))),
      });
    }
    if (testInfo.status === 'interrupted' || testInfo.status === 'timedOut') return; // that is said already
    const unsaid = this.#runs
      .filter(({ data }) => data.segments.length > 0)
      .flatMap(({ data }) => unsaidOf(data, testInfo.errors.length > 0) ?? []);
    if (unsaid.length > 0) throw new Error(unsaid.join('\n\n'));
    if (testInfo.status === 'passed' && testInfo.expectedStatus === 'failed' && this.#isShare())
      throw new Error(leftToMerge);
  }

  #isShare(): boolean {
    return this.#runs.some(({ data }) => data.segments.some(({ of }) => of > 1));
  }

  async #carryOut(work: Work): Promise<void> {
    const letGo = work.profile.isTimed ? await this.#keepExact(work.incidents) : undefined;
    try {
      await this.#carryOutNow(work);
    } finally {
      await letGo?.();
    }
  }

  async #carryOutNow(work: Work): Promise<void> {
    const { resolved, run, recorder } = work;
    await this.#waitForStart(resolved, run.stop.signal);
    const watched = this.#watchServer();
    try {
      if (resolved.observeBeforeMs > 0)
        await this.#observe(watched, 'baseline', resolved.observeBeforeMs, run.stop.signal);
      await watched?.begin('load');
      await this.#measure(work, watched);
      if (resolved.observeAfterMs > 0) await this.#observe(watched, 'after', resolved.observeAfterMs, run.stop.signal);
    } finally {
      if (watched !== undefined) recorder.data.resources.push(await watched.stop());
      run.ended = true;
    }
  }

  #keepExact(incidents: string[]): Promise<() => Promise<void>> {
    return this.#clock.keepExact((why) =>
      incidents.push(`what wakes it at the right time is gone, and Node's timers do it a millisecond later: ${why}`),
    );
  }

  /** The load itself, with what goes on beside it while it lasts: progress, and a look at the generator each second. */
  async #measure(work: Work, watched: ProcessSampler | undefined): Promise<void> {
    const { recorder, profile, resolved, abortRule } = work;
    const contexts = await openContexts({ ...work, ...this.#parts, now: () => this.#clock.now() });
    const over = new AbortController();
    const generator = { stop: (): GeneratorSeries => [] };
    let stopWatching = (): void => undefined;
    try {
      this.#softFailures.begin();
      markLoad(this.#parts.testInfo, recorder.data.plan.profile, new Date(this.#clock.epochMs()));
      const end = await runLoad({
        ...this.#runParts(work, contexts),
        onBegin: (zeroMs) => {
          watched?.setOrigin(zeroMs);
          abortRule?.begin(zeroMs);
          stopWatching = this.#watchUncounted(recorder, resolved.routes);
          void this.#clock.sleepUntil(zeroMs, over.signal).then(() => {
            if (!over.signal.aborted)
              generator.stop = quietly('the watch on the generator', () => samplerStop(this.#clock)) ?? generator.stop;
          });
          this.#tellLivePage(recorder.data, over.signal);
          void quietlyLater('the progress of the run', async () =>
            showProgress({
              run: recorder.data,
              clock: this.#clock,
              zeroMs,
              plannedMs: profile.durationMs,
              signal: over.signal,
            }),
          );
        },
      });
      over.abort();
      recorder.data.segments.push(segmentOf({ ...work, ...this.#parts, end, generator: generator.stop() }));
    } finally {
      over.abort();
      generator.stop();
      stopWatching();
      this.#softFailures.end();
      await contexts.close();
    }
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

  #tellLivePage(run: RunData, signal: AbortSignal): void {
    const url = process.env[liveUrlVariable];
    if (url === undefined) return;
    const { titlePath, project } = this.#parts.testInfo;
    const test = { title: titlePath, project: project.name };
    void quietlyLater('the live page', async () => tellLivePage({ url, run, test, clock: this.#clock, signal }));
  }

  #runParts(work: Work, contexts: Contexts) {
    const { profile, scenario, recorder, share, resolved, run, options, abortRule, incidents } = work;
    const { data } = options;
    return {
      profile,
      scenario,
      recorder,
      clock: this.#clock,
      share,
      warmUpMs: resolved.warmUpMs,
      maxInFlight: inTurn(resolved.maxInFlight, share),
      gracefulStopMs: resolved.gracefulStopMs,
      maxDurationMs: resolved.maxDurationMs,
      seed: resolved.seed,
      signal: run.stop.signal,
      onIncident: (what: string) => incidents.push(what),
      softFailure: () => this.#softFailures.take(),
      makeContexts: contexts.make,
      giveUpContexts: contexts.giveUp,
      ...(contexts.renew !== undefined && { renew: contexts.renew }),
      ...(data !== undefined && { nextRow: data.rows(share, profile) }),
      ...(abortRule !== undefined && { shouldAbort: () => abortRule.reason() }),
    };
  }

  #ofUse(): UseLoadOptions<RunLimits> {
    const { requestTimeoutMs = 0, keepBodies, loadOptions } = this.#parts;
    return {
      ...(keepBodies !== undefined && { keepBodies }),
      ...(requestTimeoutMs !== 0 && { requestTimeout: `${requestTimeoutMs}ms` }),
      ...loadOptions,
    };
  }

  #abortRule(limits: RunLimits | undefined, data: RunData, afterMs: number): AbortRule | undefined {
    if (limits === undefined) return undefined;
    const { model, apdexMs } = data.plan;
    const subject = { scope: { kind: 'run' }, model, apdexGiven: apdexMs !== undefined } as const;
    const parsed = parseLimits(limits, subject, 'abortOn');
    return new AbortRule({ data, limits: parsed, clock: this.#clock, afterMs });
  }

  #watchServer(): ProcessSampler | undefined {
    const { serverPid } = this.#parts;
    return serverPid === undefined
      ? undefined
      : startProcessSampler({ name: 'server', pid: serverPid, now: () => this.#clock.now(), phase: 'baseline' });
  }

  async #observe(
    watched: ProcessSampler | undefined,
    phase: 'baseline' | 'after',
    ms: number,
    signal: AbortSignal,
  ): Promise<void> {
    const titles = { baseline: 'watch the idle server', after: 'watch the server settle' };
    await test.step(titles[phase], async () => {
      await watched?.begin(phase);
      await this.#clock.sleepUntil(this.#clock.now() + ms, signal);
    });
  }

  async #waitForStart({ startAfterMs }: ResolvedOptions, signal: AbortSignal): Promise<void> {
    const atEpochMs = startAtEpochMs(process.env);
    const shardMs = atEpochMs === undefined ? 0 : Math.max(0, atEpochMs - this.#clock.epochMs());
    await this.#clock.sleepUntil(this.#clock.now() + shardMs + startAfterMs, signal);
  }

  /**
   * Measuring again until the numbers please is no measurement; the test keeps the failure of its first load. An
   * attempt that failed before it sent any has measured nothing, and the next one is the first.
   */
  #refuseRetry(): void {
    const earlier = this.#earlier;
    if (earlier === undefined) return;
    throw new Error(
      `a load test is not retried: attempt ${earlier.attempt} has sent its load (${earlier.profile}, at ${earlier.startedAt}), and another one would only pick the luckier numbers. Set \`retries: 0\` for its project, or \`test.describe.configure({ retries: 0 })\``,
    );
  }

  /** A load test may take as long as its profile says; nobody has to set a timeout. */
  #extendTimeout(profile: Profile, options: ResolvedOptions): void {
    const { testInfo } = this.#parts;
    if (testInfo.timeout === 0) return;
    const waitMs = Math.max(0, (startAtEpochMs(process.env) ?? 0) - this.#clock.epochMs());
    const loadMs =
      options.startAfterMs +
      options.observeBeforeMs +
      options.warmUpMs +
      (profile.durationMs ?? options.maxDurationMs) +
      options.gracefulStopMs +
      options.observeAfterMs;
    const neededMs = Math.max(testInfo.timeout, this.#clock.now() - this.#beganAtMs + waitMs + loadMs + overheadMs);
    testInfo.setTimeout(neededMs > longestTimerMs ? 0 : neededMs); // 0 is none: no timer could wait so long
  }
}

interface Work {
  readonly profile: Profile;
  readonly scenario: Scenario<unknown>;
  readonly options: Options<unknown>;
  readonly resolved: ResolvedOptions;
  readonly share: ReturnType<typeof shareOfThisProcess>;
  readonly recorder: Recorder;
  readonly run: Measuring;
  readonly abortRule: AbortRule | undefined;
  /** What befell the generator or its machine, a sentence each. */
  readonly incidents: string[];
}

function samplerStop(clock: Clock): () => GeneratorSeries {
  const sampler = startGeneratorSampler({ now: () => clock.now(), spunMs: () => clock.spunMs });
  return () => sampler.stop();
}
