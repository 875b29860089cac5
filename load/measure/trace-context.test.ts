import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { traceContextOf } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const parts = `${traceId}-${spanId}`;

const headers = [
  { header: `00-${parts}-01`, sampled: true },
  { header: `00-${parts}-00`, sampled: false },
  { header: `00-${parts}-03`, sampled: true }, // the flag of level 2 for random ids beside it
  { header: `00-${parts}-02`, sampled: false },
  { header: `01-${parts}-01`, sampled: true }, // a later version,
  { header: `cc-${parts}-09-what-the-future-will-be-like`, sampled: true }, // with more in it
  { header: `00-${parts}-01-more`, sampled: undefined }, // which the first one has not
  { header: `cc-${parts}-01.more`, sampled: undefined },
  { header: `ff-${parts}-01`, sampled: undefined },
  { header: `00-${parts}`, sampled: undefined },
  { header: `00-${parts}-1`, sampled: undefined },
  { header: `00-${parts.toUpperCase()}-01`, sampled: undefined }, // 3.2.2.3: lower case
  { header: `00-${'0'.repeat(32)}-${spanId}-01`, sampled: undefined },
  { header: `00-${traceId}-${'0'.repeat(16)}-01`, sampled: undefined },
  { header: `00-${traceId.slice(1)}-${spanId}-01`, sampled: undefined },
  { header: ` \t00-${parts}-01 `, sampled: true }, // space round a value is none of it
  { header: `00-${parts}-01, 00-${parts}-01`, sampled: undefined },
  { header: `00-${parts}-.1`, sampled: undefined },
  { header: `00-${parts}-01-`, sampled: undefined },
  { header: '', sampled: undefined },
];
for (const { header, sampled } of headers)
  test(`\`${header}\` is ${sampled === undefined ? 'no traceparent' : sampled ? 'sampled' : 'not sampled'}`, () => {
    expect(traceContextOf(header)).toEqual(sampled === undefined ? undefined : { traceId, spanId, sampled });
  });
