/** A probe beside a light load of a server that is slower under load by so many milliseconds, with the page's own LCP of each round. */
import { slowUnderLoad } from '../../testing/slow-under-load.ts';
import { arrivals, test as base } from '../../load/index.ts';
import { withBrowser } from '../children/browser.ts';
import { pages } from './jobs.ts';

const ownLcp = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.ownLcp), 100)))`;
const isInCart = `document.querySelector('output').textContent !== ''`;

base('a page beside a load', async ({ load, probe }) => {
  const { seconds } = pages.ask();
  const shop = await slowUnderLoad();
  try {
    await withBrowser(async (browser) => {
      const page = await browser.newPage();
      const own: number[] = [];
      const ux = await probe(
        page,
        async ({ action }) => {
          await page.goto(shop.url);
          await page.waitForSelector('h1');
          own.push(await page.evaluate<number>(ownLcp));
          await action('add to cart', async () => {
            await page.click('#add');
            await page.waitForFunction(isInCart);
          });
        },
        { every: '1s', idle: 9 },
      );
      await load(arrivals('10/s').for(`${seconds}s`), ({ request }) => request.get(`${shop.url}/item`), {
        unjudged: true,
        whenSaturated: 'warn',
      });
      const { added, controlSlowdown = Number.NaN, load: under, rounds } = ux.summary;
      pages.answer({
        addedLcpMs: added.lcp ?? Number.NaN,
        addedActionMs: added.actions['add to cart'] ?? Number.NaN,
        // The first round warms the caches and is told by nobody.
        lcpOffMs: Math.max(...rounds.map(({ vitals }, at) => Math.abs((vitals.lcp ?? NaN) - (own[at + 1] ?? NaN)))),
        slowdown: controlSlowdown,
        rounds: under.rounds,
      });
    });
  } finally {
    await shop.close();
  }
});
