/** The first screen in a real browser: one table of all runs, its address, an endpoint across runs, and no script at all. */
import { expect, type Page } from '@playwright/test';
import { fourRuns as four, runOf } from '../../testing/four-runs.ts';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { seeAll, stopClock, test, workOf } from '../../testing/report-page-test.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';

const rowsOf = (page: Page) => page.locator('tr.run-row');
const titlesOf = (page: Page) => page.locator('tr.run-row a');
const idOf = (at: number) => four[at]?.summary.id ?? '';

test('all runs stand in one table, the worst first, and none is opened', async ({ openReport }) => {
  const page = await openReport(four);
  await expect(titlesOf(page)).toHaveText(['checkout', 'search', 'sign in', 'config']);
  await expect(rowsOf(page).first()).toHaveText(
    /✗ failed.*checkout.*load.*@slow.*@paid.*owner team-till.*missed.*40\/s for 3s.*p95 < 1ms.*\/s.* %.* ms/,
  );
  await expect(rowsOf(page).nth(1)).not.toContainText('missed'); // what passed needs no reason
  await expect(rowsOf(page).first().getByRole('img', { name: 'p95 over time' })).toBeVisible();
  await expect(page.locator('article')).toHaveCount(0);
  await expect(page.getByRole('columnheader', { name: 'Verdict' })).toHaveAttribute('aria-sort', 'ascending');
});

test('one run alone stands in the table and is open below it', async ({ openReport }) => {
  const page = await openReport([runOf({ title: 'alone' })]);
  await expect(titlesOf(page)).toHaveText(['alone']);
  await expect(page.locator('h2')).toHaveText('alone');
  await expect(page.getByRole('search')).toBeHidden();
});

test('the reason of one run alone is said once above its limits, and the head counts no single verdict', async ({
  openReport,
}) => {
  const page = await openReport([runOf({ title: 'alone', good: false })]);
  await expect(page.getByRole('banner')).toContainText('failed 1 load run');
  await expect(rowsOf(page)).not.toContainText('missed');
  await expect(page.locator('.run-head .sentence')).toContainText('p95');
});

