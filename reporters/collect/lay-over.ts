/**
 * Segments on one time axis: whoever began later has its seconds, requests and readings moved back to when they were,
 * by wall clock.
 */
import { addOpenedRun, type OpenedRun } from '../../load/measure/payload.ts';
import { addProbe, emptyProbe, type ProbeData } from '../../load/measure/probe-data.ts';
import { emptyRunData, type ErrorGroup, type RunData } from '../../load/measure/run-data.ts';
import { fineMs } from '../../load/measure/run-window.ts';

/** Adds a run as it is seen from a start that was `laterMs` before its own; whole seconds move to the nearest. */
export function addSeenFrom(into: RunData, opened: OpenedRun, laterMs: number): void {
  const seconds = Math.round(laterMs / 1_000);
  addOpenedRun(into, { ...opened, rest: moved(opened.rest, laterMs, seconds) }, seconds);
}

function moved(run: RunData, laterMs: number, seconds: number): RunData {
  const { exemplars } = emptyRunData(run.plan);
  exemplars.addAll(run.exemplars.list().map((each) => ({ ...each, atMs: each.atMs + laterMs })));
  return {
    ...run,
    exemplars,
    errors: new Map([...run.errors].map(([key, group]) => [key, { ...group, ...laterBy(group, laterMs) }])),
    windows: new Map([...run.windows].map(([second, window]) => [second + seconds, window])),
    fine: new Map([...run.fine].map(([at, window]) => [at + Math.round(laterMs / fineMs), window])),
    segments: run.segments.map((segment) => ({
      ...segment,
      generator: segment.generator.map((each) => ({ ...each, second: each.second + seconds })),
    })),
    resources: run.resources.map((series) => ({
      ...series,
      samples: series.samples.map((sample) => ({ ...sample, atMs: sample.atMs + laterMs })),
    })),
    probes: new Map([...run.probes].map(([name, probe]) => [name, laterProbe(probe, laterMs)])),
  };
}

function laterProbe(probe: ProbeData, laterMs: number): ProbeData {
  const moved = emptyProbe(probe.everyMs);
  addProbe(moved, probe, laterMs);
  return moved;
}

function laterBy({ fromMs, toMs }: ErrorGroup, laterMs: number): Pick<ErrorGroup, 'fromMs' | 'toMs'> {
  return {
    ...(fromMs !== undefined && { fromMs: fromMs + laterMs }),
    ...(toMs !== undefined && { toMs: toMs + laterMs }),
  };
}
