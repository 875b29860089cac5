/** Segments of one long run, one for each repetition of the test, as so many shards would have attached them. */
import { readFileSync } from 'node:fs';
import { test } from '@playwright/test';
import { payloadAttachment, type RunPayload } from '../../load/measure/payload.ts';
import { manySegments } from './jobs.ts';
import { madeSegment } from './made-run.ts';

test('a share of a long run', ({}, testInfo) => {
  const { files, of, seconds, startedAtEpochMs, laterMs } = manySegments.ask();
  const index = testInfo.repeatEachIndex;
  const payload = JSON.parse(readFileSync(files[index % files.length] ?? '', 'utf8')) as RunPayload;
  const segments = [madeSegment({ index, of, seconds, startedAtEpochMs: startedAtEpochMs + index * laterMs })];
  const body = Buffer.from(JSON.stringify({ ...payload, segments }));
  testInfo.attachments.push({ name: payloadAttachment, contentType: 'application/json', body });
  manySegments.answer({ payloadKb: body.length / 1_024 });
});
