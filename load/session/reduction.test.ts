import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { reductionOf } from './reduction.ts';

const shrunk = (scale: number, durationMs?: number) => ({ kind: 'shrunk', scale, durationMs }) as const;

const taken: {
  readonly env: Readonly<Record<string, string>>;
  readonly use?: boolean;
  readonly reduction: ReturnType<typeof reductionOf>;
}[] = [
  { env: {}, reduction: { kind: 'full' } },
  { env: { LOAD_ONCE: '', LOAD_SCALE: '', LOAD_DURATION: '' }, reduction: { kind: 'full' } },
  { env: { LOAD_ONCE: '1' }, reduction: { kind: 'once' } },
  { env: { LOAD_ONCE: 'true' }, reduction: { kind: 'once' } },
  { env: { LOAD_ONCE: '0' }, reduction: { kind: 'full' } },
  { env: {}, use: true, reduction: { kind: 'once' } },
  { env: {}, use: false, reduction: { kind: 'full' } },
  { env: { LOAD_ONCE: '0' }, use: true, reduction: { kind: 'full' } }, // the environment goes before it
  { env: { LOAD_ONCE: '1' }, use: false, reduction: { kind: 'once' } },
  { env: { LOAD_SCALE: '0.1' }, reduction: shrunk(0.1) },
  { env: { LOAD_SCALE: '.5' }, reduction: shrunk(0.5) },
  { env: { LOAD_SCALE: '2' }, reduction: shrunk(2) },
  { env: { LOAD_SCALE: '1' }, reduction: { kind: 'full' } },
  { env: { LOAD_DURATION: '10s' }, reduction: shrunk(1, 10_000) },
  { env: { LOAD_SCALE: '0.1', LOAD_DURATION: '1m' }, reduction: shrunk(0.1, 60_000) },
  { env: { LOAD_SCALE: '0.1' }, use: true, reduction: { kind: 'once' } }, // a project that plays once has no size
  { env: { LOAD_ONCE: '0', LOAD_SCALE: '0.1' }, reduction: shrunk(0.1) },
  { env: { LOAD_ONCE: '1', LOAD_BASELINE: 'off', LOAD_CORE: '1', LOAD_START_AT: '1' }, reduction: { kind: 'once' } },
  { env: { LOAD_BASELINE: 'update' }, use: true, reduction: { kind: 'once' } }, // others of the run are recorded
];
for (const { env, use, reduction } of taken) {
  test(`${JSON.stringify(env)} with loadOnce ${use} in use is ${JSON.stringify(reduction)}`, () => {
    expect(reductionOf(env, use)).toEqual(reduction);
  });
}

const refused: { readonly env: Readonly<Record<string, string>>; readonly use?: unknown; readonly says: RegExp }[] = [
  ...['yes', '2', '-1', ' '].map((LOAD_ONCE) => ({ env: { LOAD_ONCE }, says: /^`LOAD_ONCE` must be `1`, or `0`/ })),
  ...['-1', '0', '0.0', 'abc', '10%', '1e3', 'Infinity', 'NaN', '1,5'].map((LOAD_SCALE) => ({
    env: { LOAD_SCALE },
    says: /^`LOAD_SCALE` must be a number above 0, such as `0.1`/,
  })),
  ...['10', 'abc', '-1s', '10 s x'].map((LOAD_DURATION) => ({
    env: { LOAD_DURATION },
    says: /^`LOAD_DURATION` must be a duration/,
  })),
  { env: { LOAD_DURATION: '0s' }, says: /^`LOAD_DURATION` must be longer than nothing/ },
  { env: { LOAD_SCALE: '-1', LOAD_DURATION: '10' }, says: /^2 problems:/ },
  { env: { LOAD_ONCE: '1', LOAD_SCALE: '0.1' }, says: /^`LOAD_SCALE` makes loads smaller, and `LOAD_ONCE` sends none/ },
  { env: { LOAD_ONCE: '1', LOAD_DURATION: '1s' }, says: /^`LOAD_DURATION` makes loads smaller/ },
  { env: { LOAD_ONCE: '1', LOAD_BASELINE: 'update' }, says: /^`LOAD_BASELINE=update` records loads/ },
  { env: { LOAD_ONCE: '1', LOAD_SHARD: '1/2' }, says: /^`LOAD_SHARD` divides loads/ },
  ...['yes', 1, null].map((use) => ({ env: {}, use, says: /^`loadOnce` in `use` must be `true` or `false`, got/ })),
];
for (const { env, use, says } of refused) {
  test(`${JSON.stringify(env)} with loadOnce ${JSON.stringify(use)} in use is refused`, () => {
    expect(() => reductionOf(env, use)).toThrow(
      expect.objectContaining({ name: 'OptionsError', message: expect.stringMatching(says) }),
    );
  });
}
