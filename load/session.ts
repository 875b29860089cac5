/**
 * The loads of one test: makes users' request contexts as the test's configuration says, runs the load, watches the
 * processes, and hands what was measured to the reporters, whatever became of the test.
 */
import { type APIRequest, type APIRequestContext, test, type TestInfo } from '@playwright/test';
import { LoadRun } from './load-run.ts';
import { encodeRun, payloadAttachment } from './measure/payload.ts';
import { Recorder } from './measure/recorder.ts';
import type { GeneratorSeries } from './measure/generator-series.ts';
import type { RunData, RunPlan } from './measure/run-data.ts';
import type { Threshold } from './measure/threshold.ts';
import { OptionsError } from './options-error.ts';
import { Profile } from './profile/profile.ts';
import { showProgress } from './progress.ts';
import { RequestContext } from './request/context.ts';
import { PlaywrightTransport } from './request/playwright-transport.ts';
import { createPool } from './request/pool.ts';
import type { RequestContextOptions } from './request/request-options.ts';
import { startGeneratorSampler } from './resources/generator-sampler.ts';
import { type ProcessSampler, startProcessSampler } from './resources/process-sampler.ts';
import { type Clock, realClock } from './run/clock.ts';
import { type LoadOptions, resolveOptions, type ResolvedOptions } from './run/load-options.ts';
import { runLoad, type RunEnd } from './run/run-load.ts';
import type { Scenario } from './run/scenario.ts';
import type { MakeContext } from './run/simulated-user.ts';
import { runIdOf, shareOfThisProcess, startAtEpochMs } from './segment.ts';
import { describeThresholds } from './verdict/describe.ts';
import { judgeRun, judgeThreshold } from './verdict/judge.ts';
import type { RunLimits } from './verdict/limits.ts';
import { parseLimits } from './verdict/parse-limits.ts';

