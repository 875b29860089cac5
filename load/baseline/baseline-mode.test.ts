import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { OptionsError } from '../options-error.ts';
import { baselineMode } from './baseline-mode.ts';

const modes = [
  { given: undefined, mode: 'compare' },
  { given: '', mode: 'compare' },
  { given: 'compare', mode: 'compare' },
  { given: 'update', mode: 'update' },
  { given: 'off', mode: 'off' },
] as const;
for (const { given, mode } of modes) {
  test(`\`LOAD_BASELINE\` ${given === undefined ? 'unset' : `of "${given}"`} is to ${mode}`, () => {
    expect(baselineMode({ LOAD_BASELINE: given })).toBe(mode);
  });
}

for (const given of ['Update', '1', 'record']) {
  test(`\`LOAD_BASELINE\` of "${given}" is refused with what is known`, () => {
    expect(() => baselineMode({ LOAD_BASELINE: given })).toThrow(
      new OptionsError([`\`LOAD_BASELINE\` must be \`update\`, \`compare\` or \`off\`, got "${given}"`]),
    );
  });
}
