import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import {
  clockOffsetMs,
  placeWords,
  sharedRunId,
  shardsHere,
  shareOf,
  shareOfThisProcess,
  startAtEpochMs,
} from './segment.ts';

const shares = [
  { shard: null, env: {}, share: { index: 0, of: 1 } },
  { shard: { current: 2, total: 4 }, env: {}, share: { index: 1, of: 4 } },
  { shard: { current: 2, total: 4 }, env: { LOAD_SHARD: '1/2' }, share: { index: 1, of: 4 } }, // Playwright's own wins
  { shard: null, env: { LOAD_SHARD: '3/3' }, share: { index: 2, of: 3 } },
  { shard: null, env: { LOAD_SHARD: '' }, share: { index: 0, of: 1 } },
];
for (const { shard, env, share } of shares) {
  test(`shard ${JSON.stringify(shard)} and ${JSON.stringify(env)} carry segment ${share.index + 1} of ${share.of}`, () => {
    expect(shareOfThisProcess(shard, env)).toEqual(share);
  });
}

const places = [
  { shard: [0, 1], core: [0, 1], share: { index: 0, of: 1 }, words: '' },
  { shard: [1, 3], core: [0, 1], share: { index: 1, of: 3 }, words: ', shard 2 of 3' },
  { shard: [0, 1], core: [1, 4], share: { index: 1, of: 4 }, words: ', on 4 cores' },
  { shard: [2, 3], core: [1, 2], share: { index: 5, of: 6 }, words: ', on 2 cores, shard 3 of 3' },
] as const;
for (const { shard, core, share, words } of places) {
  const place = { shard: { index: shard[0], of: shard[1] }, core: { index: core[0], of: core[1] } };
  test(`core ${core[0] + 1} of ${core[1]} of shard ${shard[0] + 1} of ${shard[1]} carries segment ${share.index + 1} of ${share.of}`, () => {
    expect(shareOf(place)).toEqual(share);
    expect(placeWords(place)).toBe(words);
  });
}

for (const text of ['0/2', '3/2', '1/0', '1', 'a/b', '1/2/3', '-1/2', '1.5/2']) {
  test(`LOAD_SHARD=${text} is refused`, () => {
    expect(() => shareOfThisProcess(null, { LOAD_SHARD: text })).toThrow(
      `\`LOAD_SHARD\` must be a shard such as \`2/4\`, got "${text}"`,
    );
  });
}

const ids = [
  { env: {}, id: 'local' },
  { env: { GITHUB_RUN_ID: '7' }, id: 'github-7-1' },
  { env: { GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '2' }, id: 'github-7-2' },
  { env: { CI_PIPELINE_ID: '9' }, id: '9' },
  { env: { BUILD_TAG: 'jenkins-load-7' }, id: 'jenkins-load-7' },
  { env: { CIRCLE_WORKFLOW_ID: 'w-1' }, id: 'w-1' },
  { env: { BUILDKITE_BUILD_ID: 'b-1' }, id: 'b-1' },
  { env: { GITHUB_RUN_ID: '7', LOAD_RUN_ID: 'mine' }, id: 'mine' },
];
for (const { env, id } of ids) {
  test(`${JSON.stringify(env)} is the run \`${id}\``, () => expect(sharedRunId(env)).toBe(id));
}

test('LOAD_START_AT is in seconds, and nothing else', () => {
  expect([startAtEpochMs({}), startAtEpochMs({ LOAD_START_AT: '1.5' })]).toEqual([undefined, 1_500]);
  expect(() => startAtEpochMs({ LOAD_START_AT: 'noon' })).toThrow(
    '`LOAD_START_AT` must be seconds since 1970, got "noon"',
  );
});

test('a clock that is ahead is told by its runner; nonsense is refused', () => {
  expect([clockOffsetMs({}), clockOffsetMs({ LOAD_CLOCK_OFFSET_MS: '-12.5' })]).toEqual([0, -12.5]);
  expect(() => clockOffsetMs({ LOAD_CLOCK_OFFSET_MS: 'late' })).toThrow('`LOAD_CLOCK_OFFSET_MS` must be a number');
});

test('`LOAD_SHARDS_HERE` counts the shards of this machine', () => {
  expect([shardsHere({}), shardsHere({ LOAD_SHARDS_HERE: '' }), shardsHere({ LOAD_SHARDS_HERE: '3' })]).toEqual([
    1, 1, 3,
  ]);
  for (const text of ['0', '-1', '1.5', 'two', '1e3'])
    expect(() => shardsHere({ LOAD_SHARDS_HERE: text })).toThrow(
      `\`LOAD_SHARDS_HERE\` must be a whole number of at least 1, got "${text}"`,
    );
});
