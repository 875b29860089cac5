/**
 * What there is to see of a soak: the memory and the handles of the server's process, latency and throughput by
 * windows.
 */
import { type Drift, findDrift } from '../analysis/drift.ts';
import {
  defaultHandleLeakOptions,
  findHandleLeak,
  type HandleLeak,
  type HandleLeakOptions,
} from '../analysis/handle-leak.ts';
import { findLeak, type Leak } from '../analysis/leak.ts';
import { type SoakWindow, soakWindows } from '../analysis/soak-windows.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import type { Model } from '../measure/run-data.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { formatCount } from '../measure/units.ts';
import { whyStoppedBefore } from './experiment.ts';
import type { SoakQuestion } from './soak-question.ts';

/** A latency that differs by less, milliseconds, has not drifted. */
const minLatencyDifferenceMs = 1;

export interface Looked {
  readonly run: LoadRun;
  readonly stretch: { readonly fromMs: number; readonly toMs: number };
  /** What makes all of it worth nothing, in words. */
  readonly voided: string | undefined;
  readonly server: ResourceSeries | undefined;
  readonly memory: Leak | undefined;
  readonly handles: HandleLeak | undefined;
  readonly windows: readonly SoakWindow[];
  readonly latency: { readonly p50: Drift; readonly p95: Drift };
  readonly throughput: Drift;
  /** From when on, ms, no request was answered well, up to the end. */
  readonly silentFromMs: number | undefined;
}

export function lookAt(run: LoadRun, { limitMb, memory, handles, drift }: SoakQuestion): Looked {
  const { data } = partOf(run);
  const { fromMs, toMs } = data.plan.steady ?? { fromMs: 0, toMs: run.durationMs };
  const stretch = { fromMs, toMs: Math.min(toMs, run.durationMs) };
  const series = run.resources.find(({ name }) => name === 'server');
  const samples = series?.samples.filter(({ atMs }) => atMs >= stretch.fromMs && atMs <= stretch.toMs) ?? [];
  const open = samples.flatMap(({ atMs, handles: count }) => (count === undefined ? [] : [{ atMs, handles: count }]));
  const windows = soakWindows(data, stretch);
  const requests = run.requests.started * ((stretch.toMs - stretch.fromMs) / run.durationMs);
  const ofLatency = (read: (window: SoakWindow) => number | undefined): Drift =>
    findDrift(valuesOf(windows, read), { minDifference: minLatencyDifferenceMs, ...drift });
  return {
    run,
    stretch,
    voided: whyVoid(run, toMs),
    server: series && { ...series, samples },
    memory:
      series &&
      findLeak({ readings: samples, requests, ...(limitMb !== undefined && { limitMb }), options: memory ?? {} }),
    handles:
      open.length === 0
        ? undefined
        : findHandleLeak({ readings: open, requests, options: handleOptions(run, handles) }),
    windows,
    latency: { p50: ofLatency(({ p50Ms }) => p50Ms), p95: ofLatency(({ p95Ms }) => p95Ms) },
    throughput: findDrift(valuesOf(windows, throughputOf(run)), { ...drift, minDifference: 0 }),
    silentFromMs: silentFrom(windows, data.plan.model),
  };
}

/** A server that dies near the end moves no trend, and leaves no latency to move one. */
function silentFrom(windows: readonly SoakWindow[], model: Model): number | undefined {
  const silent = windows.slice(windows.findLastIndex(({ okPerSec }) => okPerSec > 0) + 1);
  const [first, second] = [silent[0], windows[1]];
  if (first === undefined || windows[0] === undefined) return undefined;
  if (model === 'open' && !silent.some(({ okShare }) => okShare === 0)) return undefined;
  const lengthMs = second === undefined ? 0 : second.atMs - windows[0].atMs;
  return first.atMs - lengthMs / 2;
}

/**
 * The load's own connections are handles of the server's process too, and a stall opens more of them: as many as were ever
 * in flight at once, or as there are users, may be added without a leak.
 */
export function handleOptions(run: LoadRun, given: SoakQuestion['handles']): HandleLeakOptions {
  const options = { ...defaultHandleLeakOptions, ...given };
  let most = 0;
  for (const { inFlight, users } of partOf(run).data.windows.values()) most = Math.max(most, inFlight, users);
  return { ...options, minGrowth: options.minGrowth + most };
}

/** In an open model as much is answered per second as is asked: what it is of that is what can drift. */
export function throughputOf(run: LoadRun): (window: SoakWindow) => number | undefined {
  return partOf(run).data.plan.model === 'open' ? ({ okShare }) => okShare : ({ okPerSec }) => okPerSec;
}

export function valuesOf(windows: readonly SoakWindow[], read: (window: SoakWindow) => number | undefined) {
  return windows.flatMap((window) => {
    const value = read(window);
    return value === undefined ? [] : [{ atMs: window.atMs, value }];
  });
}

function whyVoid(run: LoadRun, plannedToMs: number): string | undefined {
  const { ok, started } = run.requests;
  if (ok === 0) return `none of ${formatCount(started)} requests was answered well: there was no server to soak`;
  const { verdict, reason, generator } = run.judgement;
  if (verdict === 'incomplete' || (verdict === 'invalid' && generator.verdict !== 'saturated'))
    return `the load is ${verdict}: ${reason}`;
  const cut = whyStoppedBefore(run, plannedToMs);
  return cut && `the load ${cut}`;
}
