import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { peerOf } from '../../load/measure/network.ts';
import { emptyRunData } from '../../load/measure/run-data.ts';
import { sampleReport, sampleRun, sampleSummary } from '../../testing/page-run.ts';
import { seeAll, stopClock, test, workOf } from '../../testing/report-page-test.ts';
import { renderReportPage } from './report-page.ts';

test('every chart of a run is drawn once it is looked at', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 30 }))]);
  await seeAll(page);
  const titles = [
    'Latency',
    'Requests per second',
    'Requests in flight',
    'Errors per second',
    'Distribution of latency',
    'Heat map of latency',
    'Where the time goes',
    "Generator's event loop",
    'CPU',
    'Memory',
  ];
  for (const title of titles) {
    const figure = page.locator('figure').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
    await expect(figure.locator('svg').first(), title).toBeVisible();
    expect(await figure.locator('svg path').count(), title).toBeGreaterThan(3);
  }
  expect(await page.evaluate<string>("document.querySelector('main').outerHTML")).not.toMatch(/NaN|Infinity/);
});

test('a chart far below is not drawn before it is looked at', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 10 }))]);
  await expect(page.locator('figure').first().locator('svg')).toBeVisible();
  expect(await page.locator('figure').last().locator('svg').count()).toBe(0);
});

test('the verdict comes first, with its sentence, and thresholds with expected and received', async ({
  openReport,
}) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 10 }))]);
  await expect(page.locator('.run-head .sentence')).toContainText('✗ failed');
  await expect(page.locator('.run-head .sentence')).toContainText('(limit ');
  const row = page.getByRole('region', { name: 'Thresholds' }).getByRole('row').nth(1);
  await expect(row).toHaveText(/✗ failed.*rate.*workflow is accepted.*100%.*98.5 %/);
});

test('endpoints sort by any column, both ways, and a reader is told which', async ({ openReport }) => {
  const run = sampleReport(sampleRun({ seconds: 10 }));
  const page = await openReport([run]);
  const table = page.getByRole('region', { name: 'Endpoints' });
  const header = table.getByRole('columnheader', { name: 'Requests' });
  const counts = async () => (await table.locator('tbody tr td:nth-child(2)').allTextContents()).map(Number);
  const falling = run.summary.endpoints.map(({ requests }) => requests.started).sort((a, b) => b - a);
  await header.getByRole('button').click();
  expect(await counts()).toEqual(falling);
  await expect(header).toHaveAttribute('aria-sort', 'descending');
  await header.getByRole('button').press('Enter');
  expect(await counts()).toEqual(falling.toReversed());
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
});

test('an endpoint opens to its own chart and statuses, by keyboard', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 30 }))]);
  const toggle = page.getByRole('button', { name: 'GET /api/v1/health' });
  await toggle.focus();
  await page.keyboard.press('Enter');
  await expect(toggle).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator('.detail')).toContainText(/200 × \d+/);
  await expect(page.locator('.detail .chart svg')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('.detail')).toBeHidden();
});

test('the arrow keys read a chart point by point', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 10, warmUpSeconds: 0 }))]);
  await expect(page.locator('.chart svg').first()).toBeVisible();
  await page.locator('.chart').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('status')).toHaveText(
    /^1s: p50 [\d.]+ ms, p90 ~[\d.]+ ms, p95 ~[\d.]+ ms, p99 ~[\d.]+ ms, of \d+ requests$/,
  );
});

