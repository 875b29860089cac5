/**
 * What `load(…)` resolves with: the figures of a run, and the parts of it that `expect(…).toMeet(…)` can judge.
 */
import { type Benchmark, benchmarkOf } from './analysis/benchmark.ts';
import type { LoadStep } from './analysis/load-step.ts';
import type { RecoveryWindow } from './analysis/recovery.ts';
import { recoveryWindows } from './analysis/recovery-windows.ts';
import { stepOfRun } from './analysis/step-of-run.ts';
import { metricValue } from './measure/custom-metric.ts';
import {
  type ExtrasSummary,
  type SocketSummary,
  type StreamSummary,
  summarizeExtras,
} from './measure/extras-summary.ts';
import { addExtras, type RowExtras } from './measure/row-extras.ts';
import { nameAsked } from './measure/entry-name.ts';
import { type GroupCounts, groupCounts } from './measure/group-data.ts';
import { tagAsked } from './measure/tags.ts';
import type { RequestCounts } from './measure/counts.ts';
import type { LatencyStats } from './measure/histogram.ts';
import type { Steadiness } from './measure/steadiness.ts';
import type { ResourceSeries } from './measure/resource-series.ts';
import { type EndpointData, overall, type RunData } from './measure/run-data.ts';
import { durationMsOfRun, figuresOf, type RunFigures } from './measure/summary.ts';
import type { Scope, TimeWindow } from './measure/threshold.ts';
import { type Duration, formatDuration, parseDurationMs } from './measure/units.ts';
import { OptionsError } from './options-error.ts';
import { type ErrorBudget, type ErrorBudgetOptions, errorBudgets } from './verdict/error-budget.ts';
import { type Goodput, goodputOf, type GoodputSubject, requestLimits } from './verdict/goodput.ts';
import { judgeRun, type Judgement } from './verdict/judge.ts';
import type {
  CheckLimits,
  EndpointLimits,
  GroupLimits,
  MetricLimits,
  RunLimits,
  WindowLimits,
} from './verdict/limits.ts';
import { metricStatistics, metricUnitOf } from './verdict/metric.ts';
import { missedPromises } from './verdict/missed-promises.ts';
import { ownShortage } from './verdict/own-shortage.ts';
import { steadinessOf } from './verdict/steadiness.ts';

/** What is judged: which numbers, of what, and in which part of their time. */
export interface Part {
  readonly data: RunData;
  readonly scope: Scope;
  readonly window?: TimeWindow;
}

declare const limits: unique symbol;

/**
 * A part of a run that `expect(…).toMeet(…)` can judge. `Limits` are those that make sense for it: a misspelt one, or
 * one that only a whole run has, is red in the editor.
 */
export class Measured<Limits> {
  /** For the compiler alone: which limits `toMeet` takes. */
  declare readonly [limits]?: Limits;
  readonly #part: Part | (() => Part);

  /** @internal */
  constructor(part: Part | (() => Part)) {
    this.#part = part;
  }

  /** @internal */
  static partOf(measured: Measured<unknown>): Part {
    return typeof measured.#part === 'function' ? measured.#part() : measured.#part;
  }
}

/** For matchers and test aids: users get figures and judgments of a run, not what they are made of. */
export const partOf = (measured: Measured<unknown>): Part => Measured.partOf(measured);

/** A part of a run that can be narrowed to a stretch of its time. */
class Timed<Limits> extends Measured<Limits> {
  /**
   * Without its first so-and-so-long, counted from the start of measuring: `run.after('30s')`. Throws an `OptionsError`
   * for what is no duration.
   */
  after(duration: Duration): Measured<WindowLimits> {
    const fromMs = parseDurationMs(duration, 'after');
    return this.#during({ kind: 'between', fromMs, toMs: undefined, text: `after ${duration}` });
  }

  /**
   * Each window of that length has to hold, not only their sum; the worst is told with its time. Throws an
   * `OptionsError` for what is no whole number of seconds.
   */
  every(duration: Duration): Measured<WindowLimits> {
    const lengthMs = parseDurationMs(duration, 'every');
    if (lengthMs < 1_000 || lengthMs % 1_000 !== 0)
      throw new OptionsError([`\`every\` counts whole seconds, got \`${duration}\``]);
    return this.#during({ kind: 'every', lengthMs, text: `every ${duration}` });
  }

