/**
 * Segments on one time axis: whoever began later has its seconds, requests and readings moved back to when they were,
 * by wall clock.
 */
import { addRunData, emptyRunData, type RunData } from '../../load/measure/run-data.ts';

/** The same run as seen from a start that was `laterMs` before its own; whole seconds move to the nearest. */
export function seenFrom(run: RunData, laterMs: number): RunData {
  const seconds = Math.round(laterMs / 1_000);
  const windows = moveKeys(run.windows, seconds);
  const endpoints = new Map(
    [...run.endpoints].map(([name, endpoint]) => [name, { ...endpoint, windows: moveKeys(endpoint.windows, seconds) }]),
  );
  const seen = emptyRunData(run.plan);
  const timeless = { ...run, windows, endpoints, exemplars: emptyRunData(run.plan).exemplars, resources: [] };
  addRunData(seen, { ...timeless, segments: [] });
  seen.segments.push(
    ...run.segments.map((segment) => ({
      ...segment,
      generator: segment.generator.map((each) => ({ ...each, second: each.second + seconds })),
    })),
  );
  seen.exemplars.addAll(run.exemplars.list().map((each) => ({ ...each, atMs: each.atMs + laterMs })));
  seen.resources.push(
    ...run.resources.map((series) => ({
      ...series,
      samples: series.samples.map((sample) => ({ ...sample, atMs: sample.atMs + laterMs })),
    })),
  );
  return seen;
}

function moveKeys<Value>(map: ReadonlyMap<number, Value>, by: number): Map<number, Value> {
  return new Map([...map].map(([second, value]) => [second + by, value]));
}