test('no line of a reason ends between a figure and its unit', async ({ openReport }) => {
  const page = await openReport([runOf({ title: 'alone', good: false })]);
  expect(await page.locator('.run-head .sentence bdi').textContent()).toMatch(/p95 [\d.]+\u00a0ms \(limit/);
});

test('limits that nobody wrote are named alone where they are met', async ({ openReport }) => {
  const page = await openReport([runOf({ title: 'alone', good: false })]);
  const thresholds = page.getByRole('region', { name: 'Thresholds' });
  await expect(thresholds.locator('tbody tr')).toHaveText([/failed.*p95/, /failed.*0 \(implied\)/]);
  await expect(page.locator('.implied')).toHaveText(/^✓ implied: no .*dropped/);
});

test('a project without a name leaves no gap, and a run that drew nothing no way to look closer', async ({
  openReport,
}) => {
  const run = runOf({ title: 'empty', project: '', good: false });
  const page = await openReport([{ ...run, data: sampleRun({ seconds: 0, warmUpSeconds: 0, extras: false }) }]);
  expect(await page.locator('.run-head .about > span').allTextContents()).not.toContain('');
  await expect(page.locator('.zoom')).toBeHidden();
});

test('a row opens its run, by a click anywhere, by key, back and forward', async ({ openReport }) => {
  const page = await openReport(four);
  await rowsOf(page).nth(1).locator('td').nth(3).click();
  await expect(page.locator('h2')).toHaveText('search');
  await expect(page.locator('article')).toBeFocused();
  await expect(page.locator('h2')).toBeInViewport();
  expect(page.url()).toContain(`#run=${idOf(0)}`);
  await expect(page.locator('tr.current a')).toHaveAttribute('aria-current', 'true');
  await titlesOf(page).nth(3).press('Enter');
  await expect(page.locator('h2')).toHaveText('config');
  await page.goBack();
  await expect(page.locator('h2')).toHaveText('search');
  await page.goBack();
  await expect(page.locator('article')).toHaveCount(0);
  await page.goForward();
  await expect(page.locator('h2')).toHaveText('search');
});

test('the table sorts by each column, both ways, and the address says how', async ({ openReport }) => {
  const page = await openReport(four);
  const head = page.getByRole('region', { name: 'Runs' }).getByRole('columnheader', { name: 'Rate' });
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect(titlesOf(page)).toHaveText(['config', 'search', 'checkout', 'sign in']);
  expect(page.url()).toMatch(/#sort=Rate$/);
  await head.getByRole('button').press('Enter');
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await expect(head.getByRole('button')).toBeFocused();
  await expect(titlesOf(page)).toHaveText(['sign in', 'checkout', 'search', 'config']);
  await page.reload();
  await expect(titlesOf(page)).toHaveText(['sign in', 'checkout', 'search', 'config']);
  for (const name of ['Verdict', 'Run', 'Success', 'p50', 'p95', 'p99']) {
    const column = page
      .getByRole('region', { name: 'Runs' })
      .getByRole('columnheader', { name: new RegExp(`^${name} [↕↑↓]`) });
    await column.getByRole('button').click();
    await expect(column, name).toHaveAttribute('aria-sort', /ascending|descending/);
  }
});

test('the table is narrowed by words, project, tag and verdict, and the address says so', async ({ openReport }) => {
  const page = await openReport(four);
  const words = page.getByRole('searchbox', { name: 'Filter runs by text' });
  await words.pressSequentially('till');
  await expect(titlesOf(page)).toHaveText(['checkout']);
  await expect(words).toBeFocused();
  await expect(page.getByText('1 of 4 runs')).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Every tag').selectOption('@slow');
  await expect(titlesOf(page)).toHaveText(['checkout', 'search']);
  await page.getByLabel('Every verdict').selectOption('passed');
  await expect(titlesOf(page)).toHaveText(['search']);
  await page.getByLabel('Every project').selectOption('stress');
  await expect(page.getByText('No run fits the filter.')).toBeVisible();
  expect(page.url()).toMatch(/#project=stress&tag=@slow&verdict=passed$/);
  await page.getByLabel('Every tag').selectOption('');
  await expect(titlesOf(page)).toHaveText(['sign in']);
  await titlesOf(page).click();
  await page.goBack();
  await expect(titlesOf(page)).toHaveText(['sign in']); // the table is as it was left
});

test('an address opens the same view: run, open and closed parts, sort and filter', async ({ openReport }) => {
  const page = await openReport(four, { at: `#run=${idOf(2)}&sort=Rate,rising&tag=@slow` });
  await expect(titlesOf(page)).toHaveText(['checkout', 'search']);
  await expect(page.locator('h2')).toHaveText('checkout');
  await page.getByRole('button', { name: 'Details of GET /api/v1/health' }).click();
  await page.locator('details.part > summary').filter({ hasText: 'Thresholds' }).click();
  await expect.poll(() => page.url()).toContain('open=-thresholds,endpoint:GET');
  await page.reload();
  await expect(page.locator('.detail .facts')).toContainText(/200 × \d+/);
  await expect(page.getByRole('region', { name: 'Thresholds' })).toBeHidden();
  await expect(page.getByRole('region', { name: 'Endpoints', exact: true })).toBeVisible();
});

for (const [hash, what] of [
  ['#run=gone000000', 'no run gone000000'],
  ['#finding=gone000000', 'no finding gone000000'],
  ['#endpoint=GET%20/<img%20src=x>', 'no endpoint GET /<img src=x>'],
] as const)
  test(`${hash} is not there, which is said above nothing else`, async ({ openReport }) => {
    const page = await openReport(four, { at: hash });
    await expect(page.getByRole('alert')).toContainText(what);
    await expect(titlesOf(page)).toHaveCount(4);
    await titlesOf(page).first().click();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

test('an endpoint is seen in every run that called it', async ({ openReport }) => {
  const page = await openReport(four);
  await page.getByText(/endpoints in all runs$/).click();
  await page
    .getByRole('region', { name: 'Endpoints in all runs' })
    .getByRole('link', { name: 'GET /health', exact: true })
    .click();
  await expect(page.locator('h2')).toHaveText('GET /health');
  expect(page.url()).toContain('#endpoint=GET%20/health');
  const calls = page.getByRole('region', { name: 'Runs that called it' });
  await expect(calls.locator('tbody tr')).toHaveText([/✓ passed.*search.*\/s.* ms/, /✓ passed.*sign in/]);
  await calls.getByRole('link', { name: 'sign in' }).click();
  await expect(page.locator('h2')).toHaveText('sign in');
  await page.getByRole('region', { name: 'Endpoints', exact: true }).getByRole('link', { name: 'GET /health' }).click();
  await expect(page.locator('h2')).toHaveText('GET /health');
});

test('a change is against the baseline of the report, else against the recorded one', async ({ openReport }) => {
  const [first, second] = four;
  if (first === undefined || second === undefined) throw new Error('there are two');
  const { folds, ...held } = sampleFindingSummary({ kind: 'baseline', runs: [1], figures: { changePercent: 12.34 } });
  expect(folds).toBe(true);
  const page = await openReport([first, second], { findings: [held] });
  const change = page.locator('td[data-head="Change"]');
  await expect(change).toHaveText(['', '+12.3 %']);
});

test('64 runs are a table at once, and the charts of a run are drawn when it is opened', async ({
  openReport,
  page,
}) => {
  const data = sampleRun({ seconds: 60, warmUpSeconds: 0 });
  const runs = Array.from({ length: 64 }, (_, at) => sampleReport(data, ['a.spec.ts', `run number ${at + 1}`]));
  const workMs = await workOf(page);
  await stopClock(page);
  await openReport(runs);
  expect(await rowsOf(page).count()).toBe(64);
  expect(await workMs()).toBeLessThan(1_000);
  await expect(page.locator('.chart')).toHaveCount(0);
  await titlesOf(page).nth(40).click();
  await expect(page.locator('figure').first().locator('svg')).toBeVisible();
  await expect(page.locator('h2')).toHaveText('run number 41');
});

test('on a phone every cell of a row is in sight, with the head of its column', async ({ openReport, page }) => {
  await page.setViewportSize({ width: 390, height: 900 });
  await openReport(four, { at: `#run=${idOf(2)}` });
  const thresholds = page.getByRole('region', { name: 'Thresholds' });
  const row = thresholds.getByRole('row').filter({ hasText: '< 1ms' });
  for (const head of ['Expected', 'Received', 'Metric']) {
    const cell = row.locator(`td[data-head="${head}"]`);
    const box = await cell.boundingBox();
    expect(box, head).not.toBeNull();
    expect((box?.x ?? 0) + (box?.width ?? 0), head).toBeLessThanOrEqual(390);
    const before = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('[aria-label="Thresholds"] td[data-head="${head}"]'), '::before').content`,
    );
    expect(before).toBe(`"${head}"`);
  }
  await expect(page.getByRole('table', { name: 'Runs' })).toBeVisible(); // cards are a table to a reader of the screen
  await page.getByRole('region', { name: 'Runs' }).getByRole('button', { name: 'Rate' }).click();
  await expect(titlesOf(page).first()).toHaveText('config');
});

for (const [paper, width] of [
  ['A4', 703],
  ['Letter', 725],
] as const)
  test(`on ${paper} stand the table of all runs and the run that is open`, async ({ openReport, page }) => {
    await openReport(four, { at: `#run=${idOf(2)}` });
    await seeAll(page); // charts are as wide as the window now
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width, height: 900 });
    await expect(rowsOf(page)).toHaveCount(4);
    for (const place of [rowsOf(page).last(), page.locator('h2'), page.locator('.chart svg').last()])
      await expect(place).toBeVisible();
    await expect(page.getByRole('search')).toBeHidden();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect((await page.pdf({ format: paper })).length).toBeGreaterThan(10_000);
  });