test('a stretch of time chosen under one chart is shown by the others too, with finer labels', async ({
  openReport,
}) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 60, warmUpSeconds: 0 }))]);
  const [latency, rate] = [page.locator('.chart').nth(0), page.locator('.chart').nth(4)];
  await rate.scrollIntoViewIfNeeded();
  await expect(rate.locator('svg text').filter({ hasText: /^10s$/ })).toHaveCount(1);
  await latency.scrollIntoViewIfNeeded();
  const box = await latency.boundingBox();
  if (box === null) throw new Error('the chart has a place');
  const sliderY = box.y + box.height - 15;
  await page.mouse.move(box.x + 67, sliderY);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, sliderY, { steps: 5 });
  await page.mouse.up();
  await expect(rate.locator('svg text').filter({ hasText: /^10s$/ })).toHaveCount(0);
  await expect(rate.locator('svg text').filter({ hasText: /^55s$/ })).toHaveCount(1);
  const heat = page.locator('figure').filter({ hasText: 'Heat map of latency' });
  const later = heat.locator('.chart'); // was not drawn yet
  await later.scrollIntoViewIfNeeded();
  await expect(later.locator('svg text').filter({ hasText: /^55s$/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await expect(rate.locator('svg text').filter({ hasText: /^55s$/ })).toHaveCount(1);
});

test('a curve is put away and brought back from the legend', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 10 }))]);
  const curve = page.locator('.chart').first().locator('svg path[stroke="#0c2f5c"]'); // solid, and dotted
  const entry = page.locator('figure').first().getByRole('button', { name: 'p99' });
  await expect(curve).toHaveCount(2);
  await entry.click();
  await expect(curve).toHaveCount(0);
  await expect(entry).toHaveAttribute('aria-pressed', 'false');
  await entry.click();
  await expect(curve).toHaveCount(2);
});

test('the theme follows the system, can be chosen, and charts follow it', async ({ openReport, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openReport([sampleReport(sampleRun({ seconds: 10 }))]);
  const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const curve = page.locator('figure').first().locator('svg path[stroke="#e3f1fe"]');
  expect(await ground()).toBe('rgb(18, 20, 23)');
  await expect(curve).toHaveCount(2);
  await page.getByRole('button', { name: 'Theme: system' }).click();
  expect(await ground()).toBe('rgb(247, 247, 245)');
  await expect(curve).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
});

const hostile = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  '\u2028\u2029<!--',
  '👩‍👩‍👧 é "quotes" \'single\'',
  'שלום עולם \u202Eevil',
  '__proto__',
  'x'.repeat(10_000),
];
for (const words of hostile) {
  test(`inert wherever a run can carry it: ${JSON.stringify(words).slice(0, 40)}`, async ({ openReport }) => {
    const data = sampleRun({ seconds: 5, words, endpoints: [`GET /${words}`, 'GET /plain'] });
    data.checks.set(words, { passed: 1, failed: 1 });
    const page = await openReport([
      sampleReport(data, [words, `titled ${words}`]),
      sampleReport(data, ['b.spec.ts', words]),
    ]);
    await page.locator('tr.run-row a').first().click();
    await page.locator('.all-endpoints summary').click();
    await seeAll(page);
    for (const entry of (await page.locator('.exemplars summary').all()).slice(0, 6)) await entry.click();
    expect(await page.locator('h2').textContent()).toBe(`titled ${words}`);
    await expect(page.locator('body img, body script:not(#playload-data):not(:last-of-type)')).toHaveCount(0);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1_280);
  });
}

const small = [
  {
    name: 'no data',
    run: emptyRunData({ index: 0, profile: '5/s for 1s', model: 'open', warmUpMs: 0, whenSaturated: 'warn' }),
  },
  { name: 'one sample', run: sampleRun({ seconds: 1, warmUpSeconds: 0, perSecond: 1, extras: false }) },
  { name: 'one second', run: sampleRun({ seconds: 1, warmUpSeconds: 0, perSecond: 50 }) },
];
for (const { name, run } of small) {
  test(`a run with ${name} is shown`, async ({ openReport }) => {
    const page = await openReport([sampleReport(run)]);
    await seeAll(page);
    await expect(page.locator('.run-head .sentence')).toBeVisible();
    await expect(page.locator('main')).not.toContainText(/NaN|Infinity|undefined|null/);
    await expect(page.locator('.chart:visible:not(:has(svg))')).toHaveCount(0); // none without anything in it
  });
}

test('no run at all is said', async ({ openReport }) => {
  const page = await openReport([]);
  await expect(page.getByText('No run was recorded.')).toBeVisible();
});

