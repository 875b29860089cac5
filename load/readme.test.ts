/** README.md shows a spec that is there, and a result of it. */
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';

const fileOf = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the first spec of the README is specs/readme.spec.ts, and its output is of that', () => {
  const readme = fileOf('README.md');
  const [, spec = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(spec).toBe(fileOf('specs/readme.spec.ts'));
  const [, title = ''] = /test\('(.*?)'/.exec(spec) ?? [];
  expect(readme).toMatch(new RegExp(`\n✓ specs/readme\\.spec\\.ts › ${title} +\\[readme\\]\n`));
});