  /**
   * The longest stretch in which the profile holds its level: no ramp, no warm-up. Throws an `OptionsError` for a
   * profile that only counts, and so does not know how long it holds one.
   */
  get steady(): Measured<WindowLimits> {
    const { steady, profile } = partOf(this).data.plan;
    if (steady === undefined)
      throw new OptionsError([`\`${profile}\` does not say how long it holds a level, so it has no \`steady\` part`]);
    const text = `steady from ${formatDuration(steady.fromMs)} to ${formatDuration(steady.toMs)}`;
    return this.#during({ kind: 'between', ...steady, text });
  }

  #during(window: TimeWindow): Measured<WindowLimits> {
    const { data, scope } = partOf(this);
    return new Measured({ data, scope, window });
  }
}

/** Requests and measured calls that share a row. Latencies are in milliseconds; each figure is absent where nothing was measured. */
abstract class RowRun extends Timed<EndpointLimits> {
  /** What its row is called. */
  readonly name: string;

  /** @internal */
  constructor(data: RunData, scope: { readonly kind: 'endpoint' | 'tag'; readonly name: string }) {
    super({ data, scope });
    this.name = scope.name;
  }

  /** How many became what. Absent where there was none. */
  get requests(): RequestCounts | undefined {
    return this.row?.counts;
  }

  /** Service time: from the first byte sent to the last byte received. */
  get serviceMs(): LatencyStats | undefined {
    return this.row?.service.stats();
  }

  /** Response time: from the intended start to the last byte received. Open model only. */
  get responseMs(): LatencyStats | undefined {
    return this.row?.response.stats();
  }

  /** Its streams, absent where nothing was one. A stream is a request too, and in the other figures. */
  get stream(): StreamSummary | undefined {
    return this.#extras.stream;
  }

  /** Its WebSockets, absent where none was opened: the handshakes are requests, messages are not. */
  get socket(): SocketSummary | undefined {
    return this.#extras.socket;
  }

  /** Milliseconds that the server told of its answers (`Server-Timing`, W3C), by its names; absent where it told none. */
  get serverTiming(): Readonly<Record<string, LatencyStats>> | undefined {
    return this.#extras.serverTimingMs;
  }

  get #extras(): ExtrasSummary {
    return summarizeExtras(this.row ?? {}, durationMsOfRun(partOf(this).data));
  }

  /** @internal */
  protected abstract get row(): EndpointData | undefined;
}

/**
 * One row of the run's table: the requests of one method and route template, or of one `name`. Its own `name` is
 * `GET /api/v1/workflows/:id`, or that which its requests were given.
 */
export class EndpointRun extends RowRun {
  /** @internal */
  constructor(data: RunData, name: string) {
    super(data, { kind: 'endpoint', name: nameAsked('endpoint', name) });
  }

  /** As `run.goodput`, of its requests alone; dropped arrivals are known of the whole run only. */
  goodput(limits: EndpointLimits): Goodput | undefined {
    return goodputAsked({ data: partOf(this).data, endpoint: this.name }, limits);
  }

  /** As `run.errorBudget`, of its requests alone. */
  errorBudget(limits: EndpointLimits, options?: ErrorBudgetOptions): readonly ErrorBudget[] {
    return errorBudgets({ data: partOf(this).data, endpoint: this.name }, limits, options);
  }

  /** @internal */
  protected get row(): EndpointData | undefined {
    return partOf(this).data.endpoints.get(this.name);
  }
}

/**
 * One finished load, as `load` resolves with it. Figures are those of `summary.json`: milliseconds, shares of 1, per
 * second; each is absent where nothing was measured. Warm-up is in none of them.
 */
export class LoadRun extends Timed<RunLimits> {
  /** @internal */
  constructor(data: RunData) {
    super({ data, scope: { kind: 'run' } });
  }

