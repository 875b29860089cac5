/** A long run that nobody had to wait for: its samples are made, and recorded as a worker records real ones. */
import { Recorder } from '../../load/measure/recorder.ts';
import type { RunData, SegmentData } from '../../load/measure/run-data.ts';
import { realisticSample } from '../samples.ts';

/** How much was sent: to each of the endpoints so many requests a second. */
export interface MadeRun {
  readonly seconds: number;
  readonly endpoints: number;
  readonly perSecond: number;
}

/** `segment`: which of the whole; each has latencies of its own. It names no segment yet. */
export function madeRun({ seconds, endpoints, perSecond }: MadeRun, segment = { index: 0, of: 1 }): RunData {
  const recorder = new Recorder({
    plan: {
      index: 0,
      profile: `${endpoints * perSecond * segment.of}/s for ${seconds}s`,
      model: 'open',
      warmUpMs: 0,
      whenSaturated: 'warn',
      unjudged: true,
      plannedMs: seconds * 1_000,
    },
  });
  const total = seconds * endpoints * perSecond;
  recorder.begin(0);
  for (let n = 0; n < total; n++) {
    const dueMs = (n * 1_000) / (endpoints * perSecond);
    const { sentAtMs = 0, endedAtMs, ...sample } = realisticSample(n + segment.index * total, n % endpoints);
    const iteration = { warmUp: false, dueMs };
    recorder.arrivalDue(dueMs, false);
    recorder.iterationStarted(iteration, dueMs + 0.5);
    recorder.requestStarted(iteration, dueMs + 0.5);
    const moments = { calledAtMs: dueMs + 0.5, sentAtMs: dueMs + 0.5 + sentAtMs, endedAtMs: dueMs + 0.5 + endedAtMs };
    recorder.requestEnded({ ...sample, ...moments }, iteration);
    recorder.iterationEnded(iteration, 'ok');
  }
  recorder.finish();
  return recorder.data;
}

interface MadeSegment extends Pick<SegmentData, 'index' | 'of' | 'startedAtEpochMs'> {
  readonly seconds: number;
}

/** One generator of a made run. */
export function madeSegment({ seconds, ...segment }: MadeSegment): SegmentData {
  return {
    ...segment,
    runId: 'bench',
    durationMs: seconds * 1_000,
    generator: Array.from({ length: seconds }, (_, second) => ({ second, elu: 0.4, cpuPercent: 50, rssMb: 180 })),
    pid: process.pid,
  };
}