export interface SessionParts {
  readonly testInfo: TestInfo;
  /** What `use` says of requests, as for Playwright's own `request`. */
  readonly contextOptions: RequestContextOptions;
  /** Playwright's maker of contexts, for `transport: 'playwright'`. */
  readonly request: APIRequest;
  /** The server's process, where it runs on this machine and is known. */
  readonly serverPid: number | undefined;
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
  readonly #beganAtMs: number;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? realClock;
    this.#beganAtMs = this.#clock.now();
  }

  async load<Row>(profile: Profile, scenario: Scenario<Row>, options: Options<Row> = {}): Promise<LoadRun> {
    if (!(profile instanceof Profile))
      throw new OptionsError([
        'the first argument of `load` is a profile, such as `users(10).for("30s")` or `arrivals("500/s").for("1m")`',
      ]);
    if (typeof scenario !== 'function')
      throw new OptionsError([
        'the second argument of `load` is the scenario, such as `({ request }) => request.get("/health")`',
      ]);
    const resolved = resolveOptions(options, profile);
    const share = shareOfThisProcess(this.#parts.testInfo.config.shard, process.env);
    const plan = planOf(profile, resolved, this.#runs.length);
    const recorder = new Recorder({ plan, ...(resolved.expectStatus && { expectStatus: resolved.expectStatus }) });
    const abortLimits =
      options.abortOn === undefined
        ? []
        : parseLimits(options.abortOn, {
            scope: { kind: 'run' },
            model: plan.model,
            apdexGiven: plan.apdexMs !== undefined,
          });
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
          options: options,
          abortLimits,
        }),
      {
        subtitle: share.of === 1 ? plan.model : `${plan.model}, segment ${share.index + 1} of ${share.of}`,
      },
    );
    await run.over;
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
      if (data.segments.length === 0) continue; // it never began: its error is the test's
      testInfo.attachments.push({
        name: payloadAttachment,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify(encodeRun(data))),
      });
    }
    const unsaid = this.#runs
      .filter(({ data }) => data.segments.length > 0)
      .flatMap(({ data }) => unsaidOf(data, testInfo));
    if (unsaid.length > 0) throw new Error(unsaid.join('\n\n'));
  }

  async #carryOut(work: Work): Promise<void> {
    const { resolved, run, recorder } = work;
    await this.#waitForStart(resolved, run.stop.signal);
    const watched = this.#watchServer();
    const contexts = await this.#contexts(work);
    const stopProgress = new AbortController();
    const generator = { stop: (): GeneratorSeries => [] };
    try {
      if (resolved.observeBeforeMs > 0)
        await this.#observe(watched, 'baseline', resolved.observeBeforeMs, run.stop.signal);
      await watched?.begin('load');
      const end = await runLoad({
        ...this.#runParts(work),
        makeContext: contexts.make,
        onBegin: (zeroMs) => {
          watched?.setOrigin(zeroMs);
          void this.#clock.sleepUntil(zeroMs, stopProgress.signal).then(() => {
            if (!stopProgress.signal.aborted) generator.stop = samplerStop(this.#clock);
          });
          void showProgress({
            run: recorder.data,
            clock: this.#clock,
            zeroMs,
            plannedMs: work.profile.durationMs,
            signal: stopProgress.signal,
          });
        },
      });
      stopProgress.abort();
      recorder.data.segments.push(this.#segmentOf(work, end, generator.stop()));
      if (resolved.observeAfterMs > 0) await this.#observe(watched, 'after', resolved.observeAfterMs, run.stop.signal);
    } finally {
      stopProgress.abort();
      generator.stop();
      if (watched !== undefined) recorder.data.resources.push(await watched.stop());
      await contexts.close();
      run.ended = true;
    }
  }

  #runParts({ profile, scenario, recorder, share, resolved, run, options, abortLimits }: Work) {
    const { data } = options;
    return {
      profile,
      scenario,
      recorder,
      clock: this.#clock,
      share,
      warmUpMs: resolved.warmUpMs,
      maxInFlight: Math.max(1, Math.floor(resolved.maxInFlight / share.of)),
      gracefulStopMs: resolved.gracefulStopMs,
      maxDurationMs: resolved.maxDurationMs,
      seed: resolved.seed,
      signal: run.stop.signal,
      ...(data !== undefined && { nextRow: data.rows(share) }),
      ...(abortLimits.length > 0 && {
        shouldAbort: this.#abortRule(recorder.data, abortLimits, resolved.abortAfterMs),
      }),
    };
  }

  /** Asked once a second; before `abortAfter` the answer is always no. */
  #abortRule(data: RunData, limits: readonly Threshold[], afterMs: number): () => string | undefined {
    const beganAtMs = this.#clock.now();
    return () => {
      if (this.#clock.now() - beganAtMs < afterMs) return undefined;
      const met = limits.find(
        (limit) => judgeThreshold(data, limit).actual !== undefined && judgeThreshold(data, limit).verdict === 'passed',
      );
      return met === undefined ? undefined : `\`abortOn\` was met: ${met.metric} ${met.target.text}`;
    };
  }

  #segmentOf({ share }: Work, end: RunEnd, generator: GeneratorSeries): RunData['segments'][number] {
    return {
      runId: runIdOf(process.env),
      index: share.index,
      of: share.of,
      startedAtEpochMs: end.startedAtEpochMs,
      durationMs: end.endedAtMs - end.beganAtMs,
      ...(end.stopped !== undefined && { stopped: end.stopped }),
      generator,
      pid: process.pid,
    };
  }

  /** Users share one pool of connections, or each has its own; Playwright's contexts have to be made before the start. */
  async #contexts({ profile, resolved }: Work): Promise<{ make: MakeContext; close: () => Promise<void> }> {
    const { contextOptions, request } = this.#parts;
    const common: RequestContextOptions = { ...contextOptions, timeout: resolved.timeoutMs };
    const now = () => this.#clock.now();
    if (resolved.transport === 'playwright') return playwrightContexts(request, common, profile, now);
    const pool = resolved.connections === 'shared' ? createPool({ http2: resolved.http2, now }) : undefined;
    const own = pool === undefined ? { http2: resolved.http2 } : { pool };
    return {
      make: (callbacks) => new RequestContext({ ...common, ...own, ...callbacks, now }),
      close: async () => pool?.close(),
    };
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
    testInfo.setTimeout(Math.max(testInfo.timeout, this.#clock.now() - this.#beganAtMs + waitMs + loadMs + overheadMs));
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
  readonly abortLimits: readonly Threshold[];
}

function samplerStop(clock: Clock): () => GeneratorSeries {
  const sampler = startGeneratorSampler({ now: () => clock.now() });
  return () => sampler.stop();
}

function planOf(
  profile: Profile,
  { name, warmUpMs, apdexMs, whenSaturated, unjudged }: ResolvedOptions,
  index: number,
): RunPlan {
  const { durationMs, steady, askedRate } = profile;
  return {
    index,
    profile: profile.describe(),
    model: profile.model,
    warmUpMs,
    whenSaturated,
    ...(unjudged && { unjudged }),
    ...(name !== undefined && { name }),
    ...(durationMs !== undefined && { plannedMs: durationMs }),
    ...(steady !== undefined && { steady }),
    ...(askedRate !== undefined && { askedRate }),
    ...(apdexMs !== undefined && { apdexMs }),
  };
}

/** Playwright's own contexts, one a user as far as they are few: making one is slow, and thousands are collected as garbage. */
const mostPlaywrightContexts = 256;

async function playwrightContexts(
  request: APIRequest,
  options: RequestContextOptions,
  profile: Profile,
  now: () => number,
): Promise<{ make: MakeContext; close: () => Promise<void> }> {
  const count = profile.model === 'open' ? 1 : Math.min(profile.peak, mostPlaywrightContexts);
  const made: APIRequestContext[] = [];
  for (let n = 0; n < count; n++) made.push(await request.newContext(options));
  let next = 0;
  return {
    make: (callbacks) => {
      const context = made[next++ % made.length];
      if (context === undefined) throw new Error('at least one context was made');
      return new PlaywrightTransport({ context, ...callbacks, now });
    },
    close: async () => {
      for (const context of made) await context.dispose();
    },
  };
}

/** What makes a test fail beside the thresholds its author has judged: an error of the load test itself, in words. */
function unsaidOf(data: RunData, testInfo: TestInfo): string[] {
  if (data.segments.some(({ of }) => of > 1) || testInfo.status === 'interrupted' || testInfo.status === 'timedOut')
    return [];
  const { verdict, reason, thresholds } = judgeRun(data);
  if (verdict === 'passed' || verdict === 'acceptable') return [];
  if (verdict === 'failed' && data.thresholds.length > 0) {
    const implied = thresholds
      .slice()
      .filter(
        (threshold) =>
          threshold.verdict === 'failed' &&
          !data.thresholds.some(
            (asked) => asked.metric === threshold.metric && judgeThreshold(data, asked).scope === threshold.scope,
          ),
      );
    return implied.length === 0 && testInfo.errors.length > 0
      ? []
      : [`${data.plan.profile}: ${reason}\n\n${describeThresholds(data, implied)}`];
  }
  return verdict === 'failed' && testInfo.errors.length > 0 ? [] : [`${verdict}: ${data.plan.profile}: ${reason}`];
}
