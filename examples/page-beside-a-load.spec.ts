/**
 * A page beside a load: what a visitor in a browser feels while the shop is asked for its products by many others. `probe`
 * visits the shop before the load and while it runs; the limits say how slow it may be, and how much slower than before.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { chromium, type LaunchOptions } from '@playwright/test';
import packedChromium from '@sparticuz/chromium';
import { arrivals, expect, test as base } from 'playload';

const page = `<!doctype html><title>shop</title><link rel="icon" href="data:,">
<body><h1>Shop</h1><ul></ul><button>add to cart</button><output></output><script>
  const list = document.querySelector('ul');
  fetch('/products').then((answer) => answer.json()).then((products) => {
    list.innerHTML = products.map((name) => '<li style="font-size: 40px">' + name + '</li>').join('');
  });
  document.querySelector('button').onclick = async () => {
    const { count } = await (await fetch('/cart', { method: 'POST' })).json();
    document.querySelector('output').textContent = count + ' in the cart';
  };
</script></body>`;

const test = base.extend<{ shop: string }, { launchOptions: LaunchOptions }>({
  // Your project needs no such thing: `npx playwright install chromium`. Here the browser may come from npm.
  launchOptions: [
    async ({}, use) => {
      const isInstalled = existsSync(chromium.executablePath());
      await use(isInstalled ? {} : { executablePath: await packedChromium.executablePath(), args: ['--no-sandbox'] });
    },
    { scope: 'worker' },
  ],
  shop: async ({}, use) => {
    let count = 0;
    const server = createServer((request, response) => {
      if (request.url === '/') response.setHeader('content-type', 'text/html').end(page);
      else if (request.url === '/products') setTimeout(() => response.end('["tea", "coffee", "cocoa"]'), 10);
      else response.end(JSON.stringify({ count: (count += 1) }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.closeAllConnections();
    server.close();
  },
});

test('a visitor feels nothing of fifty others a second', async ({ load, probe, page: tab, shop }) => {
  const ux = await probe(
    tab,
    async ({ action }) => {
      await tab.goto(shop);
      await tab.getByRole('listitem').first().waitFor();
      await action('add to cart', async () => {
        const answer = tab.waitForResponse('**/cart');
        await tab.getByRole('button').click();
        await answer;
      });
    },
    { name: 'shop', every: '2s' },
  );
  const run = await load(arrivals('50/s').for('10s'), ({ request }) => request.get(`${shop}/products`));
  expect(run).toMeet({ successRate: '100%', p95: '< 200ms' });
  expect(ux).toMeet({
    lcp: { p75: '< 2.5s' }, // good by web.dev/vitals
    cls: { p75: '< 0.1' },
    actions: { 'add to cart': { p95: '< 1s' } },
    added: { lcp: '< 200ms', actions: { 'add to cart': '< 200ms' } },
  });
});
