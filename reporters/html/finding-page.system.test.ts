/** Findings on the report page: where they stand, what they fold, how they are drawn and read. */
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import type { FindingChart } from '../../load/measure/finding.ts';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { seeAll, test } from '../../testing/report-page-test.ts';
import { stepsAndOne } from '../../testing/steps-and-one.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';

const chart = sampleFindingSummary().chart;
if (chart === undefined) throw new Error('the sample has a chart');

function listOf(page: Page) {
  return page.getByRole('navigation', { name: 'Findings' });
}

const atFinding = `#finding=${sampleFindingSummary().id}`;

test('a finding stands first as a sentence, its runs folded under it and not in the table', async ({ openReport }) => {
  const page = await openReport(stepsAndOne(), { findings: [sampleFindingSummary()] });
  const list = listOf(page);
  await expect(list.locator('> ol > li')).toHaveCount(1);
  await expect(list.locator('.finding-line')).toHaveText(
    /○ measured.*breaking point.*sustains 198\/s \(3 of 3\).*where it breaks/,
  );
  await expect(list.getByRole('link', { name: /ramp at 50/ })).toBeHidden();
  await expect(page.locator('tr.run-row')).toHaveText([/a load by itself/]);
  await expect(page.getByRole('banner')).toContainText('findings: 1 measured; runs:');
  await list.getByRole('link', { name: 'breaking point' }).click();
  await expect(page.locator('h2')).toHaveText('breaking point');
  await expect(list.getByRole('link', { name: 'breaking point' })).toHaveAttribute('aria-current', 'true');
  await expect(page.locator('.run-head .sentence')).toHaveText(/○ measured.*sustains 198\/s/);
});

test('a finding that is all there is stands open, its folded runs beside it', async ({ openReport }) => {
  const page = await openReport(stepsAndOne().slice(0, 4), { findings: [sampleFindingSummary()] });
  await expect(page.locator('h2')).toHaveText('breaking point');
});

test('folded runs open by a click and by a key, stay open on the way to another place, and the address says so', async ({
  openReport,
}) => {
  const page = await openReport(stepsAndOne(), { findings: [sampleFindingSummary()] });
  const list = listOf(page);
  const summary = list.getByText('4 runs', { exact: true });
  const step = list.getByRole('link', { name: /ramp at 50/ });
  await summary.click();
  await expect(step).toBeVisible();
  await expect(step).toHaveText('ramp at 50/s'); // without the words of its test
  await expect.poll(() => page.url()).toContain(`#open=runs-${sampleFindingSummary().id}`);
  await page.getByRole('link', { name: /a load by itself/ }).click();
  await expect(page.locator('h2')).toHaveText('a load by itself');
  await expect(step).toBeVisible();
  await page.reload();
  await expect(step).toBeVisible();
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(step).toBeHidden();
  await expect.poll(() => page.url()).not.toContain('open=');
  await page.keyboard.press('Space');
  await expect(step).toBeVisible();
});

test('the link past the first screen says what comes there', async ({ openReport }) => {
  const page = await openReport(stepsAndOne(), { findings: [sampleFindingSummary()], at: atFinding });
  await expect(page.locator('.skip')).toHaveText('Skip to the finding');
  await page.getByRole('link', { name: /a load by itself/ }).click();
  await expect(page.locator('.skip')).toHaveText('Skip to the run');
  const address = page.url();
  await page.locator('.skip').press('Enter');
  await expect(page.locator('article')).toBeFocused();
  expect(page.url()).toBe(address);
});

test('a run links back to its finding, and the finding to its runs', async ({ openReport }) => {
  const runs = stepsAndOne();
  const page = await openReport(runs, { findings: [sampleFindingSummary()], at: atFinding });
  await page
    .locator('article')
    .getByRole('link', { name: /bisect at 198/ })
    .click();
  await expect(page.locator('h2')).toHaveText('where it breaks › bisect at 198/s');
  expect(page.url()).toContain(`#run=${runs[2]?.summary.id}`);
  await expect(listOf(page).getByRole('link', { name: /bisect at 198/ })).toBeVisible(); // its fold is open
  await expect(page.locator('.to-finding')).toHaveText(/^Finding breaking point: ○ measured sustains 198\/s/);
  await page.locator('.to-finding').getByRole('link').click();
  await expect(page.locator('h2')).toHaveText('breaking point');
  expect(page.url()).toContain(atFinding);
  await page.getByRole('link', { name: /a load by itself/ }).click();
  await expect(page.locator('.to-finding')).toHaveCount(0);
});

