/** Opens a page from its file in a real browser, and tells when what a reader looks for is there. */
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from '@playwright/test';

/** A CPU quarter as fast would measure the machine more than the page; a window as most readers have it. */
const viewport = { width: 1280, height: 900 };
const limitMs = 30_000;

export async function withBrowser<Result>(use: (browser: Browser) => Promise<Result>): Promise<Result> {
  const browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ['--no-sandbox'],
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/**
 * When each of the selectors first matches, milliseconds from the navigation. Looked for once a frame: what is drawn
 * in between is seen at the next.
 */
export async function firstSeen<Name extends string>(
  page: Page,
  url: string,
  selectors: Readonly<Record<Name, string>>,
): Promise<Record<Name, number>> {
  await page.setViewportSize(viewport);
  await page.addInitScript(watcher(selectors));
  await page.goto(url);
  const handle = await page.waitForFunction('window.firstSeen', undefined, { timeout: limitMs });
  return (await handle.jsonValue()) as Record<Name, number>;
}

/** A text, since what compiles this file puts names into functions that the page does not know. */
function watcher(selectors: Readonly<Record<string, string>>): string {
  return `(() => {
    const selectors = ${JSON.stringify(selectors)};
    const seen = {};
    const look = () => {
      for (const [name, selector] of Object.entries(selectors))
        if (seen[name] === undefined && document.querySelector(selector) !== null) seen[name] = performance.now();
      if (Object.keys(seen).length === Object.keys(selectors).length) window.firstSeen = seen;
      else requestAnimationFrame(look);
    };
    look();
  })()`;
}
