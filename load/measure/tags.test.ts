import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { sampleOf } from '../../testing/virtual-run.ts';
import { Recorder } from './recorder.ts';
import type { SampleTags } from './samples/kind.ts';
import { otherTags } from './bounded-rows.ts';
import { mostTags, tagName, tagsProblem } from './tags.ts';

/** One request of so many milliseconds for each. */
function recorded(requests: readonly { readonly tags?: SampleTags; readonly ms: number; readonly status?: number }[]) {
  const recorder = new Recorder({
    plan: { index: 0, profile: 'any', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' },
  });
  recorder.begin(0);
  for (const { tags, ms, status = 200 } of requests) {
    const iteration = { warmUp: false, dueMs: 0 };
    recorder.requestStarted(iteration, 0);
    const sample = sampleOf('/', { calledAtMs: 0, endedAtMs: ms, status });
    recorder.requestEnded({ ...sample, ...(tags !== undefined && { tags }) }, iteration);
  }
  recorder.finish();
  return recorder.data;
}

test('a tag has the counts, latencies and seconds of the requests that have it, and of no others', () => {
  const { tags, counts } = recorded([
    { tags: { tenant: 'a' }, ms: 10 },
    { tags: { tenant: 'a', paid: true }, ms: 30 },
    { tags: { tenant: 'b' }, ms: 50, status: 500 },
    { ms: 70 },
  ]);
  const figures = [...tags].map(
    ([
      name,
      {
        counts: { ok, failed },
        service,
      },
    ]) => [name, ok, failed, service.stats()?.max],
  );
  expect(figures).toEqual([
    ['tenant=a', 2, 0, 30],
    ['paid=true', 1, 0, 30],
    ['tenant=b', 0, 1, undefined],
  ]);
  expect(tags.get('tenant=a')?.windows.get(0)?.ok).toBe(2);
  expect([counts.ok, counts.failed]).toEqual([3, 1]);
});

test('each request is in one row for each of its tags, however many values there are', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(150), { maxKeys: 2 })), (all) => {
      const { tags } = recorded(all.map((each) => ({ tags: each, ms: 1 })));
      const [names, others] = [[...tags.keys()], tags.get(otherTags)?.counts.ok ?? 0];
      expect(names.filter((name) => name !== otherTags).length).toBeLessThanOrEqual(mostTags);
      for (const [name, { counts }] of tags) {
        const wanted = all.filter((each) => Object.entries(each).some(([key, value]) => tagName(key, value) === name));
        if (name !== otherTags) expect(counts.ok).toBe(wanted.length);
      }
      const beyond = all.filter((each) => Object.entries(each).some(([key, value]) => !tags.has(tagName(key, value))));
      expect(others).toBe(beyond.length);
    }),
    { numRuns: 50 },
  );
});

test('values beyond the bound are counted together', () => {
  const { tags } = recorded(Array.from({ length: 150 }, (_, at) => ({ tags: { id: at }, ms: 1 })));
  expect([tags.size, tags.get(otherTags)?.counts.ok]).toEqual([mostTags + 1, 50]);
});

const problems: readonly { readonly tags: unknown; readonly says: string | undefined }[] = [
  { tags: undefined, says: undefined },
  { tags: {}, says: undefined },
  { tags: { tenant: 'a', shard: 3, paid: false }, says: undefined },
  { tags: 'tenant', says: '`tags` must be an object' },
  { tags: ['tenant'], says: 'got a list' },
  { tags: { 'a=b': 1 }, says: 'a word without `=`' },
  { tags: { ' ': 1 }, says: 'a word without `=`' },
  { tags: { tenant: undefined }, says: '`tags.tenant` must be a text, a number, `true` or `false`, got undefined' },
  { tags: { tenant: null }, says: 'got null' },
  { tags: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`k${at}`, at])), says: '10 tags at most, got 11' },
];
for (const { tags, says } of problems)
  test(`tags ${JSON.stringify(tags)} are ${says === undefined ? 'right' : `refused: ${says}`}`, () => {
    if (says === undefined) expect(tagsProblem(tags)).toBeUndefined();
    else expect(tagsProblem(tags)).toContain(says);
  });

test('a stream stands in the books of its tags as in that of its row, and in no other', () => {
  const recorder = new Recorder({
    plan: { index: 0, profile: 'any', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' },
  });
  recorder.begin(0);
  const stream = (tags?: SampleTags) => {
    const iteration = { warmUp: false, dueMs: 0 };
    const sample = { ...sampleOf('/', { calledAtMs: 0, endedAtMs: 90, status: 200 }), ...(tags && { tags }) };
    recorder.requestStarted(iteration, 0);
    const filing = recorder.streamBegun(sample, iteration);
    filing?.event(10, 1);
    filing?.event(40, 1);
    filing?.count('reconnects');
    filing?.ended({ by: 'server', durationMs: 90, toldTokens: 3 });
    recorder.requestEnded(sample, iteration);
  };
  stream({ tenant: 'a', paid: true });
  stream();
  recorder.finish();
  const { tags, endpoints } = recorder.data;
  const [row] = endpoints.values();
  expect(row?.stream).toMatchObject({ streams: 2, events: 4, tokens: 6, reconnects: 2 });
  for (const tag of ['tenant=a', 'paid=true']) {
    const book = tags.get(tag)?.stream;
    expect(book).toMatchObject({ streams: 1, events: 2, tokens: 3, reconnects: 1 });
    expect([book?.firstEvent.stats()?.max, book?.gap.stats()?.max, book?.duration.stats()?.max]).toEqual([10, 30, 90]);
    expect(book?.windows.get(0)).toMatchObject({ events: 2, tokens: 3 });
  }
});
