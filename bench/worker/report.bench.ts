/** A long run that nobody had to wait for: its samples are made, and handed to the reporters as a worker does. */
import { test } from '@playwright/test';
import { encodeRun, payloadAttachment } from '../../load/measure/payload.ts';
import { Recorder } from '../../load/measure/recorder.ts';
import { realisticSample } from '../samples.ts';
import { longRun } from './jobs.ts';

test('a long run', ({}, testInfo) => {
  const { seconds, endpoints, perSecond } = longRun.ask();
  const recorder = new Recorder({
    plan: {
      index: 0,
      profile: `${endpoints * perSecond}/s for ${seconds}s`,
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
    const { sentAtMs = 0, endedAtMs, ...sample } = realisticSample(n, n % endpoints);
    const iteration = { warmUp: false, dueMs };
    recorder.arrivalDue(dueMs, false);
    recorder.iterationStarted(iteration, dueMs + 0.5);
    recorder.requestStarted(iteration, dueMs + 0.5);
    const moments = { calledAtMs: dueMs + 0.5, sentAtMs: dueMs + 0.5 + sentAtMs, endedAtMs: dueMs + 0.5 + endedAtMs };
    recorder.requestEnded({ ...sample, ...moments }, iteration);
    recorder.iterationEnded(iteration, 'ok');
  }
  recorder.finish();
  recorder.data.segments.push({
    runId: 'bench',
    index: 0,
    of: 1,
    startedAtEpochMs: Date.now(),
    durationMs: seconds * 1_000,
    generator: Array.from({ length: seconds }, (_, second) => ({ second, elu: 0.4, cpuPercent: 50, rssMb: 180 })),
    pid: process.pid,
  });
  const body = Buffer.from(JSON.stringify(encodeRun(recorder.data)));
  testInfo.attachments.push({ name: payloadAttachment, contentType: 'application/json', body });
  longRun.answer({ requests: total, payloadKb: body.length / 1_024 });
});
