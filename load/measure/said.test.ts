import { expect } from '@playwright/test';
import { cpuMsOf } from '../../testing/cpu-time.ts';
import { test } from '../../testing/plain-test.ts';
import { saidOf, shapeOf } from './said.ts';

const alike: readonly (readonly string[])[] = [
  ['order 17 is locked', 'order 4711 is locked'],
  ['request 018f4f6a-8f2b-7c11-b7aa-0123456789ab failed', 'request 3e2a77b0-1111-4222-8333-abcdefabcdef failed'],
  ['at 2026-01-01T00:00:00.000Z', 'at 2026-12-31T23:59:59.123+01:00'],
  ['connect ECONNREFUSED 127.0.0.1:8080', 'connect ECONNREFUSED 10.0.0.12:81'],
  ['took 12.5 ms', 'took 3 ms'],
  ['id=V1StGXR8_Z5jdHi6B-myT gone', 'id=3YjJ8QmPq_kd8sLx0PzAv gone'],
  ['id=VaStGXRxZQjdHiWBKmyTa gone', 'id=QYjJkQmPqRkdTsLxNPzAv gone'],
  ['{"requestId":"req_8fk2","error":"db locked"}', '{"requestId":"req_9aa1","error":"db locked"}'],
];
for (const [first = '', ...others] of alike)
  test(`of one shape: ${first}`, () => {
    for (const other of others) expect(shapeOf(other)).toBe(shapeOf(first));
  });

const apart: readonly (readonly [string, string])[] = [
  ['db locked', 'out of memory'],
  ['NullPointerException', 'IllegalStateException'],
  ['SQLSyntaxErrorException', 'SQLTimeoutErrorException'],
  ['SOME_CONSTANT_NAME', 'OTHER_CONSTANT_NAME'],
  ['user 17: locked', 'order 17: locked'],
];
for (const [one, other] of apart)
  test(`of two shapes: ${one}, ${other}`, () => expect(shapeOf(one)).not.toBe(shapeOf(other)));

const bodies: readonly (readonly [body: string, said: string | undefined])[] = [
  ['', undefined],
  [' \n ', undefined],
  ['{}', undefined],
  ['db locked\nat line 3', 'db locked at line 3'],
  ['{"error":"db locked"}', '{"error":"db locked"}'],
  ['{"password":"hunter2"}', '{"password":"***"}'],
  ['<html><head><style>b{}</style></head><body><h1>502</h1> Bad\nGateway</body>', '502 Bad Gateway'],
  ['<p>cut off <b', 'cut off'],
  ['\u0000\u0001binary', undefined],
  ['PNG\ufffd\ufffdIHDR', undefined],
  ['cut in two \ufffd', 'cut in two \ufffd'],
  ['a\u001b[31m red\n::error::b', 'a red : :error::b'],
];
for (const [body, said] of bodies)
  test(`${JSON.stringify(body)} says ${JSON.stringify(said)}`, () => expect(saidOf(body)).toBe(said));

test('what is said is no longer than a line', () => {
  expect(saidOf('word '.repeat(1_000))?.length).toBeLessThanOrEqual(200);
  expect(shapeOf('word '.repeat(1_000)).length).toBeLessThanOrEqual(200);
});

for (const hostile of ['<'.repeat(512), '<script'.repeat(73), '#.'.repeat(256), '-_'.repeat(256), '1 '.repeat(256)])
  test(`what is made to be slow is read at once: ${hostile.slice(0, 14)}…`, () => {
    const costMs = cpuMsOf(() => {
      for (let n = 0; n < 20; n++) shapeOf(saidOf(hostile) ?? hostile);
    });
    expect(costMs).toBeLessThan(500);
  });
