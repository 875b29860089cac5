/** For tests: a run as it was before it was sent. */
import { addOpenedRun, openRun, type RunPayload } from '../load/measure/payload.ts';
import { emptyRunData, type RunData } from '../load/measure/run-data.ts';

/** Throws as `openRun` does. */
export function decodeRun(payload: RunPayload): RunData {
  const { rest, endpoints } = openRun(payload);
  addOpenedRun(rest, { rest: emptyRunData(payload.plan), endpoints });
  return rest;
}
