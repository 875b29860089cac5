/** A long run that is made, and handed to the reporters as a worker does. */
import { test } from '@playwright/test';
import { encodeRun, payloadAttachment } from '../../load/measure/payload.ts';
import { longRun } from './jobs.ts';
import { madeRun, madeSegment } from './made-run.ts';

test('a long run', ({}, testInfo) => {
  const asked = longRun.ask();
  const data = madeRun(asked);
  data.segments.push(madeSegment({ index: 0, of: 1, seconds: asked.seconds, startedAtEpochMs: Date.now() }));
  const body = Buffer.from(JSON.stringify(encodeRun(data)));
  testInfo.attachments.push({ name: payloadAttachment, contentType: 'application/json', body });
  longRun.answer({ requests: data.counts.started, payloadKb: body.length / 1_024 });
});
