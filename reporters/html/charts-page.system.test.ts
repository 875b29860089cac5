import { expect, type Locator, type Page } from '@playwright/test';
import type { RunEvent } from '../../load/measure/summary.ts';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { recordRun, reportedRun } from '../../testing/recorded-run.ts';
import { overlapsOnPage, seeAll, test } from '../../testing/report-page-test.ts';

function figure(page: Page, title: string): Locator {
  return page.locator('figure').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
}

async function boxOf(chart: Locator) {
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has a place');
  return box;
}

/** From one share of the width of the plot to another. */
async function drag(page: Page, chart: Locator, from: number, to: number): Promise<void> {
  const { x, y, width, height } = await boxOf(chart);
  const at = (share: number) => x + 64 + share * (width - 84);
  await page.mouse.move(at(from), y + height / 2);
  await page.mouse.down();
  await page.mouse.move(at((from + to) / 2), y + height / 2, { steps: 4 });
  await page.mouse.move(at(to), y + height / 2, { steps: 4 });
  await page.mouse.up();
}

const label = (chart: Locator, text: string) => chart.locator('svg text').filter({ hasText: new RegExp(`^${text}$`) });
const minute = () => sampleReport(sampleRun({ seconds: 60, warmUpSeconds: 0 }));

test('dragging over any chart shows that stretch in all of them, and three ways lead back', async ({ openReport }) => {
  const page = await openReport([minute()]);
  await seeAll(page);
  const [latency, cpu, rate] = ['Latency', 'CPU', 'Requests per second'].map((title) =>
    figure(page, title).locator('.chart'),
  ) as [Locator, Locator, Locator];
  const whole = page.getByRole('button', { name: 'Whole run' });
  const ways = [
    async () => whole.click(),
    async () => cpu.press('Escape'),
    async () => {
      const { x, y, width, height } = await boxOf(cpu);
      await page.mouse.dblclick(x + width / 2, y + height / 2);
    },
  ];
  await expect(whole).toBeHidden();
  for (const back of ways) {
    await drag(page, cpu, 0.5, 0.6); // 30 s to 36 s
    for (const chart of [latency, cpu, rate]) {
      await expect(label(chart, '33s')).toHaveCount(1);
      await expect(label(chart, '50s')).toHaveCount(0);
    }
    await back();
    for (const chart of [latency, cpu, rate]) {
      await expect(label(chart, '50s')).toHaveCount(1);
      await expect(label(chart, '33s')).toHaveCount(0);
    }
  }
  await expect(page.locator('.veil')).toHaveCount(0);
});

test('keys look closer, move and lead back', async ({ openReport }) => {
  const page = await openReport([minute()]);
  const latency = figure(page, 'Latency').locator('.chart');
  await expect(latency.locator('svg')).toBeVisible();
  await latency.focus();
  for (const key of ['+', '+', '+']) await page.keyboard.press(key); // 26.25 s to 33.75 s
  await expect(label(latency, '30s')).toHaveCount(1);
  await expect(label(latency, '10s')).toHaveCount(0);
  for (let times = 0; times < 4; times++) await page.keyboard.press('Shift+ArrowRight');
  await expect(label(latency, '36s')).toHaveCount(1);
  await page.keyboard.press('-');
  await page.keyboard.press('Escape');
  await expect(label(latency, '10s')).toHaveCount(1);
});

test('a cursor over one chart stands in all, with the count behind each figure', async ({ openReport }) => {
  const page = await openReport([minute()]);
  await seeAll(page);
  const latency = figure(page, 'Latency').locator('.chart');
  const { x, y, width, height } = await boxOf(latency);
  await page.mouse.move(x + 64 + (width - 84) * 0.3, y + height / 2);
  await expect(figure(page, 'Latency').locator('.tip')).toContainText(/p95~?[\d.]+ ms.*of80 requests/);
  await expect(figure(page, 'Requests per second').locator('.tip')).toContainText(
    /requests completed[\d.]+\/s \(\d+\)/,
  );
  await expect(figure(page, 'CPU').locator('.tip')).toContainText(/\d %/);
});

