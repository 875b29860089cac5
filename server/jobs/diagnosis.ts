/**
 * Looks at what is known of an instance and says what is wrong and what to do. The rules are in `domain/analysis/` and
 * `domain/optimization/`; here is what they are given.
 */
import { analyse, type Analysis } from '../domain/analysis/analyse.ts';
import { burnWindows } from '../domain/analysis/burn-rate.ts';
import type { Slo } from '../domain/analysis/slo.ts';
import type { Timeline } from '../domain/analysis/timeline.ts';
import { SnapshotWindow } from '../domain/analysis/window.ts';
import type { Clock } from '../domain/clock.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import type { Instance } from '../domain/instance.ts';
import type { Constraints } from '../domain/optimization/constraints.ts';
import type { Config } from '../domain/optimization/flags.ts';
import { plan, type Plan, type Tried } from '../domain/optimization/plan.ts';
import { rememberedWorkflows, triedIn } from '../domain/workflows/tried.ts';
import type { WorkflowStore } from '../store/workflows.ts';
import type { Collector } from './collection/collector.ts';
import type { HistoryLines } from './history-lines.ts';
import { Turns } from './turns.ts';

interface DiagnosisParts {
  readonly lines: HistoryLines;
  readonly workflows: WorkflowStore;
  readonly collector: Collector;
  readonly clock: Clock;
  readonly scrapeTimeoutMs: number;
}

interface AnalysisRequest {
  readonly instance: Instance;
  readonly windowS: number;
  readonly minRequests: number;
  /** Instead of what the instance promises. */
  readonly slos?: readonly Slo[] | undefined;
  /** False: by what is stored alone, be it nothing. */
  readonly collect?: boolean;
}

interface PlanRequest extends AnalysisRequest {
  /** Instead of what the instance is registered with. */
  readonly config?: Config | undefined;
  readonly constraints?: Constraints | undefined;
}

/** A window that was measured for the purpose, instead of the stored snapshots. */
export interface MeasuredRequest {
  readonly instance: Instance;
  readonly slices: readonly Snapshot[];
  readonly minRequests: number;
}

export interface Diagnosed {
  readonly analysis: Analysis;
  readonly plan: Plan;
}

/** The longest window of a burn rate, and the snapshot before it, which may be as old as an interval is long at most. */
const burnMs = (Math.max(...burnWindows.map(({ longS }) => longS)) + 3_600) * 1_000;

export class Diagnosis {
  readonly #parts: DiagnosisParts;
  readonly #turns = new Turns();

  constructor(parts: DiagnosisParts) {
    this.#parts = parts;
  }

  /** By the stored snapshots; when there are none in the window, one page is read first. @throws as `Collector.collect` */
  async analyse(request: AnalysisRequest): Promise<Analysis> {
    return this.#judge(request, await this.#read(request)).analysis;
  }

  /** As {@link analyse}, and what to do about it. */
  async plan(request: PlanRequest): Promise<Diagnosed> {
    const { instance, config = instance.config, constraints = instance.constraints } = request;
    const history = await this.#tried(instance);
    // Nobody has a turn from here on: who asks next changes the line.
    const { analysis, window } = this.#judge(request, await this.#read(request));
    const { engine } = instance;
    return { analysis, plan: plan({ engine, analysis, snapshots: window, config, constraints, history }) };
  }

  /** By the slices of one measured window. */
  async diagnose({ instance, slices, minRequests }: MeasuredRequest): Promise<Diagnosed> {
    const { engine, slos, config, constraints } = instance;
    const first = slices[0];
    const last = slices.at(-1);
    if (first === undefined || last === undefined) throw new Error('a window without slices');
    const nowMs = Date.parse(last.taken_at);
    const windowS = (nowMs - Date.parse(first.taken_at)) / 1_000 + (first.interval_s ?? 0);
    // Promises are judged over this window, whatever theirs is: nothing else has been measured so closely.
    const promised = slos.map((slo) => ({ ...slo, window_s: Math.max(1, Math.ceil(windowS)) }));
    const analysis = analyse({ engine, snapshots: slices, slos: promised, nowMs, windowS: windowS + 1, minRequests });
    const history = await this.#tried(instance);
    return { analysis, plan: plan({ engine, analysis, snapshots: slices, config, constraints, history }) };
  }

  async #tried({ id }: Instance): Promise<Tried[]> {
    return triedIn(await this.#parts.workflows.changed(id, rememberedWorkflows));
  }

  #judge({ instance, windowS, minRequests, slos = instance.slos }: AnalysisRequest, line: Timeline) {
    const nowMs = this.#parts.clock.nowMs();
    const analysis = analyse({ engine: instance.engine, snapshots: line, slos, nowMs, windowS, minRequests });
    return { analysis, window: new SnapshotWindow(line, { fromMs: nowMs - windowS * 1_000, toMs: nowMs }) };
  }

  async #read({ instance, windowS, slos = instance.slos, collect = true }: AnalysisRequest): Promise<Timeline> {
    await this.#turns.next();
    const { lines, collector, clock, scrapeTimeoutMs } = this.#parts;
    const depthMs = slos.length > 0 ? burnMs : windowS * 1_000;
    const line = await lines.upToDate(instance, depthMs);
    if (!collect || (line.lastAtMs ?? 0) > clock.nowMs() - windowS * 1_000) return line;
    const snapshot = await collector.collect(instance, scrapeTimeoutMs);
    const after = await lines.upToDate(instance, depthMs);
    // One that was too close to its predecessor is not stored: it counts until all is looked over again.
    if (!after.has(Date.parse(snapshot.taken_at))) after.add(snapshot);
    return after;
  }
}
