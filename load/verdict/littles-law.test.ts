import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyEndpoint, emptyRunData, emptyRunWindow, type RunData } from '../measure/run-data.ts';
import { littlesLaw } from './littles-law.ts';

/** Ten seconds with so many under way at most, and 100 requests a second of so many milliseconds each. */
function books(inFlight: number, ms: number): RunData {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'invalid' });
  const endpoint = emptyEndpoint();
  run.endpoints.set('GET /', endpoint);
  for (let n = 0; n < 1_000; n += 1) endpoint.service.recordMs(ms);
  for (let second = 0; second < 10; second += 1) run.windows.set(second, { ...emptyRunWindow(), inFlight });
  return run;
}

const cases: readonly { readonly inFlight: number; readonly ms: number; readonly found: string | undefined }[] = [
  { inFlight: 5, ms: 50, found: undefined }, // exactly
  { inFlight: 5, ms: 52, found: undefined }, // within the tolerance
  { inFlight: 100, ms: 50, found: undefined }, // the most says little of the mean
  {
    inFlight: 5,
    ms: 100,
    found: "latencies add up to 10 requests under way on average, but no more than 5 were (Little's law)",
  },
  { inFlight: 0, ms: 100, found: undefined }, // nobody counted
];
for (const { inFlight, ms, found } of cases) {
  test(`100/s of ${ms} ms with ${inFlight} under way at most: ${found ?? 'the books hold'}`, () => {
    expect(littlesLaw(books(inFlight, ms))).toBe(found);
  });
}

test('a run in which nothing was asked has books that hold', () => {
  expect(
    littlesLaw(emptyRunData({ index: 0, profile: 'p', model: 'open', warmUpMs: 0, whenSaturated: 'invalid' })),
  ).toBe(undefined);
});
