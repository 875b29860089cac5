/**
 * For pages beside a load: a small shop that answers its page's data 300 ms later while it is under load. `/item` is
 * what a load asks for, and being asked for it is being under load.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const addedMs = 300;
/** Of the data of the page, by itself. */
const dataMs = 20;
/** How long it is under load after each request of it. */
const lastingMs = 400;

const page = `<!doctype html><html><head><title>shop</title><link rel="icon" href="data:,"><script>
  new PerformanceObserver((list) => { for (const { startTime } of list.getEntries()) window.ownLcp = startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
</script></head><body><p>small</p><main></main><button id="add">add</button><output></output><script>
  const shown = fetch('/data').then(async (answer) => {
    const text = await answer.text();
    document.querySelector('main').innerHTML = '<h1 style="font-size:80px">' + text + '</h1>';
  });
  document.querySelector('#add').onclick = async () => {
    document.querySelector('output').textContent = '';
    document.querySelector('output').textContent = await (await fetch('/data')).text();
  };
</script></body></html>`;

export async function slowUnderLoad(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  let askedAtMs = -Infinity;
  const server: Server = createServer((request, response) => {
    switch (request.url) {
      case '/':
        response.setHeader('content-type', 'text/html');
        response.end(page);
        return;
      case '/data': {
        const isUnderLoad = performance.now() - askedAtMs < lastingMs;
        setTimeout(() => response.end('everything must go'), isUnderLoad ? dataMs + addedMs : dataMs);
        return;
      }
      case '/hang':
        return; // it never answers
      default:
        askedAtMs = performance.now();
        response.end('{}');
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