test('its chart, table, figures and files', async ({ openReport }) => {
  const page = await openReport(stepsAndOne(), { findings: [sampleFindingSummary()], at: atFinding });
  const figure = page.locator('figure');
  await expect(figure.getByRole('heading')).toHaveText('Latency and answered by arrivals per second');
  await expect(figure.locator('.hint')).toHaveText('latency at the left: p50, p95; answered at the right: throughput');
  await expect(figure.locator('.legend button')).toHaveText(['p50', 'p95', 'throughput']);
  for (const words of ['SLO', 'sustains 198/s', 'fails 208/s', 'bracket', 'latency', 'answered', 'arrivals per second'])
    await expect(figure.locator('svg text').filter({ hasText: new RegExp(`^${words}$`) }), words).toHaveCount(1);
  await expect(figure.locator('.chart')).toHaveAccessibleName(
    'Latency and answered by arrivals per second: p50, p95, throughput from 50.0/s to 208/s; marked: SLO, sustains 198/s, fails 208/s; also in the table',
  );
  const table = page.getByRole('table', { name: 'Table' });
  await expect(table.getByRole('columnheader')).toHaveText(['rate', 'outcome', 'throughput', 'p95']); // nothing of errors
  await expect(table.locator('tbody tr').last()).toHaveText(/208\/s.*breaks: latency and backlog.*199\/s.*160 ms/);
  await table.getByRole('button', { name: 'p95' }).click();
  await expect(table.locator('tbody tr').first()).toContainText('208/s');
  await expect(page.locator('.facts')).toHaveText(/sustained198failed208.*usl peak241\/s.*p9587\.0 ms/);
  const file = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  };
  expect(await file('Download the table of this finding as CSV')).toEqual({
    name: 'load-breaking-point.csv',
    text: [
      'rate,outcome,throughput,p95,errors',
      '50,holds,50,,',
      '100,holds,100,40,',
      '198,holds,198,80,',
      '208,breaks: latency and backlog,199,160,',
      '',
    ].join('\r\n'),
  });
  const json = JSON.parse((await file('Download this finding as JSON')).text) as unknown;
  expect(json).toEqual(JSON.parse(JSON.stringify(sampleFindingSummary())));
});

test('the arrow keys read a place of all lines, each in its unit, with its interval', async ({ openReport }) => {
  const page = await openReport(stepsAndOne(), { findings: [sampleFindingSummary()], at: atFinding });
  await expect(page.locator('.chart svg')).toBeVisible();
  await page.locator('.chart').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('status')).toHaveText(
    '100/s: p50 20.0 ms, p95 40.0 ms (36.0 ms to 50.0 ms), throughput 100/s',
  );
});

test('lines with points at different places are read place by place', async ({ openReport }) => {
  const lines: FindingChart['lines'] = [
    {
      name: 'before',
      axis: 'left',
      style: 'line',
      points: [
        [1, 10],
        [3, 30],
      ],
    },
    { name: 'after', axis: 'left', style: 'points', points: [[2, 20]] },
  ];
  const { right, ...rest } = chart;
  expect(right).toBeDefined();
  const page = await openReport([], { findings: [sampleFindingSummary({ runs: [], chart: { ...rest, lines } })] });
  await expect(page.locator('.chart svg')).toBeVisible();
  await page.locator('.chart').focus();
  const said: string[] = [];
  for (let at = 0; at < 3; at++) {
    await page.keyboard.press('ArrowRight');
    said.push((await page.getByRole('status').textContent()) ?? '');
  }
  expect(said).toEqual(['1.00/s: before 10.0 ms', '2.00/s: after 20.0 ms', '3.00/s: before 30.0 ms']);
});

