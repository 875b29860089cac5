import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { buildPage } from './build-page.ts';
import { pageBundle } from './bundle.ts';

test('the committed script and style sheet are what their sources build to', async () => {
  const [built, committed] = [await buildPage(), pageBundle()];
  expect(built.script === committed.script, 'page.script is older than its sources: run `npm run build:page`').toBe(
    true,
  );
  expect(built.style === committed.style, 'page.style is older than its sources: run `npm run build:page`').toBe(true);
});

test('the script can stand in a page and stays small', () => {
  const { script, style } = pageBundle();
  expect(script).not.toMatch(/<\/script|<!--/i);
  expect(style).not.toMatch(/<\/style|@import|url\(/i);
  expect(script.length).toBeLessThan(750 * 1_024);
});
