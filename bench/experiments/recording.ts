/**
 * What it costs to file one finished request: the recorder alone, without a network, over samples like real ones. CPU
 * time, not the wall's, so that a busy machine says the same as an idle one; the collector's threads are in it.
 */
import { type MeasuredIteration, Recorder } from '../../load/measure/recorder.ts';
import type { HttpSample } from '../../load/measure/samples/http.ts';
import type { Experiment } from '../experiment.ts';
import { below, measured } from '../reading.ts';
import { realisticSample } from '../samples.ts';

const costUs = 1;
const endpoints = 4;

export const recording: Experiment = {
  name: 'recording',
  about: 'CPU time to record one request (start, end, iteration) of a closed run over 4 endpoints, this process alone',
  measure: async ({ quick }) => {
    const rounds = quick ? 3 : 9;
    const requests = quick ? 100_000 : 300_000;
    recordUs(requests); // compiled
    return [
      measured(
        'recording one request',
        'µs',
        Array.from({ length: rounds }, () => recordUs(requests)),
        {
          bar: below(costUs),
        },
      ),
    ];
  },
};

/** Mean microseconds a request, as a user's requests reach the recorder in a run of 10,000 a second. */
function recordUs(requests: number): number {
  const recorder = new Recorder({
    plan: { index: 0, profile: 'bench', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' },
  });
  recorder.begin(0);
  const samples = Array.from({ length: 4_096 }, (_, n) => realisticSample(n, n % endpoints));
  const perMs = 10;
  const before = process.cpuUsage();
  for (let n = 0; n < requests; n++) {
    const sample = samples[n % samples.length] as Moving;
    const atMs = n / perMs;
    moveTo(sample, atMs);
    const iteration = iterationAt(atMs);
    recorder.iterationStarted(iteration, atMs);
    recorder.requestStarted(iteration, atMs);
    recorder.requestEnded(sample, iteration);
    recorder.iterationEnded(iteration, 'ok', atMs + 1);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

/** In the shape in which a run makes it. */
function iterationAt(dueMs: number): MeasuredIteration {
  return { dueMs, warmUp: false, firstCallAtMs: undefined, underWay: 0, hasFailure: false, isOver: false };
}

type Moving = { -readonly [Key in keyof HttpSample]: HttpSample[Key] };

function moveTo(sample: Moving, atMs: number): void {
  const serviceMs = sample.endedAtMs - (sample.sentAtMs ?? 0);
  sample.calledAtMs = atMs;
  sample.sentAtMs = atMs + 0.02;
  sample.endedAtMs = atMs + 0.02 + serviceMs;
}