test('a line is put away with its intervals, and brought back', async ({ openReport }) => {
  const page = await openReport(stepsAndOne(), { findings: [sampleFindingSummary()], at: atFinding });
  const dark = page.locator('.chart svg path[stroke="#0c2f5c"]');
  await expect(page.locator('.chart svg')).toBeVisible();
  const drawn = await dark.count();
  expect(drawn).toBeGreaterThanOrEqual(12); // three strokes of each of four intervals
  const entry = page.getByRole('button', { name: 'p95', exact: true }).first();
  await page.locator('.legend').getByRole('button', { name: 'p95' }).click();
  await expect(dark).toHaveCount(0);
  await page.locator('.legend').getByRole('button', { name: 'p95' }).click();
  await expect(dark).toHaveCount(drawn);
  await expect(entry).toBeVisible();
});

const line = (points: FindingChart['lines'][number]['points'], style: 'line' | 'points' | 'bars' = 'line') => ({
  ...chart,
  marks: [],
  spans: [],
  lines: [{ name: 'one', axis: 'left' as const, style, points }],
});
const small = [
  { what: 'no line', chart: { ...chart, lines: [] }, drawn: false },
  { what: 'lines without points', chart: line([]), drawn: false },
  { what: 'one point', chart: line([[5, 5]]), drawn: true },
  { what: 'one bar', chart: line([[5, 5]], 'bars'), drawn: true },
  {
    what: 'zeros alone',
    chart: line([
      [0, 0],
      [1, 0],
    ]),
    drawn: true,
  },
  {
    what: 'one value throughout',
    chart: line([
      [1, 7],
      [2, 7],
      [3, 7],
    ]),
    drawn: true,
  },
  {
    what: 'values below zero',
    chart: line([
      [-2, -5],
      [0, 0],
      [2, 5],
    ]),
    drawn: true,
  },
  {
    what: 'a log axis with a place at 0',
    chart: {
      ...line([
        [0, 1],
        [1, 1],
        [1_000, 2],
      ]),
      x: { ...chart.x, log: true as const },
    },
    drawn: true,
  },
  {
    what: 'a right axis that nothing stands on',
    chart: { ...line([[1, 1]]), right: { name: 'other', unit: 'mb' as const } },
    drawn: true,
  },
  {
    what: '1,000 points',
    chart: line(Array.from({ length: 1_000 }, (_, at) => [at, Math.sin(at)] as const)),
    drawn: true,
  },
  {
    what: 'numbers that came as none',
    chart: JSON.parse(
      JSON.stringify(
        line([
          [1, Number.NaN],
          [2, 3],
        ]),
      ),
    ) as FindingChart,
    drawn: true,
  },
];
for (const { what, chart: given, drawn } of small) {
  test(`a chart with ${what} is ${drawn ? 'drawn' : 'said to be empty'}`, async ({ openReport }) => {
    const page = await openReport([], { findings: [sampleFindingSummary({ runs: [], chart: given })] });
    const surface = page.locator('.chart');
    if (drawn) await expect(surface.locator('svg path').first()).toBeAttached();
    else await expect(surface).toHaveText('Nothing was measured.');
    expect(await page.evaluate<string>("document.querySelector('main').outerHTML")).not.toMatch(
      /NaN|Infinity|undefined|null/,
    );
  });
}

test('a finding without chart, table, figures and runs is a sentence', async ({ openReport }) => {
  const {
    table,
    chart: drawn,
    folds,
    ...bare
  } = sampleFindingSummary({ figures: {}, runs: [], verdict: 'inconclusive' });
  expect([table, drawn, folds]).not.toContain(undefined);
  const page = await openReport([], { findings: [bare] });
  await expect(page.locator('.run-head .sentence')).toHaveText(/≟ inconclusive/);
  await expect(page.locator('article h3')).toHaveCount(0);
  await expect(page.locator('tr.run-row')).toHaveCount(0);
});

