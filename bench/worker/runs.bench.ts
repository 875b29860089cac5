/** Many long runs that are made, one for each repetition of the test, as so many tests would have attached them. */
import { test } from '@playwright/test';
import { encodeRun, payloadAttachment } from '../../load/measure/payload.ts';
import { manyRuns } from './jobs.ts';
import { madeRun, madeSegment } from './made-run.ts';

test('one of many runs', ({}, testInfo) => {
  const asked = manyRuns.ask();
  const index = testInfo.repeatEachIndex;
  const data = madeRun(asked, { index, of: 1 });
  data.segments.push(madeSegment({ index: 0, of: 1, seconds: asked.seconds, startedAtEpochMs: Date.now() }));
  const body = Buffer.from(JSON.stringify(encodeRun(data)));
  testInfo.attachments.push({ name: payloadAttachment, contentType: 'application/json', body });
  manyRuns.answer({ payloadKb: body.length / 1_024 });
});
