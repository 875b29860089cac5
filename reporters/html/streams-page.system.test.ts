/** Streams, sockets, server timing and a page beside the load, as the report page shows them in a real browser. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { extrasRun, probeName } from '../../testing/extras-run.ts';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { overlapsOnPage, seeAll, test } from '../../testing/report-page-test.ts';

const minute = sampleReport(extrasRun({ warmUpSeconds: 0 }), ['load.spec.ts', 'answers come as a stream']);

const pageTitle = `Page: ${probeName}`;
/** In the order in which they stand. */
const titles = [
  'Events and tokens per second',
  'First event',
  'Gap',
  'Messages per second',
  'Open sockets',
  pageTitle,
  'Distribution of first event',
  'Distribution of gap',
];

function figure(page: Page, title: string): Locator {
  return page.locator('figure').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
}

const chartOf = (page: Page, title: string) => figure(page, title).locator('.chart');
const label = (chart: Locator, text: string) => chart.locator('svg text').filter({ hasText: new RegExp(`^${text}$`) });
const table = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** What stands in a row, by the head of its column. */
async function cells(row: Locator): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {};
  for (const cell of await row.locator('td').all())
    found[(await cell.getAttribute('data-head')) ?? ''] = await cell.textContent();
  return found;
}

/** From one share of the plot to another; `left` is what stands before it, in pixels. */
async function drag(page: Page, chart: Locator, from: number, to: number, left = 64): Promise<void> {
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has a place');
  const at = (share: number) => box.x + left + share * (box.width - left - 20);
  await page.mouse.move(at(from), box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(at((from + to) / 2), box.y + box.height / 2, { steps: 4 });
  await page.mouse.move(at(to), box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
}

test('each chart is drawn, in its order, with no figure that is none', async ({ openReport }) => {
  const page = await openReport([minute]);
  await seeAll(page);
  const shown = await page.locator('figure:visible h3').allTextContents();
  expect(shown.filter((title) => titles.includes(title))).toEqual(titles);
  for (const title of titles) expect(await figure(page, title).locator('svg path').count(), title).toBeGreaterThan(3);
  expect(await page.evaluate<string>("document.querySelector('main').outerHTML")).not.toMatch(/NaN|Infinity|undefined/);
});

for (const [title, left] of [
  ['Gap', 64],
  [pageTitle, 64 + 110 + 14],
] as const)
  test(`dragging over "${title}" shows that stretch in all charts of the run`, async ({ openReport }) => {
    const page = await openReport([minute]);
    await seeAll(page);
    await drag(page, chartOf(page, title), 0.5, 0.6, left); // 30 s to 36 s
    for (const other of ['Latency', ...titles.slice(0, 6)]) {
      await expect(label(chartOf(page, other), '33s'), other).toHaveCount(1);
      await expect(label(chartOf(page, other), '50s'), other).toHaveCount(0);
    }
    await chartOf(page, title).press('Escape');
    await expect(label(chartOf(page, 'Latency'), '50s')).toHaveCount(1);
  });

test('a cursor over one chart stands in all, with the count behind each figure', async ({ openReport }) => {
  const page = await openReport([minute]);
  await seeAll(page);
  const chart = chartOf(page, 'Events and tokens per second');
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has a place');
  await page.mouse.move(box.x + 64 + (box.width - 84) * 0.34, box.y + box.height / 2);
  await expect(chart.locator('.tip')).toContainText(/events[\d.]+\/s \(\d+\).*tokens[\d.]+\/s \(\d+\)/);
  await expect(chartOf(page, 'First event').locator('.tip')).toContainText(/p50~?[\d.]+ ms.*of\d+ streams/);
  await expect(chartOf(page, 'Gap').locator('.tip')).toContainText(/p99~?[\d.]+ m?s.*of\d+ gaps/);
  await expect(chartOf(page, 'Messages per second').locator('.tip')).toContainText(/received\d+\/s.*sent\d+\/s/);
  await expect(chartOf(page, 'Open sockets').locator('.tip')).toContainText(/open50/);
  await expect(chartOf(page, 'CPU').locator('.tip')).toContainText(/^2\ds.*\d %/);
  await expect(chartOf(page, pageTitle).locator('.tip')).toContainText(/^20s.*LCP\d+ ms.*control page[\d.]+ ms/);
});

test('arrow keys read a page round by round: the idle ones, then those under load, and one that failed', async ({
  openReport,
}) => {
  const page = await openReport([minute]);
  const chart = chartOf(page, pageTitle);
  await chart.scrollIntoViewIfNeeded();
  await expect(chart.locator('svg')).toBeVisible();
  await chart.focus();
  const said = page.locator('.unseen[role=status]');
  const expected = [/^idle round 1: LCP 4\d\d ms/, /^idle round 2: /, /^idle round 3: /, /^0: LCP 7\d\d ms/, /^5s: /];
  for (const words of [...expected, /^10s: failed round ✗, control page/]) {
    await page.keyboard.press('ArrowRight');
    await expect(said).toHaveText(words);
  }
});

test('the tables say what the summary says', async ({ openReport }) => {
  const page = await openReport([minute]);
  const { stream } = minute.summary.endpoints.find(({ name }) => name.startsWith('POST')) ?? {};
  const row = table(page, 'Streams').locator('tbody tr').filter({ hasText: 'POST /v1/chat/completions' });
  expect(await cells(row)).toMatchObject({
    Streams: '600',
    Events: stream?.events.toLocaleString('en-US'),
    'Per stream': '4 to 11',
    Cut: String(stream?.cut),
    Stalled: String(stream?.stalled),
    Empty: '0',
    Reconnects: String(stream?.reconnects),
    'First p50': `${Math.round(stream?.firstEventMs?.p50 ?? 0)} ms`,
    'Gap p50': expect.stringMatching(/^\d\d\.\d ms$/),
    'Duration p99': expect.stringMatching(/^~1\.\d\d s$/),
  });
  await expect(table(page, 'Streams').getByRole('columnheader', { name: /Left|Pauses/ })).toHaveCount(0);
  expect(await cells(table(page, 'Tokens').locator('tbody tr'))).toMatchObject({
    Tokens: stream?.tokens?.count.toLocaleString('en-US'),
    'TTFT p50': `${Math.round(stream?.tokens?.timeToFirstTokenMs?.p50 ?? 0)} ms`,
    'ITL p50': expect.stringMatching(/^\d\d\.\d ms$/),
    'TPOT p50': expect.stringMatching(/^\d\d\.\d ms$/),
    'Tokens/s': expect.stringMatching(/^\d+\/s$/),
  });
  expect(await cells(table(page, 'Sockets').locator('tbody tr'))).toMatchObject({
    Opened: '50',
    Abnormal: '2',
    Closes: '48 × 1000, 2 × 1006',
    'Open p50': expect.stringMatching(/^5\d\.\d s$/),
  });
});

test('a page says idle, under load and added; failed rounds are named', async ({ openReport }) => {
  const page = await openReport([minute]);
  const part = page.getByRole('region', { name: pageTitle.replace(':', ''), exact: true });
  await expect(part.locator('.hint').last()).toHaveText(
    /^Rounds: 3 idle, 12 \(1 failed\) under load\. The control page was \d\.\d+ % slower under load\.$/,
  );
  const [added, row] = [minute.summary.probes?.[0]?.added, table(page, `Figures of page ${probeName}`)];
  const lcp = await cells(row.locator('tbody tr').first());
  expect(lcp).toMatchObject({ Metric: 'LCP', Added: `+${Math.round(added?.lcp ?? 0)} ms` });
  expect((await cells(row.locator('tbody tr').last()))['Added']).toMatch(/^\+\d+ ms$/);
  await expect(part.getByRole('listitem')).toHaveText(['Failed round at 10s: page crashed after add to cart']);
});

test('a control page that the load slowed down says that the probe is invalid', async ({ openReport }) => {
  const run = extrasRun({ seconds: 10 });
  for (const [at, round] of run.probes.get(probeName)?.rounds.entries() ?? [])
    run.probes.get(probeName)?.rounds.splice(at, 1, { ...round, controlMs: round.phase === 'load' ? 130 : 100 });
  const page = await openReport([sampleReport(run)]);
  await expect(page.locator('.probe > .bad')).toContainText(
    'was 30.0 % slower under load: beyond 20.0 % the probe is invalid',
  );
});

test('what the server says of its time stands with the phases of its endpoint', async ({ openReport }) => {
  const page = await openReport([minute]);
  await page.getByRole('button', { name: 'Details of GET /api/v1/health' }).click();
  const facts = page.locator('.detail .facts');
  await expect(facts.locator('dt')).toContainText(['Mean waiting', 'Server: db', 'Server: cache add to cart']);
  await expect(facts).toContainText(/Server: dbp50 [\d.]+ ms, p95 [\d.]+ ms, p99 [\d.]+ ms/);
});

test('an endpoint has its streams, sockets and server timing of every run', async ({ openReport }) => {
  const page = await openReport([minute, sampleReport(extrasRun({ seconds: 10 }), ['load.spec.ts', 'shorter'])], {
    at: '#endpoint=POST%20/v1/chat/completions',
  });
  for (const name of ['Streams', 'Tokens'])
    await expect(table(page, name).locator('tbody tr')).toContainText(['answers come as a stream', 'shorter']);
  await expect(table(page, 'Sockets')).toHaveCount(0);
  await page.goto(page.url().replace(/#.*/, '#endpoint=GET%20/api/v1/health'));
  await expect(table(page, 'Server timing').locator('tbody tr')).toHaveCount(4);
  await expect(table(page, 'Server timing').locator('tbody tr').first()).toContainText(/db1,500[\d.]+ ms/);
});

test('a run of streams alone says streams a second', async ({ openReport }) => {
  const data = extrasRun({ seconds: 10, endpoints: ['GET /events'] });
  for (const name of [...data.endpoints.keys()]) if (name !== 'GET /events') data.endpoints.delete(name);
  const page = await openReport([sampleReport(data), minute]);
  const rate = page.locator('tr.run-row td[data-head="Rate"]');
  await expect(rate).toHaveText([/^[\d.]+ streams\/s$/, /^[\d.]+\/s$/]);
});

test('a run without any of it has nothing of it', async ({ openReport }) => {
  const page = await openReport([sampleReport(sampleRun({ seconds: 10 }))]);
  await seeAll(page);
  const shown = await page.locator('figure:visible h3').allTextContents();
  expect(shown.filter((title) => titles.includes(title) || title.startsWith('Events'))).toEqual([]);
  for (const name of ['Streams', 'Tokens', 'Sockets', 'Pages beside the load'])
    await expect(page.locator('summary').filter({ hasText: name })).toHaveCount(0);
  const embedded = await page.locator('#playload-data').textContent();
  expect(embedded).not.toMatch(/"(?:streams?|sockets?|probes|serverTimingMs)"/);
});

for (const words of [
  '"><img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  'x'.repeat(5_000),
  '\u202eoops',
])
  test(`names of metrics and actions are only shown: ${words.slice(0, 30)}`, async ({ openReport, page }) => {
    await page.setViewportSize({ width: 390, height: 900 });
    await openReport([sampleReport(extrasRun({ seconds: 10, words }))]);
    await seeAll(page);
    await page.getByRole('button', { name: 'Details of GET /api/v1/health' }).click();
    await expect(page.locator('img, main script, [onerror]')).toHaveCount(0);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

for (const [scheme, width] of [
  ['light', 1_280],
  ['dark', 1_280],
  ['light', 390],
  ['dark', 390],
] as const)
  test(`${scheme}, ${width} pixels wide: nothing sticks out or overlaps, and axe finds nothing serious`, async ({
    openReport,
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await openReport([minute]);
    await seeAll(page);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.evaluate<string[]>(overlapsOnPage)).toEqual([]);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  });

test('on paper every chart is drawn and fits', async ({ openReport, page }) => {
  await openReport([minute]);
  await seeAll(page);
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 703, height: 900 });
  for (const title of titles) await expect(chartOf(page, title).locator('svg'), title).toBeVisible();
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(703);
});