test('what happened stands over the charts, and leads to its stretch of them', async ({ openReport }) => {
  const run = minute();
  const events: RunEvent[] = [
    { kind: 'errors', fromMs: 36_000, toMs: 42_000, sentence: '39 × HTTP 503 on <b>GET /</b>, from 0:36 to 0:42' },
    { kind: 'cpu', fromMs: 50_000, sentence: "the server's CPU was 100 %" },
  ];
  const page = await openReport([{ ...run, summary: { ...run.summary, events } }]);
  const list = page.locator('ol.events');
  await expect(list.getByRole('listitem')).toHaveText([
    /^10:36–0:4239 × HTTP 503 on <b>GET \/<\/b>$/,
    /^20:50the server's CPU was 100\s%$/,
  ]);
  const latency = figure(page, 'Latency').locator('.chart');
  await expect(label(latency, '1')).toHaveCount(1);
  await list.getByRole('button', { name: '1', exact: true }).click();
  await expect(label(latency, '38s')).toHaveCount(1); // 33 s to 45 s
  await expect(label(latency, '10s')).toHaveCount(0);
});

test('a run of 60 ms has a course; what it has no data for is not there, and said once', async ({ openReport }) => {
  const data = recordRun({
    segment: { durationMs: 60 },
    requests: Array.from({ length: 100 }, (_, n) => ({ path: '/', ms: 5, atMs: Math.floor(n / 10) * 5.5 })),
  });
  const page = await openReport([reportedRun(data)]);
  await seeAll(page);
  await expect(label(figure(page, 'Latency').locator('.chart'), '40ms')).toHaveCount(1);
  await expect(page.locator('figure:visible h3')).toHaveText([
    'Latency',
    'Requests per second',
    'Requests in flight',
    'Distribution of latency',
    'Heat map of latency',
    'Where the time goes',
  ]);
  await expect(page.locator('article')).toContainText('No request failed. Every answer was 200.');
  await expect(page.locator('.chart:visible:not(:has(svg path))')).toHaveCount(0);
});

test('a run that was over at once has no frame with a dot in it', async ({ openReport }) => {
  const page = await openReport([
    reportedRun(recordRun({ segment: { durationMs: 5 }, requests: [{ path: '/', ms: 3 }] })),
  ]);
  await expect(page.locator('figure:visible h3')).toHaveText(['Distribution of latency', 'Where the time goes']);
  await expect(page.locator('article')).toContainText('Nothing is drawn over time: the run was over at once.');
});

test('the stages of a ramp stand over the latency', async ({ openReport }) => {
  const data = sampleRun({ seconds: 60, warmUpSeconds: 0 });
  const stages = [
    { fromMs: 0, toMs: 30_000, words: '0 to 80/s' },
    { fromMs: 30_000, toMs: 60_000, words: '80/s' },
  ];
  const page = await openReport([sampleReport({ ...data, plan: { ...data.plan, stages } })]);
  const latency = figure(page, 'Latency').locator('.chart');
  await expect(label(latency, '0 to 80/s')).toHaveCount(1);
  await expect(label(latency, '80/s')).toHaveCount(1);
});

for (const width of [390, 1_280]) {
  test(`at ${width} pixels no two labels of a chart write over each other`, async ({ openReport, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await openReport([minute()]);
    await seeAll(page);
    const overlaps = await page.evaluate<string[]>(overlapsOnPage);
    expect(overlaps).toEqual([]);
  });
}

test('printed, a legend has its colours', async ({ openReport, page }) => {
  await openReport([minute()]);
  await expect(page.locator('.legend i').first()).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.legend i').first()).toHaveCSS('print-color-adjust', 'exact');
});