test('a run that ended badly is no longer folded', async ({ openReport }) => {
  const [first, ...rest] = stepsAndOne();
  if (first === undefined) throw new Error('there is a first');
  const judgement = { ...first.judgement, verdict: 'incomplete' as const, reason: 'cut short' };
  const bad = { ...first, judgement, summary: { ...first.summary, verdict: 'incomplete' as const } };
  const page = await openReport([bad, ...rest.slice(0, 3)], { findings: [sampleFindingSummary()] });
  await expect(page.locator('tr.run-row')).toHaveText([/where it breaks › ramp at 50\/s.*cut short/]);
});

test('bad findings come first', async ({ openReport }) => {
  const findings = [
    sampleFindingSummary({ name: 'green', verdict: 'passed' }),
    sampleFindingSummary({ name: 'unclear', verdict: 'inconclusive' }),
    sampleFindingSummary({ name: 'red', verdict: 'failed' }),
    sampleFindingSummary({ name: 'void', verdict: 'invalid' }),
  ];
  const page = await openReport(stepsAndOne(), { findings });
  await expect(listOf(page).locator('.finding-line a')).toHaveText([/of red$/, /of void$/, /of unclear$/, /of green$/]);
});

test('long names in the table are cut in their middle, and whole in their tooltip', async ({ openReport }) => {
  const data = sampleRun({ seconds: 2, warmUpSeconds: 0, extras: false });
  const name = `begins alike ${'and goes on '.repeat(20)}`;
  const page = await openReport(['one', 'two'].map((end) => sampleReport(data, ['a.spec.ts', `${name}${end}`])));
  const titles = page.locator('tr.run-row a');
  await expect(titles).toHaveText([/^begins alike and goes on.*….*and goes on one$/, /….*and goes on two$/]);
  expect((await titles.first().textContent())?.length).toBeLessThanOrEqual(110);
  await expect(titles.first()).toHaveAttribute('title', `${name}one`);
  await titles.first().click();
  await expect(page.locator('h2')).toHaveText(`${name}one`);
});

const hostile = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '{a} {b} {c} ${7*7}',
  'שלום עולם \u202Eevil',
  '__proto__',
  'x'.repeat(10_000),
];
for (const words of hostile) {
  test(`inert wherever a finding can carry it: ${JSON.stringify(words).slice(0, 40)}`, async ({ openReport }) => {
    const named = { name: words, unit: 'ms' as const };
    const finding = sampleFindingSummary({
      name: words,
      sentence: words,
      title: ['a.spec.ts', words],
      tags: [words],
      project: words,
      figures: Object.fromEntries<string | number>([
        [words, words],
        ['plain', 1],
      ]),
      table: {
        columns: [
          { name: words, unit: 'text' },
          { name: 'b', unit: 'ms' },
        ],
        rows: [
          Object.fromEntries([
            [words, words],
            ['b', 2],
          ]),
        ],
      },
      chart: {
        x: named,
        left: named,
        right: named,
        lines: [
          {
            name: words,
            axis: 'left',
            style: 'line',
            points: [
              [1, 1],
              [2, 2],
            ],
          },
          { name: words, axis: 'right', style: 'points', points: [[1, 1, 0, 2]] },
        ],
        marks: [
          { on: 'x', at: 1, name: words },
          { on: 'left', at: 1, name: words },
        ],
        spans: [{ from: 1, to: 2, name: words }],
      },
    });
    const page = await openReport(stepsAndOne(), { findings: [finding, finding], at: `#finding=${finding.id}` });
    await seeAll(page);
    await page.locator('.chart').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('h2').textContent()).toBe(`breaking point of ${words}`);
    await expect(page.locator('.legend button')).toHaveText([words, `${words} (2)`]);
    await expect(page.locator('body img, body script:not(#playload-data):not(:last-of-type)')).toHaveCount(0);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1_280);
    await page.setViewportSize({ width: 390, height: 900 });
    const width = async () => page.evaluate<number>('document.documentElement.scrollWidth');
    await expect.poll(width).toBeLessThanOrEqual(390); // the chart is drawn anew a little later, and its tip is gone
  });
}
