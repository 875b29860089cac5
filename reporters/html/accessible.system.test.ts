/** What axe finds in the report page, light and dark, wide and narrow, and whether anything sticks out of it. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { fourRuns } from '../../testing/four-runs.ts';
import { sampleReport, sampleRun, sampleSummary } from '../../testing/page-run.ts';
import { seeAll, test } from '../../testing/report-page-test.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { stepsAndOne } from '../../testing/steps-and-one.ts';

/** Of any impact; `grave` are those that keep somebody from reading. */
async function violationsOf(page: Page, { grave = false } = {}): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const counted = grave ? violations.filter(({ impact }) => impact === 'serious' || impact === 'critical') : violations;
  return counted.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}

const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

for (const [scheme, width] of [
  ['light', 1_280],
  ['dark', 1_280],
  ['light', 390],
  ['dark', 390],
] as const) {
  test.describe(`${scheme}, ${width} pixels wide`, () => {
    test.beforeEach(async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
    });

    test('axe finds nothing on the first screen and in a run opened there', async ({ openReport, page }) => {
      await openReport(fourRuns);
      await page.locator('.all-endpoints summary').click();
      for (const open of [false, true]) {
        if (open) await page.locator('tr.run-row a').first().click();
        expect(await violationsOf(page)).toEqual([]);
        expect(await widthOf(page)).toBeLessThanOrEqual(width);
      }
    });

    test('axe finds nothing serious in a run with all its charts', async ({ openReport, page }) => {
      const runs = [sampleReport(sampleRun({ seconds: 10 })), sampleReport(sampleRun({ seconds: 5, model: 'closed' }))];
      await openReport(runs, { baseline: sampleSummary(runs) });
      await page.locator('tr.run-row a').first().click();
      await page.locator('.all-endpoints summary').click();
      await seeAll(page);
      await page.locator('.exemplars summary').first().click();
      expect(await violationsOf(page, { grave: true })).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
    });

    test('axe finds nothing serious in a finding', async ({ openReport, page }) => {
      const verdicts = ['failed', 'invalid', 'inconclusive', 'passed', 'measured'] as const;
      await openReport(stepsAndOne(), {
        findings: verdicts.map((verdict) => sampleFindingSummary({ verdict, name: verdict })),
        at: `#finding=${sampleFindingSummary({ name: 'failed' }).id}`,
      });
      await seeAll(page);
      for (const fold of await page.locator('.findings summary').all()) await fold.click();
      expect(await violationsOf(page, { grave: true })).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
    });
  });
}
