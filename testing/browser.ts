/**
 * A browser for the tests of the page, without a download: Playwright's own Chromium where it is installed, else the
 * one from the npm package `@sparticuz/chromium`, else the system's.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type LaunchOptions } from '@playwright/test';
import { oneAtATime } from './one-at-a-time.ts';

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell', '/usr/bin/google-chrome'];

/** Unpacked by whoever is the first to ask for it: it is there, by its name, long before it is whole. */
async function packedChromium(): Promise<string> {
  return oneAtATime(join(tmpdir(), 'playload-chromium.lock'), async () => sparticuz.executablePath());
}

/** For a Playwright configuration: how its `chromium` starts here. Nothing where Playwright's own is installed. */
export async function testLaunchOptions(): Promise<LaunchOptions> {
  if (existsSync(chromium.executablePath())) return {};
  return { executablePath: await packedChromium(), args: ['--no-sandbox'] };
}

/**
 * Throws with all three reasons when there is none: a test that needs a browser is never skipped in silence.
 *
 * @param args for the browser's command line
 */
export async function launchTestBrowser(args: readonly string[] = []): Promise<Browser> {
  const reasons: string[] = [];
  if (existsSync(chromium.executablePath())) return chromium.launch({ args: [...args] });
  reasons.push("Playwright's own is not installed (`npx playwright install chromium`)");
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      return await chromium.launch({
        executablePath: await packedChromium(),
        args: ['--no-sandbox', ...args],
      });
    } catch (error) {
      reasons.push(
        `the one of @sparticuz/chromium did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  const system = systemPaths.find(existsSync);
  if (system !== undefined) return chromium.launch({ executablePath: system, args: ['--no-sandbox', ...args] });
  reasons.push(`none at ${systemPaths.join(', ')}`);
  throw new Error(`no browser to test the page with: ${reasons.join('; ')}`);
}
