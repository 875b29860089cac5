/** A payload as a run of its own, where it is not added to one: for tests, and for the cores of one load. */
import { addOpenedRun, openRun, type RunPayload } from './payload.ts';
import { emptyRunData, type RunData } from './run-data.ts';

/** Throws as `openRun` does. */
export function decodeRun(payload: RunPayload): RunData {
  const { rest, endpoints, tags } = openRun(payload);
  addOpenedRun(rest, { rest: emptyRunData(payload.plan), endpoints, tags });
  return rest;
}