  /** All figures at once, as `summary.json` has them. */
  get figures(): RunFigures {
    return figuresOf(this.#data);
  }

  /** Whether it was played once, as a functional test: nothing in it tells how fast anything is. */
  get once(): boolean {
    return this.#data.plan.once === true;
  }

  /** How many requests became what. */
  get requests(): RequestCounts {
    return this.#data.counts;
  }

  /** Share of the requests that succeeded, 0 to 1; one that was cut off at the end did not. */
  get successRate(): number | undefined {
    return this.figures.successRate;
  }

  /** Successful requests per second of the measured part (vegeta's `throughput`). */
  get throughputPerSec(): number | undefined {
    return this.figures.throughputPerSec;
  }

  /** Length of the measured part, by wall clock. */
  get durationMs(): number {
    return durationMsOfRun(this.#data);
  }

  /** Service time: from the first byte sent to the last byte received. k6's `http_req_duration`, nearly. */
  get serviceMs(): LatencyStats | undefined {
    return overall(this.#data, 'service').stats();
  }

  /**
   * Response time: from the intended start to the last byte received, what a user feels when the server stalls (free
   * of wrk2's "coordinated omission"). Open model only.
   */
  get responseMs(): LatencyStats | undefined {
    return overall(this.#data, 'response').stats();
  }

  /** Lag: actual start minus intended start, the generator's own error. Open model only. */
  get lagMs(): LatencyStats | undefined {
    return this.#data.lag.stats();
  }

  /** All its streams, absent where nothing was one. */
  get stream(): StreamSummary | undefined {
    return this.#extras.stream;
  }

  /** All its WebSockets, absent where none was opened. */
  get socket(): SocketSummary | undefined {
    return this.#extras.socket;
  }

  /** Milliseconds that servers told of their answers (`Server-Timing`, W3C), by name; absent where none was told. */
  get serverTiming(): Readonly<Record<string, LatencyStats>> | undefined {
    return this.#extras.serverTimingMs;
  }

  /**
   * Requests that succeeded within the latency limits, of all that were due: `run.goodput(slo).share`. Of several limits on
   * the same time the strictest counts; a limit on a percentile means that each request should keep it. Absent where nothing
   * was measured. Throws an `OptionsError` for limits of unknown form, and those without an upper limit on `max` or a
   * percentile of response or service time.
   */
  goodput(limits: RunLimits): Goodput | undefined {
    return goodputAsked({ data: this.#data }, limits);
  }

  /**
   * How fast the run used up the error budget of each objective, and its worst window; the one used up most first. Objectives
   * are limits on `errorRate` or `successRate`, and upper limits on percentiles of the run's bare latency. Empty where
   * nothing was measured. Throws an `OptionsError` for limits of unknown form, those of which none leaves a budget, and a
   * window that is no whole number of seconds.
   *
   * @example
   * const [budget] = run.errorBudget(checkout, { window: '1m' });
   * expect(budget?.worst.burn).toBeLessThan(14.4);
   */
  errorBudget(limits: RunLimits, options?: ErrorBudgetOptions): readonly ErrorBudget[] {
    return errorBudgets({ data: this.#data }, limits, options);
  }

  /**
   * Whether the run held one state, as its reports say; absent where it was too short to tell. Never part of its
   * verdict.
   */
  get steadiness(): Steadiness | undefined {
    return steadinessOf(this.#data);
  }

  /** Every row of the run's table. */
  get endpoints(): EndpointRun[] {
    return [...this.#data.endpoints.keys()].map((name) => this.endpoint(name));
  }

  /** `run.endpoint('GET /api/v1/workflows/:id')`. One that was never called has no data, which no threshold survives. */
  endpoint(name: string): EndpointRun {
    return new EndpointRun(this.#data, name);
  }

  /** `run.check('is a list')`: the checks of that name. One that was never made has no data. */
  check(name: string): Measured<CheckLimits> {
    return new Measured({ data: this.#data, scope: { kind: 'check', name: nameAsked('check', name) } });
  }

  /** `run.group('checkout')`: that part of the scenario. One that was never begun has no data. */
  group(name: string): GroupRun {
    return new GroupRun(this.#data, name);
  }

  /** `run.tag('tenant', 'a')`: requests and measured calls that have the tag. One that none has has no data. */
  tag(key: string, value: string | number | boolean): TagRun {
    return new TagRun(this.#data, tagAsked(key, value));
  }

  /** `run.metric('cart size')`: a metric of the scenario's own. One that never got a value has no data. */
  metric(name: string): MetricRun {
    return new MetricRun(this.#data, name);
  }

  /** The watched processes, second by second. */
  get resources(): readonly ResourceSeries[] {
    return this.#data.resources;
  }

  /** The measured part second by second, by intended start, as `timeToRecovery` of `playload/analysis` takes it. */
  get seconds(): RecoveryWindow[] {
    return recoveryWindows(this.#data, { fromMs: 0, toMs: this.durationMs });
  }

  /**
   * The run as a step of a capacity search, `level` being the arrivals per second, or the users, that were asked for:
   * `search.report(judgeStep(run.step(level), objective))`. With limits, the step is held against them too; they are not
   * judged as the run's own. Throws an `OptionsError` for limits of unknown form.
   */
  step(level: number, limits?: RunLimits): LoadStep {
    const { verdict, reason } = this.judgement.generator;
    const generatorBound = ownShortage(this.#data) ?? (verdict === 'saturated' ? reason : undefined);
    return stepOfRun(this.#data, {
      level,
      ...(limits !== undefined && { missed: missedPromises(this.#data, limits) }),
      ...(generatorBound !== undefined && { generatorBound }),
    });
  }

  /** Service times as pytest-benchmark describes them, ms: quartiles, spread, outliers, operations per second. */
  get benchmark(): Benchmark {
    return benchmarkOf(overall(this.#data, 'service'));
  }

  /** The verdict as it stands, by the thresholds set so far. */
  get judgement(): Judgement {
    return judgeRun(this.#data);
  }

  get #extras(): ExtrasSummary {
    const all: RowExtras = {};
    for (const row of this.#data.endpoints.values()) addExtras(all, row);
    return summarizeExtras(all, this.durationMs);
  }

  get #data(): RunData {
    return partOf(this).data;
  }
}

/** The requests and measured calls that have a tag, of the name `tenant=a`; figures as of an endpoint. */
export class TagRun extends RowRun {
  /** @internal */
  constructor(data: RunData, name: string) {
    super(data, { kind: 'tag', name });
  }

  /** @internal */
  protected get row(): EndpointData | undefined {
    return partOf(this).data.tags.get(this.name);
  }
}

/** A named part of the scenario, over all users. */
export class GroupRun extends Measured<GroupLimits> {
  /** As `group(name, …)` was given it. */
  readonly name: string;

  /** @internal */
  constructor(data: RunData, name: string) {
    const kept = nameAsked('group', name);
    super({ data, scope: { kind: 'group', name: kept } });
    this.name = kept;
  }

  /** How many became what. Absent for a group that was never begun. */
  get counts(): GroupCounts | undefined {
    const group = partOf(this).data.groups.get(this.name);
    return group === undefined ? undefined : groupCounts(group);
  }

  /** From its call to its end, of those that ended well. Absent where none did. */
  get durationMs(): LatencyStats | undefined {
    return partOf(this).data.groups.get(this.name)?.durations.stats();
  }
}

/** A metric of the scenario's own, over all users. */
export class MetricRun extends Measured<MetricLimits> {
  /** As `metrics.counter(name)` and the others were given it. */
  readonly name: string;

  /** @internal */
  constructor(data: RunData, name: string) {
    const kept = nameAsked('metric', name);
    super({ data, scope: { kind: 'metric', name: kept } });
    this.name = kept;
  }

  /**
   * A statistic in the metric's own unit, a `rate` as a share of 1; absent where the metric's kind has none, or nothing
   * was counted. Throws an `OptionsError` for a word that is no statistic.
   */
  value(statistic: keyof MetricLimits): number | undefined {
    if (metricUnitOf(statistic) === undefined)
      throw new OptionsError([
        `\`${statistic}\` is no statistic of a metric; known are ${metricStatistics.join(', ')}`,
      ]);
    const metric = partOf(this).data.metrics.get(this.name);
    return metric === undefined ? undefined : metricValue(metric, statistic);
  }
}

function goodputAsked(subject: GoodputSubject, limits: EndpointLimits): Goodput | undefined {
  if (Object.keys(requestLimits(limits, subject.data)).length === 0)
    throw new OptionsError([
      '`goodput` needs an upper limit on a percentile or on `max` of response or service time, such as `p95: "< 100ms"`',
    ]);
  return goodputOf(subject, limits);
}
