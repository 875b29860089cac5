/**
 * What `load(…)` resolves with: the figures of a run, and the parts of it that `expect(…).toMeet(…)` can judge.
 */
import { type Benchmark, benchmarkOf } from './analysis/benchmark.ts';
import type { LoadStep } from './analysis/load-step.ts';
import type { RecoveryWindow } from './analysis/recovery.ts';
import { recoveryWindows } from './analysis/recovery-windows.ts';
import { stepOfRun } from './analysis/step-of-run.ts';
import { metricValue } from './measure/custom-metric.ts';
import { entryName } from './measure/entry-name.ts';
import type { RequestCounts } from './measure/counts.ts';
import type { LatencyStats } from './measure/histogram.ts';
import type { ResourceSeries } from './measure/resource-series.ts';
import { overall, type RunData } from './measure/run-data.ts';
import { durationMsOfRun, figuresOf, type RunFigures } from './measure/summary.ts';
import type { Scope, TimeWindow } from './measure/threshold.ts';
import { type Duration, formatDuration, parseDurationMs } from './measure/units.ts';
import { OptionsError } from './options-error.ts';
import { judgeRun, type Judgement } from './verdict/judge.ts';
import type { CheckLimits, EndpointLimits, MetricLimits, RunLimits, WindowLimits } from './verdict/limits.ts';

/** A part of a run that thresholds can be put on. `Limits` are those that make sense for it. */
export class Measured<Limits> {
  /** For the compiler alone: which limits `toMeet` takes. */
  declare readonly limits?: Limits;
  readonly data: RunData;
  readonly scope: Scope;
  readonly window: TimeWindow | undefined;

  constructor(data: RunData, scope: Scope, window?: TimeWindow) {
    this.data = data;
    this.scope = scope;
    this.window = window;
  }
}

/** A part of a run or of an endpoint that can be narrowed to a time. */
class Timed<Limits> extends Measured<Limits> {
  /** Without its first so-and-so-long. */
  after(duration: Duration): Measured<WindowLimits> {
    const fromMs = parseDurationMs(duration, 'after');
    return new Measured(this.data, this.scope, { kind: 'between', fromMs, toMs: undefined, text: `after ${duration}` });
  }

  /** Each whole window of that length must hold, not only their sum. */
  every(duration: Duration): Measured<WindowLimits> {
    const lengthMs = parseDurationMs(duration, 'every');
    if (lengthMs < 1_000 || lengthMs % 1_000 !== 0)
      throw new OptionsError([`\`every\` counts whole seconds, got \`${duration}\``]);
    return new Measured(this.data, this.scope, { kind: 'every', lengthMs, text: `every ${duration}` });
  }

  /** The longest stretch in which the profile holds its level: no ramp, no warm-up. */
  get steady(): Measured<WindowLimits> {
    const { steady } = this.data.plan;
    if (steady === undefined)
      throw new OptionsError([
        `\`${this.data.plan.profile}\` does not say how long it holds a level, so it has no \`steady\` part`,
      ]);
    const text = `steady from ${formatDuration(steady.fromMs)} to ${formatDuration(steady.toMs)}`;
    return new Measured(this.data, this.scope, { kind: 'between', ...steady, text });
  }
}

/** One row of the run's table: requests of one method and route template. */
export class EndpointRun extends Timed<EndpointLimits> {
  readonly name: string;

  constructor(data: RunData, name: string) {
    const kept = entryName(name);
    super(data, { kind: 'endpoint', name: kept });
    this.name = kept;
  }

  get requests(): RequestCounts | undefined {
    return this.data.endpoints.get(this.name)?.counts;
  }

  get serviceMs(): LatencyStats | undefined {
    return this.data.endpoints.get(this.name)?.service.stats();
  }

  get responseMs(): LatencyStats | undefined {
    return this.data.endpoints.get(this.name)?.response.stats();
  }
}

/** One finished load. Figures are those of `summary.json`: milliseconds, shares of 1, per second; absent when not measured. */
export class LoadRun extends Timed<RunLimits> {
  constructor(data: RunData) {
    super(data, { kind: 'run' });
  }

  get figures(): RunFigures {
    return figuresOf(this.data);
  }

  get requests(): RequestCounts {
    return this.data.counts;
  }

  get successRate(): number | undefined {
    return this.figures.successRate;
  }

  get throughputPerSec(): number | undefined {
    return this.figures.throughputPerSec;
  }

  get durationMs(): number {
    return durationMsOfRun(this.data);
  }

  get serviceMs(): LatencyStats | undefined {
    return overall(this.data, 'service').stats();
  }

  get responseMs(): LatencyStats | undefined {
    return overall(this.data, 'response').stats();
  }

  get lagMs(): LatencyStats | undefined {
    return this.data.lag.stats();
  }

  get endpoints(): EndpointRun[] {
    return [...this.data.endpoints.keys()].map((name) => this.endpoint(name));
  }

  /** `run.endpoint('GET /api/v1/workflows/:id')`. One that was never called has no data, which no threshold survives. */
  endpoint(name: string): EndpointRun {
    return new EndpointRun(this.data, name);
  }

  check(name: string): Measured<CheckLimits> {
    return new Measured(this.data, { kind: 'check', name: entryName(name) });
  }

  metric(name: string): MetricRun {
    return new MetricRun(this.data, name);
  }

  /** The watched processes, second by second. */
  get resources(): readonly ResourceSeries[] {
    return this.data.resources;
  }

  /** The measured part second by second, by intended start, as the analysis of recovery takes it. */
  get seconds(): RecoveryWindow[] {
    return recoveryWindows(this.data, { fromMs: 0, toMs: this.durationMs });
  }

  /** The run as a step of a capacity search: `breakingPointSearch().report(judgeStep(run.step(rate), objective))`. */
  step(rate: number): LoadStep {
    const { verdict, reason } = this.judgement.generator;
    return stepOfRun(this.data, { rate, ...(verdict === 'saturated' && { generatorBound: reason }) });
  }

  /** Service times as pytest-benchmark describes them: quartiles, spread, outliers, operations per second. */
  get benchmark(): Benchmark {
    return benchmarkOf(overall(this.data, 'service'));
  }

  /** The verdict as it stands, by the thresholds set so far. */
  get judgement(): Judgement {
    return judgeRun(this.data);
  }
}

export class MetricRun extends Measured<MetricLimits> {
  readonly name: string;

  constructor(data: RunData, name: string) {
    const kept = entryName(name);
    super(data, { kind: 'metric', name: kept });
    this.name = kept;
  }

  /** `count`, `rate`, `last`, `mean`, `p95` …; absent where the metric has none. */
  value(statistic: string): number | undefined {
    const metric = this.data.metrics.get(this.name);
    return metric === undefined ? undefined : metricValue(metric, statistic);
  }
}