test('a baseline shows what changed since', async ({ openReport }) => {
  const run = sampleReport(sampleRun({ seconds: 10 }));
  const stats = run.summary.responseMs;
  if (stats === undefined) throw new Error('the sample has response times');
  const earlier = { ...run.summary, responseMs: { ...stats, p95: stats.p95 / 2 } };
  const page = await openReport([run], { baseline: { ...sampleSummary([run]), runs: [earlier] } });
  await expect(page.locator('.key > div').filter({ hasText: /^p95/ })).toContainText('+100 %');
  await expect(page.getByRole('columnheader', { name: 'p95 before' })).toBeVisible();
});

test('the data can be taken away as JSON and as CSV', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 10, warmUpSeconds: 0 }))]);
  const fetchFile = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  };
  const csv = await fetchFile('Download the time series of this run as CSV');
  expect(csv.name).toBe('load-workflows-hold-80-a-second.csv');
  expect(csv.text.split('\r\n')[0]).toMatch(
    /^second,p50_ms,p90_ms,p95_ms,p99_ms,latencies,asked_per_s,started_per_s,completed_per_s/,
  );
  expect(csv.text.trimEnd().split('\r\n')).toHaveLength(11);
  const json = JSON.parse((await fetchFile('Download this run as JSON')).text) as { requests: { started: number } };
  expect(json.requests.started).toBeGreaterThan(700);
});

test('ten minutes of twenty endpoints stay under 1.5 MB and are ready in under a second', async ({
  openReport,
  page,
}) => {
  const endpoints = Array.from({ length: 20 }, (_, at) => `GET /api/v1/resource-${at}/:id`);
  const run = sampleReport(sampleRun({ seconds: 600, perSecond: 200, endpoints }));
  const before = process.cpuUsage();
  const html = renderReportPage([run], sampleSummary([run]));
  const { user, system } = process.cpuUsage(before); // in microseconds, whatever else the machine does
  expect((user + system) / 1_000).toBeLessThan(2_000);
  expect(Buffer.byteLength(html)).toBeLessThan(1.5 * 1_024 * 1_024);
  const workMs = await workOf(page);
  await stopClock(page);
  await openReport([run]);
  await expect(page.locator('figure').first().locator('svg')).toBeVisible(); // though no time passes
  const openedMs = await workMs();
  expect(openedMs).toBeGreaterThan(0);
  expect(openedMs).toBeLessThan(1_000);
  await expect(page.locator('figure').first().locator('svg')).toBeVisible();
});

test('on paper the page is light and every chart is drawn', async ({ openReport, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openReport([sampleReport(sampleRun({ seconds: 10 }))]);
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  await expect(page.locator('.chart svg')).toHaveCount(11);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: /Theme/ })).toBeHidden();
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
});

test('addresses are listed with their share, the refusing one marked, and sorted by what is asked', async ({
  openReport,
}) => {
  const data = sampleRun({ seconds: 5 });
  const host = '<b>shop</b>.test:80';
  Object.assign(peerOf(data.network, host, '10.0.0.1'), { connections: 50, requests: 2_717, failedConnects: 0 });
  Object.assign(peerOf(data.network, host, '10.0.0.2'), { connections: 0, requests: 0, failedConnects: 12 });
  const page = await openReport([sampleReport(data)]);
  const table = page.getByRole('table', { name: 'Addresses' });
  const rows = table.locator('tbody tr');
  await expect(rows).toHaveText([/<b>shop<\/b>\.test:80.*10\.0\.0\.1.*50.*2,717.*0/, /10\.0\.0\.2.*0.*0.*12/]);
  await expect(rows.nth(1).locator('.bad')).toHaveText('12');
  await seeAll(page); // legends come with their charts, and move what is below them
  await table.getByRole('button', { name: 'Failed' }).click();
  await expect(table.getByRole('columnheader', { name: 'Failed' })).toHaveAttribute('aria-sort', 'descending');
  await expect(rows.first()).toContainText('10.0.0.2');
});

test('a run whose connections are not known has no table of addresses', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 5 }))]);
  await expect(page.locator('article')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Addresses' })).toBeHidden();
  await expect(page.getByRole('table', { name: 'Addresses' })).toHaveCount(0);
});
